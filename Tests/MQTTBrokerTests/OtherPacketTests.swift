// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

@testable import MQTTBroker

@Suite struct OtherPacketTests {
    private func subscribe(_ filters: [String], identifier: Bool = false) -> Packet {
        .subscribe(
            SubscribePacket(
                packetIdentifier: 5, requests: filters.map { .init(filter: text($0), maximumQoS: .atLeastOnce) },
                properties: Properties(identifier ? [Property(.subscriptionIdentifier, .variable(1))] : [])))
    }

    @Test func subscriptionsAreRefusedFilterByFilter() throws {
        let machine = try connectedMachine(.v5_0)
        #expect(try machine.receive(subscribe(["a", "a/#", "$share/g/a", "a#"])).isProceed)
        guard case .suback(let suback) = try machine.written().first else {
            Issue.record("no SUBACK")
            return
        }
        #expect(suback.packetIdentifier == 5)
        #expect(
            suback.reasons == [
                .implementationSpecificError, .wildcardSubscriptionsNotSupported, .sharedSubscriptionsNotSupported,
                .topicFilterInvalid,
            ])
        #expect(suback.properties.reasonString == "subscriptions are not supported yet")
        _ = try machine.receive(subscribe(["a"], identifier: true))
        guard case .suback(let second) = try machine.written().first else {
            Issue.record("no SUBACK")
            return
        }
        #expect(second.reasons == [.subscriptionIdentifiersNotSupported])
        let old = try connectedMachine(.v3_1_1)
        #expect(try old.receive(subscribe(["a", "b"])).isProceed)
        #expect(old.answers == ByteBuffer(bytes: [0x90, 4, 0, 5, 0x80, 0x80]))
        let oldest = try connectedMachine(.v3_1)
        #expect(try oldest.receive(subscribe(["a"])).ending?.cause == .ended(.protocolError))
        #expect(oldest.answers.readableBytes == 0)
    }

    @Test func unsubscribe() throws {
        let packet = Packet.unsubscribe(UnsubscribePacket(packetIdentifier: 6, filters: [text("a"), text("b")]))
        var machine = try connectedMachine(.v5_0)
        _ = try machine.receive(packet)
        let reasons = [ReasonCode.noSubscriptionExisted, .noSubscriptionExisted]
        #expect(try machine.written() == [.unsuback(UnsubackPacket(packetIdentifier: 6, reasons: reasons))])
        machine = try connectedMachine(.v3_1_1)
        _ = try machine.receive(packet)
        #expect(machine.answers == ByteBuffer(bytes: [0xb0, 2, 0, 6]))
    }

    @Test(arguments: ProtocolVersion.allCases) func pingsAndStrayAcknowledgements(_ version: ProtocolVersion) throws {
        let machine = try connectedMachine(version)
        #expect(try machine.receive(.pingreq).isProceed)
        #expect(try machine.written() == [.pingresp])
        #expect(try machine.receive(.puback(Packet.ack(9))).isProceed)
        #expect(try machine.receive(.pubcomp(Packet.ack(9))).isProceed)
        #expect(try machine.written().isEmpty)
        #expect(try machine.receive(.pubrec(Packet.ack(9))).isProceed)
        let reason: ReasonCode = version == .v5_0 ? .packetIdentifierNotFound : .success
        #expect(try machine.written() == [.pubrel(Packet.ack(9, reason))])
        if version == .v5_0 {
            #expect(try machine.receive(.pubrec(Packet.ack(9, .unspecifiedError))).isProceed)
            #expect(try machine.written().isEmpty)
            #expect(try machine.receive(.auth(AuthPacket())).ending?.code == .protocolError)
        }
    }

    @Test func disconnectAndTheWill() throws {
        let will = ConnectPacket.Will(topic: text("w"), payload: text("gone"), qualityOfService: .atLeastOnce)
        func end(_ packet: DisconnectPacket?, _ version: ProtocolVersion = .v5_0) throws -> Ending? {
            let machine = try connectedMachine(version) { $0.will = will }
            #expect(machine.will?.topic == text("w") && machine.will?.payload == text("gone"))
            #expect(machine.will?.isWill == true && machine.will?.qualityOfService == 1)
            guard let packet else { return machine.connectionLost("reset") }
            let ending = try machine.receive(.disconnect(packet)).ending
            #expect(machine.connectionLost("reset") == nil)
            #expect(try machine.written().isEmpty, "a client that leaves gets no DISCONNECT")
            return ending
        }
        #expect(try end(DisconnectPacket())?.publishesWill == false)
        #expect(try end(DisconnectPacket(), .v3_1_1)?.publishesWill == false)
        #expect(try end(DisconnectPacket(reason: .disconnectWithWill))?.publishesWill == true)
        #expect(try end(DisconnectPacket(reason: .unspecifiedError))?.publishesWill == true)
        #expect(try end(nil)?.publishesWill == true)
        #expect(try end(nil, .v3_1)?.publishesWill == true)
        #expect(try end(DisconnectPacket())?.cause == .ended(.disconnected))
        #expect(try end(nil)?.cause == .ended(.connectionLost))
    }

    @Test func disconnectMayNotAskForASession() throws {
        let asks = DisconnectPacket(properties: Properties([Property(.sessionExpiryInterval, .uint32(1))]))
        var machine = try connectedMachine(.v5_0)
        #expect(try machine.receive(.disconnect(asks)).ending?.code == .protocolError)
        machine = try connectedMachine(.v5_0) { $0.properties.append(Property(.sessionExpiryInterval, .uint32(9))) }
        #expect(try machine.receive(.disconnect(asks)).ending?.cause == .ended(.disconnected))
    }

    @Test func theServersLastWords() throws {
        let closing = Closing(code: .serverShuttingDown, reason: .server, message: "the server is shutting down")
        let machine = try connectedMachine(.v5_0)
        #expect(machine.end(closing)?.lingers == true)
        guard case .disconnect(let packet) = try machine.written().first else {
            Issue.record("no DISCONNECT")
            return
        }
        #expect(packet.reason == .serverShuttingDown)
        #expect(packet.properties.reasonString == "the server is shutting down")
        let old = try connectedMachine(.v3_1_1)
        #expect(old.end(closing)?.lingers == false)
        #expect(old.answers.readableBytes == 0)
        // DISCONNECT may say why also to those who want no problem information [5:3.1.2-29].
        let quiet = try connectedMachine(.v5_0) {
            $0.properties.append(Property(.requestProblemInformation, .byte(0)))
        }
        _ = quiet.end(closing)
        guard case .disconnect(let told) = try quiet.written().first else {
            Issue.record("no DISCONNECT")
            return
        }
        #expect(told.properties.reasonString != nil)
        // Before CONNACK there is nothing to say.
        let early = TestMachine(limits: BrokerLimits())
        #expect(early.end(closing)?.cause == .refused(.busy))
        #expect(early.answers.readableBytes == 0)
    }
}
