// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Ingestion
import MQTTBroker
import MQTTClient
import MQTTProtocol
import NIOCore
import NIOPosix
import StorageEngine
import Testing

@testable import MQTTService

/// `mqtt-payloads.md` section 12.4, as far as it is about this room.
@Suite("Behaviour", .timeLimit(.minutes(1)))
struct ConformanceTests {
    static func options(_ port: Int, _ version: ProtocolVersion = .v5_0, id: String = "c") -> ClientOptions {
        var options = ClientOptions(host: "127.0.0.1", port: port)
        options.version = version
        options.clientID = id
        options.userName = "root"
        options.password = "root"
        return options
    }

    static func connect(_ options: ClientOptions) async throws -> MQTTClientConnection {
        try await MQTTClientConnection.connect(options, group: MultiThreadedEventLoopGroup.singleton)
    }

    @Test("every version and QoS stores before it acknowledges", arguments: ProtocolVersion.allCases)
    func versions(_ version: ProtocolVersion) async throws {
        try await Server.run { server, port in
            let client = try await Self.connect(Self.options(port, version))
            for (time, qos) in [QualityOfService.atLeastOnce, .exactlyOnce].enumerated() {
                #expect(try await client.publish(row(time), to: "t", qos).reason == .success)
                #expect(try server.stored()[0].hasSuffix(" \(time)=1.0"))
            }
            _ = try await client.publish(row(7), to: "t", .atMostOnce)
            #expect(try await client.publish(row(8), to: "t").reason == .success)
            #expect(try server.stored() == ["root.sg.d.a 0=1.0 1=1.0 7=1.0 8=1.0"])
            await client.disconnect()
        }
    }

    @Test("C1: after a PUBACK the row is there, whatever the power does")
    func crash() async throws {
        try await Server.run { server, port in
            let client = try await Self.connect(Self.options(port))
            #expect(try await client.publish(row(1), to: "t").reason == .success)
            #expect(try await client.publish("broken", to: "t").reason == .payloadFormatInvalid)
            try await server.runAfterCrash { next, _ in
                let stored = try next.stored()
                #expect(stored == ["root.sg.d.a 1=1.0"])
                #expect(next.deadLetters.counts.kept == 1)
            }
        }
    }

    @Test("C2: the order of a connection is kept, with several workers")
    func order() async throws {
        try await Server.run {
            $0.loops = 3
        } _: { server, port in
            var options = Self.options(port)
            options.inFlightMax = 100
            let client = try await Self.connect(options)
            let count = 1_000
            var sent: [EventLoopFuture<Void>] = []
            for number in 1...count {
                let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Void.self)
                let packet = PublishPacket(
                    topic: ByteBuffer(string: "t"), payload: ByteBuffer(string: row(1, "\(number)")),
                    qualityOfService: .atLeastOnce)
                client.publish(packet) { result in
                    promise.completeWith(result.map { _ in }.mapError { $0 as any Error })
                }
                sent.append(promise.futureResult)
            }
            for future in sent { try await future.get() }
            #expect(try server.stored() == ["root.sg.d.a 1=\(count).0"])
            await client.disconnect()
        }
    }

    @Test("C3: CONNECT and PUBLISH in one segment", arguments: ProtocolVersion.allCases)
    func connectAndPublish(_ version: ProtocolVersion) async throws {
        try await Server.run { server, port in
            let client = try await RawClient.open(server, port, version)
            try await client.send(RawClient.connect(version), publish(row(1), 1), publish(row(2), 2))
            let answers = try await client.next(3)
            #expect(answers.dropFirst() == [puback(1), puback(2)])
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 2=1.0"])
        }
    }

    @Test("C4: PUBLISH and DISCONNECT in one segment")
    func publishAndDisconnect() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            try await client.send(
                publish(row(1), 0, .atMostOnce), publish(row(2), 2), .disconnect(DisconnectPacket()))
            _ = try await client.waitForEnd()
            try await server.settle()
            try await server.engine.sync()
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 2=1.0"])
        }
    }

    @Test("C5: an empty client id gets one, and its rows are stored", arguments: [ProtocolVersion.v3_1_1, .v5_0])
    func emptyIdentifier(_ version: ProtocolVersion) async throws {
        try await Server.run { server, port in
            let client = try await Self.connect(Self.options(port, version, id: ""))
            #expect(try await client.publish(row(1), to: "t").reason == .success)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0"])
            if version == .v5_0 { #expect(client.connack.properties.text(.assignedClientIdentifier)?.isEmpty == false) }
            await client.disconnect()
        }
    }

    @Test("C6: the identity belongs to the connection, not to the client id")
    func identity() async throws {
        try await Server.run { setup in
            setup.users = [
                (
                    "alice", "password1",
                    [(.writeData, "root.sg.**"), (.writeSchema, "root.sg.**"), (.manageDatabase, "root.**")]
                ),
                ("robert", "password2", []),
            ]
        } _: { server, port in
            let alice = try await RawClient.connected(server, port, id: "x", user: "alice", password: "password1")
            try await alice.send(publish(row(1), 1))
            #expect(try await alice.next() == puback(1))
            // The link is cut without a word.
            try await alice.channel.close()
            let robert = try await RawClient.connected(server, port, id: "x", user: "robert", password: "password2")
            try await robert.send(publish(row(2), 1))
            #expect(try await robert.next()?.acknowledged?.reason == 0x87)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0"])
        }
    }

    @Test("C9: a packet of the limit is stored, one byte more ends the connection")
    func size() async throws {
        try await Server.run {
            $0.service.limits.messageBytesMax = 1_000
        } _: { server, port in
            // Remaining length: topic 2 + 1, identifier 2, properties 1, payload.
            let payload = row(1)
            let limit = payload + String(repeating: " ", count: 1_000 - 6 - payload.utf8.count)
            let client = try await RawClient.connected(server, port)
            try await client.send(publish(limit, 1))
            #expect(try await client.next() == puback(1))
            try await client.send(publish(limit + " ", 2))
            #expect(try await client.waitForEnd()?.disconnectReason == 0x95)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0"])
        }
    }

    @Test("C11: a row with one forbidden series of two")
    func forbidden() async throws {
        try await Server.run {
            $0.users = [("writer", "password1", [(.writeData, "root.sg.d.a")])]
        } _: { server, port in
            let root = try await Self.connect(Self.options(port))
            #expect(try await root.publish(row(1), to: "t").reason == .success)
            #expect(try await root.publish(row(1, measurement: "b"), to: "t").reason == .success)
            var options = Self.options(port, id: "w")
            (options.userName, options.password) = ("writer", "password1")
            let client = try await Self.connect(options)
            let both = #"{"device":"root.sg.d","timestamp":2,"measurements":["a","b"],"values":[1,2]}"#
            let answer = try await client.publish(both, to: "t")
            #expect(answer.reason == .notAuthorized)
            #expect(answer.reasonString?.contains("denied 803") == true)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0", "root.sg.d.b 1=1.0"])
            #expect(try await client.publish(row(3), to: "t").reason == .success)
            await client.disconnect()
            await root.disconnect()
        }
    }

    @Test("C14: a QoS 2 message repeated before its PUBREL is handled once")
    func repeated() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            try await client.send(publish(row(1), 5, .exactlyOnce))
            #expect(try await client.next() == pubrec(5))
            try await client.send(publish(row(1), 5, .exactlyOnce, again: true))
            #expect(try await client.next() == pubrec(5))
            // While the commit is under way the repetition joins it.
            server.gate.hold()
            try await client.send(publish(row(2), 6, .exactlyOnce))
            await server.gate.waitForSync()
            try await client.send(publish(row(2), 6, .exactlyOnce, again: true), .pingreq)
            #expect(try await client.next() == .pingresp)
            server.gate.release()
            #expect(try await client.next() == pubrec(6))
            try await client.send(.pubrel(AcknowledgementPacket(packetIdentifier: 6)), .pingreq)
            #expect(try await client.next() == .pubcomp(AcknowledgementPacket(packetIdentifier: 6)))
            try await server.settle()
            #expect(server.metric("mqtt_payloads_total") == 2)
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 2=1.0"])
        }
    }
}
