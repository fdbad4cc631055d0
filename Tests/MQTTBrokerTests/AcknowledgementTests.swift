// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

@testable import MQTTBroker

private let refused = PublishVerdict(reasonCode: 0x99, reasonString: "bad_json", closesLegacyClient: false)

@Suite struct AcknowledgementTests {
    @Test(arguments: ProtocolVersion.allCases) func settledMessagesAreAcknowledgedAtOnce(_ version: ProtocolVersion)
        throws
    {
        let machine = try connectedMachine(version)
        #expect(try machine.publish(.message(id: 1), .settled(.success)) == nil)
        #expect(try machine.publish(.message(id: 2, qos: .exactlyOnce), .settled(.success)) == nil)
        #expect(try machine.publish(.message(), .settled(.success)) == nil)
        #expect(try machine.written() == [.puback(Packet.ack(1)), .pubrec(Packet.ack(2))])
    }

    /// A refusal waits for the commits before it; commits are acknowledged in order, none before its batch.
    @Test(arguments: ProtocolVersion.allCases) func acknowledgementsKeepTheirOrder(_ version: ProtocolVersion) throws {
        let machine = try connectedMachine(version)
        _ = try machine.publish(.message(id: 1), .committing(batch: 5, .success))
        _ = try machine.publish(.message(id: 2), .settled(refused))
        _ = try machine.publish(.message(id: 3, qos: .exactlyOnce), .committing(batch: 6, .success))
        _ = try machine.publish(.message(id: 4), .settled(.success))
        _ = try machine.publish(.message(), .committing(batch: 7, .success))
        #expect(try machine.written().isEmpty)
        #expect(machine.durable(4) == nil)
        #expect(try machine.written().isEmpty)
        #expect(machine.durable(5) == nil)
        let second = version == .v5_0 ? Packet.ack(2, .payloadFormatInvalid, "bad_json") : Packet.ack(2)
        #expect(try machine.written() == [.puback(Packet.ack(1)), .puback(second)])
        #expect(machine.durable(9) == nil)
        #expect(try machine.written() == [.pubrec(Packet.ack(3)), .puback(Packet.ack(4))])
        #expect(machine.waitingCount == 0)
    }

    @Test(arguments: ProtocolVersion.allCases) func exactlyOnce(_ version: ProtocolVersion) throws {
        let machine = try connectedMachine(version)
        let message = Packet.message(id: 7, qos: .exactlyOnce)
        let notFound: ReasonCode = version == .v5_0 ? .packetIdentifierNotFound : .success
        // Free: PUBREL is answered, nothing happens.
        _ = try machine.receive(.pubrel(Packet.ack(7)))
        #expect(try machine.written() == [.pubcomp(Packet.ack(7, notFound))])
        // Committing: a repeat is not handled again and joins the commit; PUBREL finds nothing.
        _ = try machine.publish(message, .committing(batch: 1, .success))
        #expect(try machine.receive(message).isProceed)
        _ = try machine.receive(.pubrel(Packet.ack(7)))
        #expect(try machine.written() == [.pubcomp(Packet.ack(7, notFound))])
        #expect(machine.durable(1) == nil)
        #expect(try machine.written() == [.pubrec(Packet.ack(7))], "one PUBREC for both")
        // Received: PUBREC again, not handled again.
        #expect(try machine.receive(message).isProceed)
        #expect(try machine.written() == [.pubrec(Packet.ack(7))])
        _ = try machine.receive(.pubrel(Packet.ack(7)))
        #expect(try machine.written() == [.pubcomp(Packet.ack(7))])
        // Free again: handled as new.
        #expect(try machine.receive(message).publish != nil)
        #expect(machine.exchange(7) == .committing)
    }

    @Test func aRepeatWaitsItsTurn() throws {
        let machine = try connectedMachine(.v3_1_1)
        let first = Packet.message(id: 7, qos: .exactlyOnce)
        _ = try machine.publish(first, .settled(.success))
        _ = try machine.publish(.message(id: 8), .committing(batch: 1, .success))
        _ = try machine.written()
        _ = try machine.receive(first)
        #expect(try machine.written().isEmpty)
        _ = machine.durable(1)
        #expect(try machine.written() == [.puback(Packet.ack(8)), .pubrec(Packet.ack(7))])
        // Released before its turn: the client does not need it any more.
        _ = try machine.publish(.message(id: 9), .committing(batch: 2, .success))
        _ = try machine.receive(first)
        _ = try machine.receive(.pubrel(Packet.ack(7)))
        _ = machine.durable(2)
        #expect(try machine.written() == [.pubcomp(Packet.ack(7)), .puback(Packet.ack(9))])
    }

    @Test func aRefusalFreesTheIdentifierOn5() throws {
        let message = Packet.message(id: 7, qos: .exactlyOnce)
        var machine = try connectedMachine(.v5_0)
        _ = try machine.publish(message, .settled(refused))
        #expect(try machine.written() == [.pubrec(Packet.ack(7, .payloadFormatInvalid, "bad_json"))])
        #expect(try machine.receive(message).publish != nil)
        // 3.x has no refusal: the exchange goes on.
        machine = try connectedMachine(.v3_1_1)
        _ = try machine.publish(message, .settled(refused))
        #expect(try machine.written() == [.pubrec(Packet.ack(7))])
        #expect(try machine.receive(message).isProceed)
    }

    @Test func legacyClientsAreClosedWhereAskedFor() throws {
        let verdict = PublishVerdict(reasonCode: 0x99, reasonString: "bad", closesLegacyClient: true)
        for qos in QualityOfService.allCases {
            let machine = try connectedMachine(.v3_1_1)
            _ = try machine.publish(.message(id: 1), .committing(batch: 1, .success))
            let id: UInt16 = qos == .atMostOnce ? 0 : 2
            #expect(try machine.publish(.message(id: id, qos: qos), .settled(verdict)) == nil)
            #expect(machine.phase == .draining)
            #expect(!machine.takesPackets)
            let ending = machine.durable(1)
            #expect(ending?.cause == .ended(.refusedPublish))
            #expect(try machine.written() == [.puback(Packet.ack(1))], "what came before is acknowledged")
        }
        let machine = try connectedMachine(.v5_0)
        #expect(try machine.publish(.message(id: 2), .settled(verdict)) == nil)
        #expect(try machine.written() == [.puback(Packet.ack(2, .payloadFormatInvalid, "bad"))])
    }

    @Test func receiveMaximum() throws {
        var limits = BrokerLimits()
        limits.receiveMaximum = 3
        var machine = try connectedMachine(.v5_0, limits: limits)
        _ = try machine.publish(.message(id: 1), .committing(batch: 1, .success))
        _ = try machine.publish(.message(id: 2, qos: .exactlyOnce), .committing(batch: 1, .success))
        _ = try machine.publish(.message(id: 3, qos: .exactlyOnce), .settled(refused))
        _ = try machine.receive(.message(id: 2, qos: .exactlyOnce, isDuplicate: true))
        for _ in 0..<10 { #expect(try machine.publish(.message(), .settled(.success)) == nil) }
        _ = machine.durable(1)
        // PUBACK and a refusing PUBREC free a slot each; the PUBREC that says yes does not.
        #expect(machine.unacknowledged == 1)
        _ = try machine.publish(.message(id: 4), .committing(batch: 2, .success))
        _ = try machine.publish(.message(id: 5), .committing(batch: 2, .success))
        _ = try machine.written()
        let ending = try machine.publish(.message(id: 6), .committing(batch: 2, .success))
        #expect(ending?.code == .receiveMaximumExceeded)
        #expect(try machine.written().first?.disconnectReason == .receiveMaximumExceeded)
        // PUBCOMP frees the slot of QoS 2.
        machine = try connectedMachine(.v5_0, limits: limits)
        for id in UInt16(1)...3 {
            _ = try machine.publish(.message(id: id, qos: .exactlyOnce), .settled(.success))
        }
        _ = try machine.receive(.pubrel(Packet.ack(2)))
        #expect(machine.unacknowledged == 2)
        #expect(try machine.publish(.message(id: 4), .settled(.success)) == nil)
        // 3.x was never told of a maximum.
        machine = try connectedMachine(.v3_1_1, limits: limits)
        for id in UInt16(1)...20 {
            #expect(try machine.publish(.message(id: id), .committing(batch: 1, .success)) == nil)
        }
    }

    @Test func tooManyWaitingAcknowledgements() throws {
        var limits = BrokerLimits()
        limits.waitingAcknowledgementsMax = 4
        let machine = try connectedMachine(.v3_1_1, limits: limits)
        for id in UInt16(1)...4 {
            #expect(!machine.hasTooManyWaiting)
            _ = try machine.publish(.message(id: id), .committing(batch: UInt64(id), .success))
        }
        #expect(machine.hasTooManyWaiting)
        _ = machine.durable(1)
        #expect(!machine.hasFewWaiting)
        _ = machine.durable(2)
        #expect(machine.hasFewWaiting)
    }

    @Test func nothingIsAcknowledgedAfterTheEnd() throws {
        let machine = try connectedMachine(.v3_1_1)
        _ = try machine.publish(.message(id: 1), .committing(batch: 1, .success))
        #expect(machine.end(Closing(code: .serverShuttingDown, reason: .server, message: "")) != nil)
        #expect(machine.durable(1) == nil)
        #expect(try machine.written().isEmpty)
        #expect(machine.end(Closing(code: .serverShuttingDown, reason: .server, message: "")) == nil)
    }
}
