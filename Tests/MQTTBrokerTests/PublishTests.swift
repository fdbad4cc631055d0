// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

@testable import MQTTBroker

@Suite struct PublishTests {
    @Test func reservedAndDeepTopics() throws {
        var limits = BrokerLimits()
        limits.topicLevelsMax = 3
        for topic in ["$SYS/a", "$share/g/a", "$queue/a", "$CONTROL/x", "a/b/c/d"] {
            var machine = try connectedMachine(.v5_0, limits: limits)
            #expect(try machine.receive(.message(topic: topic)).isProceed, "QoS 0 is dropped")
            #expect(try machine.receive(.message(topic: topic, id: 1)).isProceed)
            #expect(try machine.receive(.message(topic: topic, id: 2, qos: .exactlyOnce)).isProceed)
            let written = try machine.written()
            #expect(written.map(\.acknowledgementReason) == [.topicNameInvalid, .topicNameInvalid])
            #expect(machine.unacknowledged == 0 && machine.exchange(2) == nil)
            machine = try connectedMachine(.v3_1_1, limits: limits)
            #expect(try machine.receive(.message(topic: topic)).ending?.cause == .ended(.refusedPublish))
        }
        for topic in ["$other/a", "$SYS", "$SYSTEM/a", "a/b/c", "abcdefg"] {
            let machine = try connectedMachine(.v5_0, limits: limits)
            #expect(try machine.receive(.message(topic: topic)).publish?.topic == text(topic))
        }
    }

    @Test func retained() throws {
        var machine = try connectedMachine(.v5_0)
        #expect(try machine.receive(.message(retain: true)).ending?.code == .retainNotSupported)
        #expect(try machine.written().first?.disconnectReason == .retainNotSupported)
        machine = try connectedMachine(.v3_1_1)
        #expect(try machine.receive(.message(retain: true)).publish?.retain == true)
    }

    @Test func topicAliases() throws {
        var limits = BrokerLimits()
        limits.topicAliasMaximum = 2
        func alias(_ number: UInt16) -> [Property] { [Property(.topicAlias, .uint16(number))] }
        var machine = try connectedMachine(.v5_0, limits: limits)
        #expect(try machine.receive(.message(topic: "a", properties: alias(2))).publish?.topic == text("a"))
        #expect(try machine.receive(.message(topic: "", properties: alias(2))).publish?.topic == text("a"))
        #expect(try machine.receive(.message(topic: "b", properties: alias(2))).publish?.topic == text("b"))
        #expect(try machine.receive(.message(topic: "", properties: alias(2))).publish?.topic == text("b"))
        #expect(try machine.receive(.message(topic: "", properties: alias(1))).ending?.code == .protocolError)
        machine = try connectedMachine(.v5_0, limits: limits)
        #expect(try machine.receive(.message(topic: "a", properties: alias(3))).ending?.code == .topicAliasInvalid)
        machine = try connectedMachine(.v5_0, limits: limits)
        #expect(try machine.receive(.message(topic: "a", properties: alias(0))).ending?.code == .topicAliasInvalid)
        limits.topicAliasMaximum = 0
        machine = try connectedMachine(.v5_0, limits: limits)
        #expect(try machine.receive(.message(topic: "a", properties: alias(1))).ending?.code == .topicAliasInvalid)
    }

    @Test func reasonStringsGoOnlyWhereTheyMayAndFit() throws {
        func reason(_ message: String, _ change: (inout ConnectPacket) -> Void) throws -> String? {
            let machine = try connectedMachine(.v5_0, change)
            let verdict = PublishVerdict(reasonCode: 0x99, reasonString: message)
            _ = try machine.publish(.message(id: 1), .settled(verdict))
            guard case .puback(let packet) = try machine.written().first else { return nil }
            #expect(packet.reason == .payloadFormatInvalid)
            return packet.properties.reasonString
        }
        #expect(try reason("why") { _ in } == "why")
        #expect(try reason("why") { $0.properties.append(Property(.requestProblemInformation, .byte(0))) } == nil)
        #expect(try reason("why") { $0.properties.append(Property(.requestProblemInformation, .byte(1))) } == "why")
        let small: (inout ConnectPacket) -> Void = { $0.properties.append(Property(.maximumPacketSize, .uint32(40))) }
        #expect(try reason(String(repeating: "x", count: 31), small) != nil)
        #expect(try reason(String(repeating: "x", count: 32), small) == nil)
        // Whatever a message quotes, the packet stays legal and small.
        #expect(try reason("a\0b") { _ in } == "a?b")
        let long = try #require(try reason(String(repeating: "é", count: 40_000)) { _ in })
        #expect(long.utf8.count <= 1_026)
    }

    @Test func codesThatMayNotBeInAnAcknowledgement() throws {
        let machine = try connectedMachine(.v5_0)
        _ = try machine.publish(.message(id: 1), .settled(PublishVerdict(reasonCode: 0x8d)))
        #expect(try machine.written() == [.puback(Packet.ack(1, .unspecifiedError))])
    }
}

extension Packet {
    var acknowledgementReason: ReasonCode? {
        switch self {
        case .puback(let packet), .pubrec(let packet), .pubrel(let packet), .pubcomp(let packet): packet.reason
        default: nil
        }
    }
}
