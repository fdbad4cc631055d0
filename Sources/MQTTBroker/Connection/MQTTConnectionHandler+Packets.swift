// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import ServerMetrics

extension MQTTConnectionHandler {
    /// Handles every complete packet that is here, as far as the state allows.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        var step = pump.next()
        while true {
            switch consume step {
            case .wait: return
            case .publish(let publish, let receipt): step = dispatch(publish, receipt)
            case .authenticate(let request):
                authenticate(request)
                step = pump.next()
            case .end(let ending):
                logOversized()
                finish(ending)
                return
            }
        }
    }

    /// Hands a message over, books its outcome, and goes on to the next packet.
    private func dispatch(
        _ publish: borrowing IncomingPublish, _ receipt: ConnectionStateMachine.PublishReceipt
    ) -> PacketPump.Step {
        guard let session else { return .wait }
        isDispatching = true
        let outcome = session.publish(publish)
        isDispatching = false
        guard deferred.isEmpty else {
            if let ending = pump.machine.settle(receipt, outcome) { return .end(ending) }
            runDeferred()
            return pump.next()
        }
        return pump.settled(receipt, outcome)
    }

    /// A socket read is over, or what had to wait for the authentication was handled.
    func burstEnded() {
        guard let context else { return }
        countBurst()
        if !isFinished { endBurst() }
        pump.frames.burstEnded()
        countUnfinished(isFinished ? 0 : pump.frames.unreadBytes)
        // What waits behind a hold is no packet that the client is late with.
        let openBytes = pump.machine.phase == .authenticating ? 0 : pump.frames.unreadBytes
        clock?.heard(at: context.eventLoop.now, openBytes: openBytes, isNewPacket: pump.burst.packetCount > 0)
        pump.burst = BurstCounts()
        flush()
        updateTimer()
    }

    /// Decides whether reading goes on.
    private func endBurst() {
        if pump.machine.phase == .draining { hold(.draining) }
        if pump.machine.hasTooManyWaiting { hold(.acknowledgements) }
        guard let session else { return }
        isDispatching = true
        let decision = session.burstEnded()
        isDispatching = false
        if decision == .pause { hold(.publishHandler) }
        if !deferred.isEmpty { runDeferred() }
    }

    /// Keeps all unfinished packets together within a limit: it is the announced size of each that the peer chooses.
    func countUnfinished(_ bytes: Int) {
        guard bytes != unfinishedBytes else { return }
        let total = registry.addUnfinished(bytes - unfinishedBytes)
        unfinishedBytes = bytes
        guard total > limits.unfinishedBytesMax, bytes > limits.unfinishedBytesFree else { return }
        let message = "unfinished packets hold \(total) bytes; the limit is \(limits.unfinishedBytesMax)"
        end(Closing(code: .quotaExceeded, reason: .unfinishedPackets, message: message))
    }

    /// Sends the answers so far.
    func flush() {
        // Taken first: the write may call back into this handler.
        guard let context, let bytes = pump.machine.takeAnswers() else { return }
        events.sentBytes.increment(by: UInt64(bytes.readableBytes))
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        pump.machine.reuse(consume bytes)
    }

    private func countBurst() {
        let burst = pump.burst
        if burst.bytes > 0 { events.receivedBytes.increment(by: UInt64(burst.bytes)) }
        guard burst.packetCount > 0 else { return }
        for type in burst.packets.indices where burst.packets[type] > 0 {
            events.packets[type].increment(by: UInt64(burst.packets[type]))
        }
        for qos in events.messages.indices where burst.messages[qos] > 0 {
            events.messages[qos].increment(by: UInt64(burst.messages[qos]))
        }
    }
}
