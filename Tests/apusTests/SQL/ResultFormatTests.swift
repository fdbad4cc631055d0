// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TimeSeriesModel

@testable import apus

@Suite struct ResultFormatTests {
    private let rows = SQLRows(
        columns: [SQLColumn(name: "root.d.s", type: "DOUBLE"), SQLColumn(name: "温度", type: "TEXT")],
        times: [1_586_076_045_524, -1], values: [[.number(0.5), .null], [.text("a,\"b\"\n"), .text("深圳")]])

    private func text(_ format: ResultFormat, _ precision: TimestampPrecision = .milliseconds) -> String {
        ResultPrinter(format: format, precision: precision).text(rows)
    }

    @Test func tablesAreAlignedAndShowControlCharacters() {
        #expect(
            text(.table) == #"""
                +------------------------+--------+-------+
                |                    Time|root.d.s|   温度|
                +------------------------+--------+-------+
                |2020-04-05T08:40:45.524Z|     0.5|a,"b"\n|
                |1969-12-31T23:59:59.999Z|    null|   深圳|
                +------------------------+--------+-------+
                Total line number = 2

                """#)
    }

    @Test func csvFollowsRFC4180() {
        #expect(text(.csv) == "Time,root.d.s,温度\n1586076045524,0.5,\"a,\"\"b\"\"\n\"\n-1,,深圳\n")
    }

    @Test func jsonIsReadBackByAnIndependentParser() throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(text(.json).utf8)) as? [[String: Any]]
        #expect(parsed?.count == 2)
        #expect(parsed?[0]["Time"] as? Int64 == 1_586_076_045_524)
        #expect(parsed?[0]["温度"] as? String == "a,\"b\"\n")
        #expect(parsed?[1]["root.d.s"] is NSNull)
    }

    @Test func datesHaveTheDigitsOfThePrecision() {
        #expect(TableText.date(0, .milliseconds) == "1970-01-01T00:00:00.000Z")
        #expect(TableText.date(-1, .microseconds) == "1969-12-31T23:59:59.999999Z")
        #expect(TableText.date(1_000_000_001, .nanoseconds) == "1970-01-01T00:00:01.000000001Z")
        #expect(TableText.date(.min, .nanoseconds) == "1677-09-21T00:12:43.145224192Z")
        #expect(TableText.date(.min, .milliseconds).hasSuffix(":04.192Z"))
        #expect(TableText.date(951_782_400_000, .milliseconds) == "2000-02-29T00:00:00.000Z")
    }

    @Test func anEmptyResultSaysSo() {
        let empty = SQLRows(columns: [SQLColumn(name: "a", type: "TEXT")], times: nil, values: [[]])
        #expect(ResultPrinter(format: .table, precision: .milliseconds).text(empty).hasSuffix("Empty set.\n"))
        #expect(ResultPrinter(format: .json, precision: .milliseconds).text(empty) == "[]\n")
        #expect(ResultPrinter(format: .csv, precision: .milliseconds).text(empty) == "a\n")
    }
}
