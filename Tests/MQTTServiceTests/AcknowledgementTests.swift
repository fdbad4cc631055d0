// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Ingestion
import MQTTBroker
import MQTTClient
import MQTTProtocol
import NIOCore
import NIOPosix
import StorageEngine
import StorageTestSupport
import Testing

@testable import MQTTService

/// `mqtt-payloads.md` sections 1.3, 9 and 10.
@Suite("Acknowledgements", .timeLimit(.minutes(1)))
struct AcknowledgementTests {
    @Test("nothing is acknowledged before the sync, everything after it")
    func afterTheSync() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            server.gate.hold()
            try await client.send((1...20).map { publish(row($0), UInt16($0)) })
            await server.gate.waitForSync()
            // A query does not see what a crash could take back either.
            try await client.send(.pingreq)
            #expect(try await client.next() == .pingresp)
            #expect(try server.stored() == ["root.sg.d.a"])
            server.gate.release()
            #expect(try await client.next(20) == (1...20).map { puback(UInt16($0)) })
            #expect(try server.stored() == ["root.sg.d.a" + (1...20).map { " \($0)=1.0" }.joined()])
        }
    }

    @Test("acknowledgements leave in order, refusals wait for the commits before them")
    func order() async throws {
        try await Server.run { setup in
            setup.users = [("writer", "password1", [(.writeData, "root.sg.d.**"), (.writeSchema, "root.sg.**")])]
            // Refusals with nothing for the disk settle at once; that must not let them overtake.
            setup.deadLetters.bytesMax = 0
        } _: { server, port in
            try server.engine.schema.createDatabase(["root", "sg"])
            let client = try await RawClient.connected(server, port, user: "writer", password: "password1")
            server.gate.hold()
            try await client.send(
                publish(row(1), 1), publish("{", 2), publish(row(2, device: "root.sg.e"), 3), publish(row(2), 4),
                publish(row(3, "\"x\""), 5), publish("[]", 6), .pingreq)
            await server.gate.waitForSync()
            #expect(try await client.next() == .pingresp)
            server.gate.release()
            let answers = try await client.next(6).compactMap(\.acknowledged)
            #expect(answers.map(\.identifier) == [1, 2, 3, 4, 5, 6])
            #expect(answers.map(\.reason) == [0, 0x99, 0x87, 0, 0x83, 0])
            #expect(answers[0].text == nil)
            #expect(answers[1].text?.hasPrefix("bad_json") == true)
            #expect(answers[4].text?.hasPrefix("type_mismatch 614") == true)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 2=1.0"])
        }
    }

    @Test("a refusal is part of the commit that keeps its dead letter")
    func refusalWithDeadLetter() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            server.gate.hold()
            try await client.send(publish("{", 1), .pingreq)
            await server.gate.waitForSync()
            #expect(try await client.next() == .pingresp)
            #expect(server.deadLetters.counts.kept == 0)
            server.gate.release()
            #expect(try await client.next()?.acknowledged?.reason == 0x99)
            let letters = try server.deadLetters.letters(after: nil, limit: 10).map(\.letter)
            #expect(letters.map(\.payload) == [Array("{".utf8)])
            #expect(letters[0].clientID == "raw")
            #expect(letters[0].user == "root")
            #expect(letters[0].topic == Array("t".utf8))
            #expect(letters[0].qualityOfService == 1)
            #expect(letters[0].formatter == "json")
        }
    }

    @Test("a partly refused payload is success with the reason")
    func partly() async throws {
        try await Server.run { server, port in
            let client = try await ConformanceTests.connect(ConformanceTests.options(port))
            let answer = try await client.publish("[\(row(1)),{}]", to: "t")
            #expect(answer.reason == .success)
            #expect(answer.reasonString?.hasPrefix("stored 1 rows, refused 1 rows, 1 problems; first: ") == true)
            await client.disconnect()
        }
    }

    @Test("3.x: a refusal is acknowledged, so that the client does not send it for ever")
    func legacyRefusal() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port, .v3_1_1)
            try await client.send(publish("{", 1), publish(row(1), 2))
            #expect(try await client.next(2) == [puback(1), puback(2)])
        }
    }

    @Test("mqtt_close_on_refusal closes 3.x after what was before, and nothing for a part")
    func closeOnRefusal() async throws {
        try await Server.run {
            $0.service.closesOnRefusal = true
        } _: { server, port in
            let client = try await RawClient.connected(server, port, .v3_1_1)
            try await client.send(publish("[\(row(1)),{}]", 1), publish(row(2), 2), publish("{", 3), publish(row(3), 4))
            #expect(try await client.next() == puback(1))
            #expect(try await client.next() == puback(2))
            #expect(try await client.next() == nil)
            let modern = try await RawClient.connected(server, port)
            try await modern.send(publish("{", 1), .pingreq)
            #expect(try await modern.next(2).contains(.pingresp))
        }
    }

    @Test("while the log cannot be written nothing is acknowledged; when it can again, all is")
    func readOnly() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            try await client.send(publish(row(1), 1))
            #expect(try await client.next() == puback(1))
            server.gate.hold()
            server.disk.disk.failNext(.sync, count: .max)
            try await client.send(publish(row(2), 2))
            await server.gate.waitForSync()
            server.gate.release()
            // The engine finds out, and the next burst is held back.
            while server.engine.state.acceptsWrites { await Task.yield() }
            try await client.send(publish(row(3), 3), .pingreq)
            #expect(try await client.next() == .pingresp)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0"])
            server.disk.disk.failNext(.sync, count: 0)
            #expect(try await client.next(2) == [puback(2), puback(3)])
            #expect(server.metric("mqtt_read_pauses_total") >= 1)
            // It is read again.
            try await client.send(publish(row(4), 4))
            #expect(try await client.next() == puback(4))
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 2=1.0 3=1.0 4=1.0"])
        }
    }

    @Test("mqtt_queue_max_bytes: while the log stands still reading stops, then goes on")
    func backPressure() async throws {
        try await Server.run {
            $0.service.queueBytesMax = 800
        } _: { server, port in
            let client = try await RawClient.connected(server, port)
            server.gate.hold()
            let padding = String(repeating: " ", count: 900)
            try await client.send((1...5).map { publish(row($0) + padding, UInt16($0)) })
            await server.gate.waitForSync()
            while server.metric("mqtt_read_pauses_total") == 0 { try await server.settle() }
            #expect(server.metric("mqtt_queue_bytes") > 800)
            // Others are held back, too, as soon as they have something in flight.
            let other = try await RawClient.connected(server, port, id: "other")
            try await other.send(publish(row(7), 1))
            while server.metric("mqtt_read_pauses_total") < 2 { try await server.settle() }
            let received = server.metric("mqtt_messages_received_total")
            // Nobody reads this, so nobody answers it.
            try await client.send(publish(row(6), 6), .pingreq)
            try await other.send(publish(row(8), 2))
            try await server.settle()
            #expect(server.metric("mqtt_messages_received_total") == received)
            server.gate.release()
            let answers = try await client.next(7)
            #expect(answers.compactMap(\.acknowledged).map(\.identifier) == [1, 2, 3, 4, 5, 6])
            #expect(answers.contains(.pingresp))
            #expect(try await other.next(2) == [puback(1), puback(2)])
            try await server.settle()
            #expect(server.metric("mqtt_queue_bytes") == 0)
            #expect(try server.stored() == ["root.sg.d.a" + (1...8).map { " \($0)=1.0" }.joined()])
        }
    }

    @Test("a connection that is not read for too long is closed, unacknowledged")
    func pauseLimit() async throws {
        try await Server.run {
            $0.service.queueBytesMax = 10
            $0.service.limits.pauseLimitSeconds = 1
        } _: { server, port in
            let client = try await RawClient.connected(server, port)
            server.gate.hold()
            try await client.send(publish(row(1), 1))
            #expect(try await client.waitForEnd()?.disconnectReason == 0x89)
            server.gate.release()
            try await server.engine.sync()
            // It stands; the client will send it again.
            #expect(try server.stored() == ["root.sg.d.a 1=1.0"])
        }
    }

    @Test("the end of the server: 0x8B, and what is not durable stays unacknowledged")
    func stop() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            server.gate.hold()
            try await client.send(publish(row(1), 1))
            await server.gate.waitForSync()
            async let closed: Void = server.listener.closeConnections()
            #expect(try await client.waitForEnd()?.disconnectReason == 0x8b)
            await closed
        }
    }

    @Test("an engine that is closed acknowledges nothing")
    func closedEngine() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            try server.engine.close()
            try await client.send(publish(row(1), 1))
            let last = try await client.waitForEnd()
            #expect(last?.disconnectReason == 0x8b)
        }
    }
}
