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
        while machine.takesPackets {
            do throws(PacketError) {
                guard let frame = try frames.next() else { return }
                count(frame)
                perform(machine.receive(frame))
            } catch {
                logOversized()
                finish(machine.refuse(error))
            }
        }
    }

    private func perform(_ action: consuming ConnectionStateMachine.Action) {
        switch consume action {
        case .proceed: break
        case .publish(let publish, let receipt): dispatch(publish, receipt)
        case .authenticate(let request): authenticate(request)
        case .end(let ending): finish(ending)
        }
    }

    private func dispatch(_ publish: borrowing IncomingPublish, _ receipt: ConnectionStateMachine.PublishReceipt) {
        guard let session else { return }
        isDispatching = true
        let outcome = session.publish(publish)
        isDispatching = false
        if let ending = machine.settle(receipt, outcome) { finish(ending) }
        if machine.phase == .draining { hold(.draining) }
        if !deferred.isEmpty { runDeferred() }
    }

    /// A socket read is over, or what had to wait for the authentication was handled.
    func burstEnded() {
        guard let context else { return }
        countBurst()
        if let session, !isFinished {
            isDispatching = true
            let decision = session.burstEnded()
            isDispatching = false
            if decision == .pause { hold(.publishHandler) }
            if machine.hasTooManyWaiting { hold(.acknowledgements) }
            if !deferred.isEmpty { runDeferred() }
        }
        frames.burstEnded()
        // What waits behind a hold is no packet that the client is late with.
        let isWaiting = machine.phase == .authenticating
        clock?.heard(
            at: context.eventLoop.now, openBytes: isWaiting ? 0 : frames.unreadBytes, isNewPacket: burst.packets > 0)
        burst = BurstCounts()
        flush()
        updateTimer()
    }

    /// Sends the answers so far.
    func flush() {
        let bytes = machine.answers.readableBytes
        guard bytes > 0, let context else { return }
        events.sentBytes.increment(by: UInt64(bytes))
        context.writeAndFlush(wrapOutboundOut(machine.answers), promise: nil)
        machine.answersSent()
    }

    private func count(_ frame: Frame) {
        burst.packets += 1
        guard frame.type == .publish else {
            events.packets[Int(frame.type.rawValue)].increment()
            return
        }
        switch frame.flags & 0b0110 {
        case 0b0000: burst.messages.0 += 1
        case 0b0010: burst.messages.1 += 1
        default: burst.messages.2 += 1
        }
    }

    private func countBurst() {
        if burst.bytes > 0 { events.receivedBytes.increment(by: UInt64(burst.bytes)) }
        let (zero, one, two) = burst.messages
        guard zero + one + two > 0 else { return }
        events.packets[Int(PacketType.publish.rawValue)].increment(by: zero + one + two)
        if zero > 0 { events.messages[0].increment(by: zero) }
        if one > 0 { events.messages[1].increment(by: one) }
        if two > 0 { events.messages[2].increment(by: two) }
    }
}
