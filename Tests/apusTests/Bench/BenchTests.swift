// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import MQTTClient
import NIOCore
import Testing

@testable import apus

@Suite struct BenchTests {
    private func message(
        rows: Int, measurements: Int, connection: Int = 0, index: Int = 0
    ) throws -> [String: Any] {
        let payload = BenchPayload(rows: rows, measurements: measurements, firstTime: 1_700_000_000_000)
        var buffer = ByteBuffer()
        payload.write(connection: connection, index: index, into: &buffer)
        let object = try JSONSerialization.jsonObject(with: Data(buffer.readableBytesView))
        return try #require(object as? [String: Any])
    }

    @Test func singleRow() throws {
        let message = try message(rows: 1, measurements: 2, connection: 42, index: 7)
        #expect(message["device"] as? String == "root.bench.d000042")
        #expect(message["timestamp"] as? Int == 1_700_000_000_007)
        #expect(message["measurements"] as? [String] == ["s0", "s1"])
        #expect((message["values"] as? [Double])?.count == 2)
    }

    @Test func batch() throws {
        let message = try message(rows: 100, measurements: 5, connection: 123_456, index: 3)
        #expect(message["device"] as? String == "root.bench.d123456")
        #expect(message["timestamps"] as? [Int] == (0..<100).map { 1_700_000_000_300 + $0 })
        let values = try #require(message["values"] as? [[Double]])
        #expect(values.count == 100)
        #expect(values.allSatisfy { $0.count == 5 })
        #expect(Set(values.flatMap { $0 }).count > 400, "values that repeat would compress away")
    }

    /// Messages of one connection differ only in their times, and never share one.
    @Test func timesGoOn() throws {
        let first = try message(rows: 3, measurements: 1, index: 0)["timestamps"] as? [Int]
        let second = try message(rows: 3, measurements: 1, index: 1)["timestamps"] as? [Int]
        #expect(Set(first ?? []).isDisjoint(with: second ?? []))
    }

    @Test func report() throws {
        var result = LoadResult()
        result.messages = 1_000
        result.acknowledged = 1_000
        result.seconds = 0.5
        result.latency.p50 = 0.001
        result.latency.p99 = 0.0125
        let command = try #require(
            try Apus.parseAsRoot(["bench", "--rows", "10", "--measurements", "5"]) as? BenchCommand)
        let report = BenchReport(result, of: command)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(try report.json().utf8)) as? [String: Any])
        #expect(json["messagesPerSecond"] as? Double == 2_000)
        #expect(json["pointsPerSecond"] as? Double == 100_000)
        #expect(json["acknowledgementP50Milliseconds"] as? Double == 1)
        #expect(json["acknowledgementP99Milliseconds"] as? Double == 12.5)
        #expect(report.text().contains("messages/s      2,000"))
        #expect(report.text().contains("p99 12.50 ms"))
    }

    @Test(arguments: [(0.0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567.6, "1,234,568")])
    func groupedNumbers(number: Double, text: String) { #expect(BenchReport.grouped(number) == text) }
}
