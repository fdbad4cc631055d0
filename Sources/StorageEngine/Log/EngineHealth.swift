// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Whether anything can be stored: the log can be written, and memory is not full because flushes fail. For those who decide whether to read more.
final class EngineHealth: Sendable {
    private let current = Mutex(EngineState(acceptsWrites: true, failure: nil, isClosed: false))
    private let logger: Logger
    /// Threads that wait for something to become durable, and give up when nothing can.
    private let watchers = Mutex<[WakeUp]>([])

    init(logger: Logger) { self.logger = logger }

    var state: EngineState { current.withLock { $0 } }

    /// Nothing can be made durable until ``recovered()``.
    func failed(_ error: StorageError) {
        let isNew = current.withLock { state in
            defer {
                state.acceptsWrites = false
                state.failure = error
            }
            // Every attempt fails on a segment of its own: one line for each cause, not for each attempt.
            return state.failure?.code != error.code
        }
        if isNew {
            logger.error(
                "nothing can be stored or acknowledged until this is over", metadata: ["reason": "\(error)"])
        }
        for watcher in watchers.withLock({ $0 }) { watcher.signal() }
    }

    /// Signals at every failure until ``unwatch(_:)``.
    func watch(_ wakeUp: WakeUp) { watchers.withLock { $0.append(wakeUp) } }

    func unwatch(_ wakeUp: WakeUp) { watchers.withLock { $0.removeAll { $0 === wakeUp } } }

    func recovered() {
        let failure = current.withLock { state in
            defer {
                state.failure = nil
                state.acceptsWrites = !state.isClosed
            }
            return state.failure
        }
        if failure != nil { logger.notice("the storage engine stores and acknowledges again") }
    }

    func closed() {
        current.withLock { state in
            state.acceptsWrites = false
            state.isClosed = true
        }
    }
}
