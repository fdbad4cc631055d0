// SPDX-License-Identifier: Apache-2.0

import Ingestion
import MQTTClient
import MQTTProtocol
import NIOCore
import NIOPosix
import StorageTestSupport
import Testing

@testable import MQTTService

/// `mqtt-payloads.md` section 10.3.
@Suite("Metrics, log and dead letters", .timeLimit(.minutes(1)))
struct ReportTests {
    @Test("what is counted")
    func metrics() async throws {
        try await Server.run {
            $0.ingestion.problemsMax = 1
        } _: { server, port in
            let client = try await ConformanceTests.connect(ConformanceTests.options(port))
            let payloads = [
                row(1), "[\(row(2)),{},{}]", "{", "[]", row(3, "\"x\""), row(4, "9007199254740993"),
                #"{"device":"root.sg.d","timestamps":[5,6,7],"measurements":["a"],"values":[["x"],["y"],[8]]}"#,
            ]
            for payload in payloads { _ = try await client.publish(payload, to: "t") }
            _ = try await client.publish("also broken", to: "t", .exactlyOnce)
            try await server.settle()
            let outcomes = ["stored", "partly_refused", "refused", "empty", "refused_by_schema", "denied"]
            #expect(outcomes.map { server.metric("mqtt_payloads_total", $0) } == [2, 2, 2, 1, 1, 0])
            #expect(server.metric("mqtt_rows_stored_total") == 4)
            #expect(server.metric("mqtt_points_stored_total") == 4)
            #expect(server.metric("mqtt_rows_refused_total") == 5)
            // Only one problem of a message is kept, but all are counted.
            #expect(server.metric("mqtt_problems_total", "type_mismatch") == 3)
            #expect(server.metric("mqtt_problems_total", "missing_field") == 2)
            #expect(server.metric("mqtt_problems_total", "bad_json") == 2)
            #expect(server.metric("mqtt_oddities_total", "inexact_integer") == 1)
            let bytes = payloads.reduce("also broken".utf8.count) { $0 + $1.utf8.count }
            #expect(server.metric("mqtt_payload_bytes_total") == Double(bytes))
            #expect(server.metric("mqtt_dead_letters") == 5)
            #expect(server.metric("mqtt_dead_letter_bytes") > 100)
            #expect(server.metric("mqtt_commit_latency_seconds_count") >= 7)
            #expect(server.metric("mqtt_queue_bytes") == 0)
            #expect(server.metric("mqtt_connections_total") == 1)
            #expect(server.metric("mqtt_connections") == 1)
            #expect(server.metric("mqtt_messages_received_total", "1") == 7)
            #expect(server.metric("mqtt_messages_received_total", "2") == 1)
            await client.disconnect()
        }
    }

    @Test("refusals are counted even if nothing of them goes to the disk")
    func withoutDisk() async throws {
        try await Server.run {
            $0.deadLetters.bytesMax = 0
        } _: { server, port in
            let client = try await ConformanceTests.connect(ConformanceTests.options(port))
            _ = try await client.publish("{", to: "t")
            try await server.settle()
            #expect(server.metric("mqtt_payloads_total", "refused") == 1)
            #expect(server.metric("mqtt_dead_letters") == 0)
            await client.disconnect()
        }
    }

    @Test("log lines name everything, are limited per client, and tell how many were not written")
    func logLines() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port, id: "noisy")
            try await client.send((1...9).map { publish("{\n", UInt16($0), topic: "a/b") })
            _ = try await client.next(9)
            var refusals = server.lines.all.filter { $0.hasPrefix("publish refused") }
            #expect(refusals.count == RefusalLog.linesPerWindow)
            let first = try #require(refusals.first)
            for part in [
                "bad_json", "client=noisy", "user=root", "topic=a/b", "qos=1", "payload={\\x0a", "suppressed=0",
            ] {
                #expect(first.contains(part), "\(first) has \(part)")
            }
            server.clock.advance(milliseconds: RefusalLog.windowMilliseconds)
            try await client.send(publish("{", 10))
            _ = try await client.next()
            refusals = server.lines.all.filter { $0.hasPrefix("publish refused") }
            #expect(refusals.count == RefusalLog.linesPerWindow + 1)
            #expect(refusals.last?.contains("suppressed=4") == true)
            // Another client has lines of its own.
            let other = try await RawClient.connected(server, port, id: "other")
            try await other.send(publish("{", 1))
            _ = try await other.next()
            #expect(server.lines.all.last?.contains("client=other") == true)
        }
    }

    @Test("what was kept quiet is told when the connection ends")
    func suppressedAtTheEnd() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port, id: "noisy")
            try await client.send((1...8).map { publish("{", UInt16($0)) })
            _ = try await client.next(8)
            try await client.send(.disconnect(DisconnectPacket()))
            _ = try await client.waitForEnd()
            let line = server.lines.all.first { $0.hasPrefix("publishes refused") }
            #expect(line?.contains("client=noisy suppressed=3") == true)
        }
    }

    @Test("a flood of refusals keeps ten dead letters a second, and counts the rest")
    func flood() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            try await client.send((1...30).map { publish("{", UInt16($0)) })
            #expect(try await client.next(30).count == 30)
            try await server.settle()
            #expect(server.metric("mqtt_dead_letters") == 10)
            #expect(server.metric("mqtt_dead_letters_skipped_total") == 20)
            #expect(server.metric("mqtt_payloads_total", "refused") == 30)
        }
    }

    @Test("a long payload is kept in part and logged in part")
    func longPayload() async throws {
        try await Server.run { server, port in
            let client = try await RawClient.connected(server, port)
            try await client.send(publish("{" + String(repeating: "x", count: 70_000), 1))
            _ = try await client.next()
            let letter = try server.deadLetters.letters(after: nil, limit: 1).first?.letter
            #expect(letter?.isReplayable == false)
            #expect(letter?.payload.count == 65_536)
            #expect(letter?.payloadLength == 70_001)
            let line = try #require(server.lines.all.first { $0.hasPrefix("publish refused") })
            #expect(
                line.contains(String(repeating: "x", count: 255)) && !line.contains(String(repeating: "x", count: 256)))
        }
    }
}
