// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOPosix
import Testing

@testable import MQTTClient

private func settings(_ options: ClientOptions) -> LoadSettings {
    LoadSettings(options: options) { connection, index, payload in
        payload.writeString("\(connection):\(index)")
    }
}

@Suite struct LoadTests {
    @Test(arguments: QualityOfService.allCases, ProtocolVersion.allCases)
    func everyMessageOnceAndInOrder(_ qos: QualityOfService, _ version: ProtocolVersion) async throws {
        try await withServer { server, group in
            var load = settings(options(server, version))
            load.connections = 3
            load.inFlight = 7
            load.messages = 100
            load.qualityOfService = qos
            load.topic = "load/t"
            let result = try await LoadGenerator(load, group: group).run()
            #expect(result.messages == 100)
            #expect(result.acknowledged == (qos == .atMostOnce ? 0 : 100))
            #expect(result.refused == 0)
            #expect(result.seconds > 0 && result.messagesPerSecond > 0)
            #expect(result.latency.p50 <= result.latency.p99 && result.latency.p99 <= result.latency.max)
            #expect((result.latency.max > 0) == (qos != .atMostOnce))
            let publishes = server.log.publishes
            #expect(publishes.allSatisfy { $0.topic.text == "load/t" && $0.qualityOfService == qos })
            for connection in 0..<3 {
                let own = publishes.map(\.payload.text).filter { $0.hasPrefix("\(connection):") }
                #expect(own == (0..<load.messages(ofConnection: connection)).map { "\(connection):\($0)" })
            }
            #expect(Set(server.log.connects.map(\.clientID)) == ["client-0", "client-1", "client-2"])
        }
    }

    /// The window never holds more than asked for, nor more than the server takes.
    @Test func keepsTheReceiveMaximum() async throws {
        try await withServer({ packet, version in
            guard case .connect = packet else { return FakeServer.obedient(packet, version) }
            let properties = Properties([Property(.receiveMaximum, .uint16(2))])
            return [.connack(ConnackPacket(reason: .success, properties: properties))]
        }) { server, group in
            var load = settings(options(server, .v5_0))
            load.messages = 20
            load.inFlight = 50
            let result = try await LoadGenerator(load, group: group).run()
            #expect(result.acknowledged == 20)
            #expect(Set(server.log.publishes.map(\.packetIdentifier)) == [1, 2])
        }
    }

    @Test func countsRefusals() async throws {
        try await withServer({ packet, version in
            guard case .publish(let publish) = packet, publish.payload.text.hasSuffix("3") else {
                return FakeServer.obedient(packet, version)
            }
            var answer = AcknowledgementPacket(packetIdentifier: publish.packetIdentifier, reason: .notAuthorized)
            answer.properties.append(reasonString: "no right")
            return [publish.qualityOfService == .exactlyOnce ? .pubrec(answer) : .puback(answer)]
        }) { server, group in
            for qos in [QualityOfService.atLeastOnce, .exactlyOnce] {
                var load = settings(options(server, .v5_0))
                load.messages = 30
                load.qualityOfService = qos
                let result = try await LoadGenerator(load, group: group).run()
                #expect(result.acknowledged == 30)
                #expect(result.refusals[.notAuthorized]?.count == 3)
                #expect(result.refusals[.notAuthorized]?.example == "no right")
                #expect(result.refused == 3)
            }
        }
    }

    @Test func failsWhenAConnectionBreaks() async throws {
        try await withServer({ packet, version in
            if case .publish(let publish) = packet, publish.payload.text == "1:5" { return nil }
            return FakeServer.obedient(packet, version)
        }) { server, group in
            var load = settings(options(server))
            load.connections = 2
            load.messages = 1_000
            let broken = load
            let error = await #expect(throws: MQTTClientError.self) {
                _ = try await LoadGenerator(broken, group: group).run()
            }
            #expect(error?.code == .disconnected)
        }
    }

    @Test func failsWhenAConnectionIsRefused() async throws {
        try await withServer({ packet, version in
            guard case .connect(let connect) = packet, connect.clientID == "client-3" else {
                return FakeServer.obedient(packet, version)
            }
            return [.connack(ConnackPacket(reason: .notAuthorized))]
        }) { server, group in
            var load = settings(options(server))
            load.connections = 10
            let refused = load
            let error = await #expect(throws: MQTTClientError.self) {
                _ = try await LoadGenerator(refused, group: group).run()
            }
            #expect(error?.code == .refused && error?.reason == .notAuthorized)
        }
    }

    @Test func moreConnectionsThanMessages() async throws {
        try await withServer { server, group in
            var load = settings(options(server))
            load.connections = 100
            load.messages = 7
            let result = try await LoadGenerator(load, group: group).run()
            #expect(result.acknowledged == 7)
            #expect(server.log.connects.count == 100)
        }
    }

    @Test func latencyQuantiles() {
        var recorder = LatencyRecorder(), other = LatencyRecorder()
        #expect(recorder.quantile(0.5) == 0)
        for value in UInt64(1)...10_000 {
            if value % 2 == 0 { recorder.record(value * 1_000) } else { other.record(value * 1_000) }
        }
        recorder.add(other)
        #expect(recorder.count == 10_000)
        #expect(recorder.largest == 10_000_000)
        for (fraction, expected) in [(0.5, 5_000_000.0), (0.9, 9_000_000), (0.99, 9_900_000), (1, 10_000_000)] {
            let found = Double(recorder.quantile(fraction))
            #expect(abs(found - expected) / expected < 0.02, "\(fraction)")
        }
        var small = LatencyRecorder()
        for value in UInt64(0)..<200 { small.record(value) }
        #expect(small.quantile(0.25) == 49)
        small.record(.max)
        #expect(small.quantile(1) == .max)
    }
}
