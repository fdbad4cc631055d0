// SPDX-License-Identifier: Apache-2.0

import NIOCore
import StorageEngine
import Synchronization

/// Carries commits from the writer thread to one event loop: one wake-up a commit, and none while one is under way.
final class LoopCommitCompletion: CommitCompletion {
    private struct State {
        var durable: UInt64 = 0
        var failed: (ticket: UInt64, message: String)?
        var isScheduled = false
    }

    private let state = Mutex(State())
    private let publisher: NIOLoopBound<LoopPublisher>
    private let eventLoop: any EventLoop

    init(publisher: LoopPublisher, eventLoop: any EventLoop) {
        self.publisher = NIOLoopBound(publisher, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
        let mustSchedule = state.withLock { state in
            switch result {
            case .success: state.durable = ticket
            case .failure(let error): state.failed = (ticket, error.description)
            }
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { eventLoop.execute { self.deliver() } }
    }

    private func deliver() {
        let (durable, failed) = state.withLock { state in
            state.isScheduled = false
            defer { state.failed = nil }
            return (state.durable, state.failed)
        }
        publisher.value.committed(through: durable)
        if let failed { publisher.value.fail(through: failed.ticket, message: failed.message) }
    }
}
