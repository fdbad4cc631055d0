// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

extension MQTTConnectionHandler: AcknowledgementSink {
    /// Writes what waited for the batch.
    package func batchDurable(_ ticket: UInt64) {
        guard !isDispatching else {
            deferred.durableTicket = max(deferred.durableTicket, ticket)
            return
        }
        settleDurable(ticket)
        // Within a read the answers leave at its end.
        if !isProcessing, !isFinished { flush() }
    }

    /// Reads on.
    package func resumeReading() {
        guard !isDispatching else {
            deferred.resumes = true
            return
        }
        release(.publishHandler)
        updateTimer()
    }

    /// Ends the connection.
    package func close(reason: UInt8, message: String) {
        let closing = Closing(code: ReasonCode(rawValue: reason), reason: .server, message: message)
        guard !isDispatching else {
            deferred.closing = deferred.closing ?? closing
            return
        }
        end(closing)
    }

    /// Does what the publish handler asked for while it was being called.
    func runDeferred() {
        let calls = deferred
        deferred = DeferredCalls()
        if calls.durableTicket > 0 { settleDurable(calls.durableTicket) }
        if calls.resumes { release(.publishHandler) }
        if let closing = calls.closing { end(closing) }
    }

    func end(_ closing: Closing) {
        if let ending = pump.machine.end(closing) { finish(ending) }
    }

    private func settleDurable(_ ticket: UInt64) {
        if let ending = pump.machine.durable(ticket) { finish(ending) }
        if holds.contains(.acknowledgements), pump.machine.hasFewWaiting { release(.acknowledgements) }
    }

    /// Stops reading; the clock of the client stands still.
    func hold(_ reason: ReadHolds) {
        guard let context else { return }
        if holds.isEmpty { clock?.paused(at: context.eventLoop.now) }
        holds.insert(reason)
    }

    /// Reads on if nothing else holds it back.
    func release(_ reason: ReadHolds) {
        guard let context, holds.contains(reason) else { return }
        holds.remove(reason)
        guard holds.isEmpty else { return }
        clock?.resumed(at: context.eventLoop.now)
        readHeld()
    }

    func readHeld() {
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }
}
