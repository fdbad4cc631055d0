// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A few threads for work that takes tens of milliseconds and may block. A thread is started when there is work and no
/// idle one, and ends when there is none left, so an idle server has none, and nothing needs to be stopped.
final class WorkerPool: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        /// Jobs before this index are taken.
        var head = 0
        var threads = 0
    }

    private let threadsMax: Int
    private let niceness: Int32
    private let state = Mutex(State())

    /// `niceness` 1...19 lets other threads of the process go first (Linux counts it by thread).
    init(threadsMax: Int, niceness: Int32 = 0) {
        self.threadsMax = max(threadsMax, 1)
        self.niceness = niceness
    }

    /// Queues a job; jobs start in this order. The caller bounds how many. False = the system gives us no thread and the
    /// job will not run.
    func submit(_ job: @escaping Job) -> Bool {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.threads < threadsMax else { return false }
            state.threads += 1
            return true
        }
        guard needsThread, !startThread() else { return true }
        return state.withLock { state in
            state.threads -= 1
            // Another thread will come to it, or nobody will.
            guard state.threads == 0, state.head < state.jobs.count else { return true }
            state.jobs.removeLast()
            return false
        }
    }

    private func startThread() -> Bool {
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<WorkerPool>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        guard result == 0 else {
            unsafe Unmanaged<WorkerPool>.fromOpaque(context).release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        if niceness > 0 { _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness) }
        while let job = next() { job() }
    }

    /// The next job; nil ends the thread.
    private func next() -> Job? {
        state.withLock { state in
            guard state.head < state.jobs.count else {
                state.jobs = []
                state.head = 0
                state.threads -= 1
                return nil
            }
            let job = state.jobs[state.head]
            state.jobs[state.head] = {}
            state.head += 1
            if state.head > 64, state.head * 2 > state.jobs.count {
                state.jobs.removeFirst(state.head)
                state.head = 0
            }
            return job
        }
    }
}
