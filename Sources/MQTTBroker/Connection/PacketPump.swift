// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// From bytes to what the connection has to do: frames, state machine and counts of one socket read.
///
/// One struct, so that a message is one access to its owner: in a class every field costs a check of exclusivity, which was a
/// sixth of the time of a message.
struct PacketPump: ~Copyable {
    /// What the owner has to do next.
    enum Step {
        /// Nothing until more is read, or until the authenticator answers.
        case wait
        /// Ask the authenticator.
        case authenticate(AuthenticationRequest)
        /// Hand the message over, then call ``settled(_:_:)``.
        case publish(IncomingPublish, ConnectionStateMachine.PublishReceipt)
        /// End the connection.
        case end(Ending)
    }

    var machine: ConnectionStateMachine
    var frames: FrameReader
    var burst = BurstCounts()

    init(limits: BrokerLimits) {
        machine = ConnectionStateMachine(limits: limits)
        frames = FrameReader(
            from: .client, remainingLengthMax: min(limits.connectBytesMax, limits.messageBytesMax))
    }

    /// Handles packets until the owner is needed.
    mutating func next() -> Step {
        while machine.takesPackets {
            do throws(PacketError) {
                guard let frame = try frames.next() else { return .wait }
                burst.count(frame)
                switch machine.receive(frame) {
                case .proceed: continue
                case .authenticate(let request): return .authenticate(request)
                case .publish(let publish, let receipt): return .publish(publish, receipt)
                case .end(let ending): return .end(ending)
                }
            } catch {
                return .end(machine.refuse(error))
            }
        }
        return .wait
    }

    /// Books what became of a message, and goes on.
    mutating func settled(_ receipt: ConnectionStateMachine.PublishReceipt, _ outcome: PublishOutcome) -> Step {
        if let ending = machine.settle(receipt, outcome) { return .end(ending) }
        return next()
    }
}

/// What one socket read brought; added to the shared counters at its end.
struct BurstCounts {
    var bytes = 0
    /// Packets of all kinds, by `PacketType.rawValue`.
    var packets = InlineArray<16, UInt32>(repeating: 0)
    /// PUBLISH by QoS.
    var messages = InlineArray<4, UInt32>(repeating: 0)
    var packetCount = 0

    mutating func count(_ frame: Frame) {
        packetCount += 1
        packets[Int(frame.type.rawValue)] += 1
        if frame.type == .publish { messages[Int(frame.flags >> 1 & 3)] += 1 }
    }
}
