// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MQTTClient

@Suite struct ConnectionTests {
    @Test(arguments: ProtocolVersion.allCases) func publishesInEveryVersion(_ version: ProtocolVersion) async throws {
        try await withServer { server, group in
            var own = options(server, version)
            own.userName = "root"
            own.password = "secret"
            own.keepAliveSeconds = 30
            own.will = .init(topic: ByteBuffer(string: "w"), payload: ByteBuffer(string: "gone"))
            let connection = try await MQTTClientConnection.connect(own, group: group)
            for qos in QualityOfService.allCases {
                let acknowledgement = try await connection.publish("payload \(qos.rawValue)", to: "a/b", qos)
                #expect(acknowledgement.reason == .success)
                #expect(acknowledgement.latency >= .nanoseconds(0))
            }
            await connection.disconnect()
            #expect(await connection.waitUntilClosed().code == .closed)
            await server.log.waitForEnd()
            let connect = try #require(server.log.connects.first)
            #expect(connect == own.connectPacket)
            #expect(server.log.publishes.map(\.payload.text) == ["payload 0", "payload 1", "payload 2"])
            #expect(server.log.all.contains(.disconnect(DisconnectPacket())))
        }
    }

    @Test func keepsTheWindow() async throws {
        // Acknowledges nothing before the third message, then all of them.
        let holder = Holder()
        try await withServer({ packet, version in
            guard case .publish(let publish) = packet else { return FakeServer.obedient(packet, version) }
            return holder.hold(publish.packetIdentifier, until: 3)
        }) { server, group in
            var own = options(server)
            own.inFlightMax = 3
            let connection = try await MQTTClientConnection.connect(own, group: group)
            let count = await withTaskGroup(of: Bool.self) { tasks in
                for index in 0..<9 {
                    tasks.addTask { (try? await connection.publish("\(index)", to: "t"))?.reason == .success }
                }
                return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(count == 9)
            #expect(holder.largest == 3)
            await connection.disconnect()
        }
    }

    private final class Holder: Sendable {
        private struct State {
            var held: [AcknowledgementPacket] = []
            var largest = 0
        }
        private let state = Mutex(State())
        var largest: Int { state.withLock { $0.largest } }
        func hold(_ identifier: UInt16, until count: Int) -> [Packet] {
            state.withLock { state in
                state.held.append(AcknowledgementPacket(packetIdentifier: identifier))
                state.largest = max(state.largest, state.held.count)
                guard state.held.count == count else { return [] }
                defer { state.held = [] }
                return state.held.map { .puback($0) }
            }
        }
    }

    @Test func refusalsAreTold() async throws {
        try await withServer({ packet, version in
            guard case .publish(let publish) = packet else { return FakeServer.obedient(packet, version) }
            var answer = AcknowledgementPacket(
                packetIdentifier: publish.packetIdentifier, reason: .payloadFormatInvalid)
            answer.properties.append(reasonString: "bad_json")
            return publish.qualityOfService == .exactlyOnce ? [.pubrec(answer)] : [.puback(answer)]
        }) { server, group in
            let connection = try await MQTTClientConnection.connect(options(server, .v5_0), group: group)
            for qos in [QualityOfService.atLeastOnce, .exactlyOnce] {
                let acknowledgement = try await connection.publish("{", to: "t", qos)
                #expect(acknowledgement.reason == .payloadFormatInvalid)
                #expect(acknowledgement.reasonString == "bad_json")
            }
            await connection.disconnect()
        }
    }

    @Test(arguments: [ProtocolVersion.v3_1_1, .v5_0]) func refusedConnections(_ version: ProtocolVersion) async throws {
        try await withServer({ packet, version in [.connack(ConnackPacket(reason: .badUserNameOrPassword))] }) {
            server, group in
            let error = await #expect(throws: MQTTClientError.self) {
                _ = try await MQTTClientConnection.connect(options(server, version), group: group)
            }
            #expect(error?.code == .refused)
            #expect(error?.reason == .badUserNameOrPassword)
        }
    }

    @Test func nobodyListens() async throws {
        try await withServer { server, group in
            let nobody = options(server)
            try await server.channel.close()
            let error = await #expect(throws: MQTTClientError.self) {
                _ = try await MQTTClientConnection.connect(nobody, group: group)
            }
            #expect(error?.code == .unreachable)
        }
    }

    @Test func theServerEndsIt() async throws {
        try await withServer({ packet, version in
            guard case .publish = packet else { return FakeServer.obedient(packet, version) }
            return [.disconnect(DisconnectPacket(reason: .serverShuttingDown))]
        }) { server, group in
            let connection = try await MQTTClientConnection.connect(options(server, .v5_0), group: group)
            let error = await #expect(throws: MQTTClientError.self) { _ = try await connection.publish("1", to: "t") }
            #expect(error?.reason == .serverShuttingDown)
            let later = await #expect(throws: MQTTClientError.self) { _ = try await connection.publish("2", to: "t") }
            #expect(later == error)
        }
    }

    @Test func theConnectionBreaks() async throws {
        try await withServer({ packet, version in
            if case .publish = packet { return nil }
            return FakeServer.obedient(packet, version)
        }) { server, group in
            let connection = try await MQTTClientConnection.connect(options(server), group: group)
            let error = await #expect(throws: MQTTClientError.self) { _ = try await connection.publish("1", to: "t") }
            #expect(error?.code == .disconnected)
        }
    }

    @Test func aServerThatBreaksTheProtocol() async throws {
        try await withServer({ packet, version in
            if case .publish = packet { return [.suback(SubackPacket(packetIdentifier: 1, reasons: [.success]))] }
            return FakeServer.obedient(packet, version)
        }) { server, group in
            let connection = try await MQTTClientConnection.connect(options(server), group: group)
            let error = await #expect(throws: MQTTClientError.self) { _ = try await connection.publish("1", to: "t") }
            #expect(error?.code == .protocolError)
        }
    }
}
