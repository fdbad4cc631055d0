// SPDX-License-Identifier: Apache-2.0

import Foundation
import MQTTClient

/// What `apus bench` prints.
struct BenchReport: Encodable, Sendable {
    var connections: Int
    var inFlight: Int
    var qos: Int
    var mqttVersion: String
    var rowsPerMessage: Int
    var measurements: Int
    var messages: Int
    var acknowledged: Int
    var refused: Int
    var seconds: Double
    var messagesPerSecond: Double
    var pointsPerSecond: Double
    var acknowledgementMeanMilliseconds: Double
    var acknowledgementP50Milliseconds: Double
    var acknowledgementP90Milliseconds: Double
    var acknowledgementP99Milliseconds: Double
    var acknowledgementP999Milliseconds: Double
    var acknowledgementMaxMilliseconds: Double
    /// Reason and one of its texts; MQTT 5 only.
    var refusals: [String: String]

    init(_ result: LoadResult, of command: BenchCommand) {
        connections = command.connections
        inFlight = command.inFlight
        qos = command.qos
        mqttVersion = command.mqttVersion.rawValue
        rowsPerMessage = command.rows
        measurements = command.measurements
        messages = result.messages
        acknowledged = result.acknowledged
        refused = result.refused
        seconds = result.seconds
        messagesPerSecond = result.messagesPerSecond
        pointsPerSecond = result.messagesPerSecond * Double(command.rows * command.measurements)
        acknowledgementMeanMilliseconds = result.latency.mean * 1_000
        acknowledgementP50Milliseconds = result.latency.p50 * 1_000
        acknowledgementP90Milliseconds = result.latency.p90 * 1_000
        acknowledgementP99Milliseconds = result.latency.p99 * 1_000
        acknowledgementP999Milliseconds = result.latency.p999 * 1_000
        acknowledgementMaxMilliseconds = result.latency.max * 1_000
        refusals = Dictionary(
            result.refusals.map { ("\($0.key)", "\($0.value.count) times, for example: \($0.value.example)") },
            uniquingKeysWith: { first, _ in first })
    }

    /// One JSON object.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// A few lines for people.
    func text() -> String {
        var lines = [
            "\(messages) messages of \(rowsPerMessage) x \(measurements) values, MQTT \(mqttVersion), QoS \(qos), "
                + "\(connections) connections, \(inFlight) in flight each: \(Self.decimal(seconds, 2)) s",
            "  messages/s      \(Self.grouped(messagesPerSecond))",
            "  points/s        \(Self.grouped(pointsPerSecond))",
        ]
        if qos > 0 {
            lines.append(
                "  acknowledged    p50 \(Self.decimal(acknowledgementP50Milliseconds, 2)) ms, "
                    + "p90 \(Self.decimal(acknowledgementP90Milliseconds, 2)) ms, "
                    + "p99 \(Self.decimal(acknowledgementP99Milliseconds, 2)) ms, "
                    + "max \(Self.decimal(acknowledgementMaxMilliseconds, 2)) ms")
        }
        for (reason, example) in refusals.sorted(by: { $0.key < $1.key }) {
            lines.append("  REFUSED \(reason): \(example)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `1,234,567`.
    static func grouped(_ number: Double) -> String {
        let digits = Array(String(Int(number.rounded())))
        return digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digits[index])
        }
    }

    static func decimal(_ number: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", number)
    }
}
