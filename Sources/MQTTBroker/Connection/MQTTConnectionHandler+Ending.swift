// SPDX-License-Identifier: Apache-2.0

import Logging
import MQTTProtocol
import NIOCore
import ServerMetrics

extension MQTTConnectionHandler {
    /// Does what an end takes: last words, will, good-byes, and the close.
    func finish(_ ending: Ending) {
        guard !isFinished else { return }
        isFinished = true
        flush()
        publishWill(ending)
        session?.disconnected()
        session = nil
        pump.frames.discard()
        countUnfinished(0)
        deregister()
        report(ending)
        guard let context else { return }
        if ending.lingers, context.channel.isActive {
            // The client may still be sending; were the socket closed at once, it might never see the last words.
            clock?.lingers(until: context.eventLoop.now + .seconds(Int64(limits.lingerSeconds)))
            updateTimer()
            context.close(mode: .output, promise: nil)
            readHeld()
        } else {
            context.close(promise: nil)
        }
    }

    /// The network connection is gone.
    func connectionEnded() {
        guard clock != nil else { return }
        if let ending = pump.machine.connectionLost(lostMessage) { finish(ending) }
        timer?.cancel()
        timer = nil
        clock = nil
        events.openConnections.add(-1)
    }

    private func publishWill(_ ending: Ending) {
        guard ending.publishesWill, let will = pump.machine.will, let session else { return }
        pump.machine.will = nil
        events.publishedWills.increment()
        isDispatching = true
        _ = session.publish(will)
        _ = session.burstEnded()
        isDispatching = false
        deferred = DeferredCalls()
    }

    private func deregister() {
        guard let number else { return }
        registry.close(number, clientID: pump.machine.clientID)
        self.number = nil
    }

    private func report(_ ending: Ending) {
        let level: Logger.Level
        switch ending.cause {
        case .refused(let reason):
            events.refused(reason).increment()
            // Scanners and health checks connect and go; nobody needs a line for each.
            level = reason == .timeout || pump.machine.clientID.isEmpty && reason == .notMQTT ? .debug : .notice
        case .ended(let reason):
            events.ended(reason).increment()
            level = reason == .disconnected || reason == .connectionLost || reason == .takenOver ? .debug : .notice
        }
        guard logger.logLevel <= level, level == .debug || events.logLimit.admits(at: .now()) else { return }
        logger.log(
            level: level, "client \(ending.cause.verb): \(printable(ending.message))",
            metadata: [
                "client": "\(printable(pump.machine.clientID))", "reason": "\(ending.code)",
                "address": "\(context?.remoteAddress?.description ?? "unknown")",
                "suppressed": "\(level == .debug ? 0 : events.logLimit.takeSuppressed())",
            ])
    }

    /// A packet that is too large is logged with what is known of it (`mqtt-payloads.md` section 1.5).
    func logOversized() {
        guard let oversized = pump.frames.oversized, events.logLimit.admits(at: .now()) else { return }
        let topic = oversized.topic.map { printable(String(buffer: $0)) } ?? "not known"
        logger.warning(
            "packet too large; the limit is mqtt_max_message_size",
            metadata: [
                "client": "\(printable(pump.machine.clientID))", "type": "\(oversized.type.name)", "topic": "\(topic)",
                "size": "\(oversized.remainingLength)", "limit": "\(pump.frames.remainingLengthMax)",
            ])
    }
}

extension Ending.Cause {
    fileprivate var verb: String {
        switch self {
        case .refused: "refused"
        case .ended: "disconnected"
        }
    }
}
