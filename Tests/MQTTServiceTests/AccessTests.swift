// SPDX-License-Identifier: Apache-2.0

import AccessControl
import MQTTClient
import MQTTProtocol
import NIOCore
import NIOPosix
import StorageEngine
import Testing
import TimeSeriesModel

@testable import MQTTService

/// `mqtt-payloads.md` sections 1.1 and 1.6.
@Suite("Who connects, and what of it is ingested", .timeLimit(.minutes(1)))
struct AccessTests {
    /// Connects, and checks the reason code of the answer.
    private static func check(_ server: Server, _ port: Int, _ packet: Packet, _ expected: UInt8) async throws {
        let client = try await RawClient.open(server, port)
        try await client.send(packet)
        guard case .connack(let answer)? = try await client.next() else {
            Issue.record("no CONNACK")
            return
        }
        #expect(answer.reason.rawValue == expected)
    }

    @Test("credentials")
    func credentials() async throws {
        try await Server.run { server, port in
            try await Self.check(server, port, RawClient.connect(), 0)
            try await Self.check(server, port, RawClient.connect(password: "wrong"), 0x86)
            try await Self.check(server, port, RawClient.connect(user: "nobody"), 0x86)
            for (user, password) in [(nil, nil), ("root", nil), ("", ""), ("  ", "root"), ("root", "")]
                as [(String?, String?)]
            {
                try await Self.check(server, port, RawClient.connect(user: user, password: password), 0x86)
            }
            #expect(server.metric("mqtt_connections_refused_total", "credentials") == 7)
            #expect(server.metric("mqtt_clients_accepted_total") == 1)
        }
    }

    @Test("anonymous clients have the rights of their user, and no others")
    func anonymous() async throws {
        try await Server.run {
            $0.service.anonymousUser = "anonymous"
        } _: { server, port in
            for (user, password) in [(nil, nil), ("  ", nil), ("  ", "root"), ("root", nil)] as [(String?, String?)] {
                try await Self.check(server, port, RawClient.connect(user: user, password: password), 0)
            }
            // Who says who they are has to prove it.
            try await Self.check(server, port, RawClient.connect(password: "wrong"), 0x86)
            let root = try await RawClient.connected(server, port, id: "root")
            try await root.send(publish(row(1), 1))
            #expect(try await root.next() == puback(1))
            let client = try await RawClient.open(server, port)
            try await client.send(RawClient.connect(id: "nobody", user: nil, password: nil), publish(row(2), 1))
            #expect(try await client.next(2).last?.acknowledged?.reason == 0x87)
            try await server.access.grant(
                [.writeData], onPattern: PathPattern(parsing: "root.sg.**"), to: "anonymous")
            try await client.send(publish(row(3), 2))
            #expect(try await client.next() == puback(2))
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 3=1.0"])
        }
    }

    @Test("the anonymous user cannot be root")
    func anonymousRoot() async {
        await #expect(throws: (any Error).self) {
            try await Server.run {
                $0.service.anonymousUser = "root"
            } _: { _, _ in
            }
        }
    }

    @Test("mqtt_ingest_topics: what it leaves out is acknowledged and counted, not stored")
    func topics() async throws {
        try await Server.run {
            $0.service.ingestTopics = try IngestTopics("in/#,$own/x")
        } _: { server, port in
            let client = try await ConformanceTests.connect(ConformanceTests.options(port))
            for (time, topic) in ["in/a", "out", "$own/x", "$own/y", "in"].enumerated() {
                #expect(try await client.publish(row(time), to: topic).reason == .success)
            }
            #expect(try await client.publish("broken", to: "out").reason == .success)
            try await server.settle()
            #expect(try server.stored() == ["root.sg.d.a 0=1.0 2=1.0 4=1.0"])
            #expect(server.metric("mqtt_payloads_not_ingested_total") == 3)
            #expect(server.metric("mqtt_payloads_total") == 3)
            await client.disconnect()
        }
    }

    @Test("by default $ topics are left out, reserved ones are refused")
    func systemTopics() async throws {
        try await Server.run { server, port in
            let client = try await ConformanceTests.connect(ConformanceTests.options(port))
            #expect(try await client.publish(row(1), to: "$own/x").reason == .success)
            #expect(try await client.publish(row(1), to: "$SYS/x").reason == .topicNameInvalid)
            #expect(try server.stored().isEmpty)
            await client.disconnect()
        }
    }

    @Test("a retained message is stored once; an empty one only deletes")
    func retained() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port, .v3_1_1)
            try await client.send(publish(row(1), 1, retain: true), publish("", 2, retain: true))
            #expect(try await client.next(2) == [puback(1), puback(2)])
            try await server.settle()
            #expect(try server.stored() == ["root.sg.d.a 1=1.0"])
            #expect(server.metric("mqtt_payloads_not_ingested_total") == 1)
            #expect(server.metric("mqtt_payloads_total", "refused") == 0)
        }
    }

    @Test("a will is judged and stored like any message of its client")
    func will() async throws {
        try await Server.run { setup in
            setup.users = [("writer", "password1", [])]
        } _: { server, port in
            let will = ConnectPacket.Will(
                topic: ByteBuffer(string: "t"), payload: ByteBuffer(string: row(1)), qualityOfService: .atLeastOnce)
            for (user, password) in [("root", "root"), ("writer", "password1")] {
                let client = try await RawClient.connected(server, port, user: user, password: password, will: will)
                try await client.channel.close()
            }
            while server.metric("mqtt_payloads_total") < 2 { try await server.settle() }
            try await server.engine.sync()
            #expect(server.metric("mqtt_payloads_total", "stored") == 1)
            #expect(server.metric("mqtt_payloads_total", "denied") == 1)
            #expect(server.metric("mqtt_wills_published_total") == 2)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0"])
        }
    }

    @Test("a will that was called off is not stored")
    func noWill() async throws {
        try await Server.run { server, port in
            let will = ConnectPacket.Will(topic: ByteBuffer(string: "t"), payload: ByteBuffer(string: row(1)))
            let client = try await RawClient.connected(server, port, will: will)
            try await client.send(.disconnect(DisconnectPacket()))
            _ = try await client.waitForEnd()
            try await server.settle()
            #expect(server.metric("mqtt_payloads_total") == 0)
        }
    }
}
