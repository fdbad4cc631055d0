// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A bounded pool of threads for statements, because reads block and neither an event loop nor Swift's own pool may.
final class QueryThreads: Sendable {
    private struct State: ~Copyable {
        var waiting: [@Sendable () -> Void] = []
        var firstWaiting = 0
        var isClosed = false
        var threads: [pthread_t] = []

        var waitingCount: Int { waiting.count - firstWaiting }

        mutating func take() -> (@Sendable () -> Void)? {
            guard firstWaiting < waiting.count else { return nil }
            let job = waiting[firstWaiting]
            waiting[firstWaiting] = {}
            firstWaiting += 1
            if firstWaiting > 256, firstWaiting > waiting.count / 2 {
                waiting.removeFirst(firstWaiting)
                firstWaiting = 0
            }
            return job
        }
    }

    private let state = Mutex(State())
    private let work = Semaphore()
    private let queueMax: Int

    /// Starts up to `count` threads, at least one asked for; if the system gives none, every statement is refused.
    init(count: Int, queueMax: Int) {
        self.queueMax = queueMax
        for _ in 0..<max(1, count) { startThread() }
    }

    /// Runs `body` on a thread of the pool and waits for it without blocking one.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws(StatementError) -> Result
    ) async throws(StatementError) -> Result {
        let outcome: Swift.Result<Result, StatementError> = await withCheckedContinuation { continuation in
            let refusal = submit {
                do throws(StatementError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) }
        }
        return try outcome.get()
    }

    /// Queues a job; the error if it is refused, in which case it never runs.
    private func submit(_ job: @escaping @Sendable () -> Void) -> StatementError? {
        let refusal: StatementError? = state.withLock { state in
            if state.isClosed || state.threads.isEmpty { return .failed("the query service is closed") }
            if state.waitingCount >= queueMax {
                return .failed("\(queueMax) pieces of work wait for a query thread (query_queue_max); try again later")
            }
            state.waiting.append(job)
            return nil
        }
        if refusal == nil { work.signal() }
        return refusal
    }

    /// Refuses new work, finishes what was queued, and ends the threads; blocking.
    func close() {
        let threads = state.withLock { state in
            state.isClosed = true
            defer { state.threads = [] }
            return state.threads
        }
        for _ in threads { work.signal() }
        for thread in threads { pthread_join(thread, nil) }
    }

    private func startThread() {
        let start = unsafe Unmanaged.passRetained(ThreadStart(pool: self))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, start.toOpaque())
        if code == 0 {
            let started = thread
            state.withLock { $0.threads.append(started) }
        } else {
            unsafe start.release()
        }
    }

    /// A thread's life: jobs until the pool is closed and nothing waits.
    fileprivate func serve() {
        while true {
            work.wait()
            let (job, isClosed) = state.withLock { state in (state.take(), state.isClosed) }
            if let job {
                job()
            } else if isClosed {
                return
            }
        }
    }
}

/// What a new thread starts with.
private final class ThreadStart: Sendable {
    let pool: QueryThreads

    init(pool: QueryThreads) { self.pool = pool }

    func run() { pool.serve() }
}
