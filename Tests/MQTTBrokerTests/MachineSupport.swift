// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

@testable import MQTTBroker

func text(_ string: String) -> ByteBuffer { ByteBuffer(string: string) }

extension Packet {
    func encoded(_ version: ProtocolVersion) -> ByteBuffer {
        var buffer = ByteBuffer()
        encode(into: &buffer, version)
        return buffer
    }

    /// A PUBLISH with little in it.
    static func message(
        _ payload: String = "p", topic: String = "t", id: UInt16 = 0, qos: QualityOfService? = nil,
        retain: Bool = false,
        isDuplicate: Bool = false, properties: [Property] = []
    ) -> Packet {
        .publish(
            PublishPacket(
                topic: text(topic), payload: text(payload),
                qualityOfService: qos ?? (id == 0 ? .atMostOnce : .atLeastOnce), packetIdentifier: id, retain: retain,
                isDuplicate: isDuplicate, properties: Properties(properties)))
    }

    static func ack(_ id: UInt16, _ reason: ReasonCode = .success, _ text: String? = nil) -> AcknowledgementPacket {
        var packet = AcknowledgementPacket(packetIdentifier: id, reason: reason)
        if let text { packet.properties.append(reasonString: text) }
        return packet
    }
}

/// Cuts what a server wrote into packets.
func packets(_ bytes: ByteBuffer, _ version: ProtocolVersion, isFirst: Bool = false) throws -> [Packet] {
    var reader = FrameReader(
        from: .server, version: isFirst ? nil : version, remainingLengthMax: VariableByteInteger.max)
    reader.append(bytes)
    var packets: [Packet] = []
    while let frame = try reader.next() {
        reader.version = version
        packets.append(try Packet.decode(frame, version, from: .server))
    }
    #expect(reader.unreadBytes == 0)
    return packets
}

/// A state machine whose parts the macros of the tests can look at, which they cannot in a noncopyable one.
final class TestMachine {
    private var machine: ConnectionStateMachine

    init(limits: BrokerLimits) { machine = ConnectionStateMachine(limits: limits) }

    var phase: ConnectionStateMachine.Phase { machine.phase }
    var takesPackets: Bool { machine.takesPackets }
    var clientID: String { machine.clientID }
    var will: IncomingPublish? { machine.will }
    var answers: ByteBuffer { machine.answers }
    var unacknowledged: Int { machine.unacknowledged }
    var waitingCount: Int { machine.waiting.count }
    var hasTooManyWaiting: Bool { machine.hasTooManyWaiting }
    var hasFewWaiting: Bool { machine.hasFewWaiting }

    func exchange(_ id: UInt16) -> ConnectionStateMachine.IncomingExchange? { machine.incomingExchanges[id] }
    func accept() -> Ending? { machine.accept() }
    func refuse(_ refusal: AuthenticationRefusal, message: String) -> Ending? {
        machine.refuse(refusal, message: message)
    }
    func durable(_ ticket: UInt64) -> Ending? { machine.durable(ticket) }
    func end(_ closing: Closing) -> Ending? { machine.end(closing) }
    func connectionLost(_ message: String) -> Ending? { machine.connectionLost(message) }
    func receive(_ frame: Frame) -> ConnectionStateMachine.Action { machine.receive(frame) }

    /// Gives the machine a packet as it comes from the wire.
    func receive(_ packet: Packet) throws -> ConnectionStateMachine.Action {
        var reader = FrameReader(
            from: .client, version: phase == .awaitingConnect ? nil : machine.version,
            remainingLengthMax: VariableByteInteger.max)
        let version = if case .connect(let connect) = packet { connect.version } else { machine.version }
        reader.append(packet.encoded(version))
        guard let frame = try reader.next() else { throw PacketError.malformed("not a whole packet") }
        return machine.receive(frame)
    }

    /// The packets it has written since this was last asked.
    func written(isFirst: Bool = false) throws -> [Packet] {
        try packets(machine.takeAnswers() ?? ByteBuffer(), machine.version, isFirst: isFirst)
    }

    /// Receives a message and settles it.
    func publish(_ packet: Packet, _ outcome: PublishOutcome) throws -> Ending? {
        switch try receive(packet) {
        case .publish(_, let receipt): return machine.settle(receipt, outcome)
        case .end(let ending): return ending
        default: return nil
        }
    }
}

/// A machine whose client was let in; CONNACK is read already.
func connectedMachine(
    _ version: ProtocolVersion, limits: BrokerLimits = BrokerLimits(),
    _ change: (inout ConnectPacket) -> Void = { _ in }
) throws -> TestMachine {
    let machine = TestMachine(limits: limits)
    var connect = ConnectPacket(version: version, clientID: "c")
    change(&connect)
    guard case .authenticate = try machine.receive(.connect(connect)) else {
        Issue.record("CONNECT was not accepted")
        return machine
    }
    #expect(machine.accept() == nil)
    #expect(try machine.written(isFirst: true).count == 1)
    return machine
}

extension ConnectionStateMachine.Action {
    var ending: Ending? {
        if case .end(let ending) = self { return ending }
        return nil
    }

    var publish: IncomingPublish? {
        if case .publish(let publish, _) = self { return publish }
        return nil
    }

    var isProceed: Bool {
        if case .proceed = self { return true }
        return false
    }
}
