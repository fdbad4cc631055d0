// SPDX-License-Identifier: Apache-2.0

import DequeModule
import MQTTBroker
import NIOCore
import ServerMetrics

/// What the log says about batches that were handed over.
extension LoopPublisher {
    /// The writer has made everything up to `ticket` durable and visible.
    func committed(through ticket: UInt64) {
        while let first = inFlight.first, first.number <= ticket {
            inFlight.removeFirst()
            var released = 0
            for (session, bytes) in first.sessions {
                session.bytesInFlight -= bytes
                released += bytes
                guard !session.isFailed, session.lastDurable < ticket else { continue }
                session.lastDurable = ticket
                session.sink.batchDurable(ticket)
            }
            shared.budget.release(released)
            shared.metrics.acknowledgementLatency.record(
                nanoseconds: (NIODeadline.now() - first.handedOverAt).nanoseconds)
        }
        resumePaused()
    }

    /// The engine gave up on everything up to `ticket`: no acknowledgement leaves, the connections are closed.
    func fail(through ticket: UInt64, message: String) {
        while let first = inFlight.first, first.number <= ticket {
            inFlight.removeFirst()
            close(first, reason: 0x8b, message: message)
        }
    }

    /// Ends the connections with something in a batch that will never be durable.
    func close(_ batch: BatchInFlight, reason: UInt8, message: String) {
        for (session, bytes) in batch.sessions {
            session.bytesInFlight -= bytes
            shared.budget.release(bytes)
            session.sink.close(reason: reason, message: message)
        }
    }

    /// After a commit or a relief. Whether the engine accepts writes is not asked: a commit has just proved it, and if it
    /// fails again, so does the next burst's look.
    func resumePaused() {
        guard !paused.isEmpty, shared.budget.isRelieved() else { return }
        let sessions = paused
        paused.removeAll(keepingCapacity: true)
        for session in sessions {
            session.isPaused = false
            session.sink.resumeReading()
        }
    }
}
