// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import apus

@Suite struct CSVLiteralTests {
    private func literal(_ text: String, _ type: DataType?, quoted: Bool = false) throws -> String? {
        try CSVLiteral.text(CSVField(text: text, isQuoted: quoted), type, .milliseconds)
    }

    @Test func everyTypeHasItsForm() throws {
        #expect(try literal("TRUE", .boolean) == "true")
        #expect(try literal("-12", .int32) == "-12")
        #expect(try literal("9223372036854775807", .int64) == "9223372036854775807")
        #expect(try literal("1e-05", .double) == "1e-05")
        #expect(try literal("NaN", .float) == "NaN")
        #expect(try literal("-Infinity", .double) == "'-Infinity'")
        #expect(try literal("it's", .text) == "'it''s'")
        #expect(try literal("12", .string) == "'12'")
        #expect(try literal("0x01ff", .blob) == "X'01ff'")
        #expect(try literal("2024-02-29", .date) == "'2024-02-29'")
        #expect(try literal("1970-01-01T00:00:01Z", .timestamp) == "1000")
    }

    @Test func nothingIsNoValueAndQuotesAreAText() throws {
        #expect(try literal("", .text) == nil)
        #expect(try literal("", .text, quoted: true) == "''")
        #expect(try literal("", .int32, quoted: true) == nil)
    }

    @Test func withoutATypeTheServerFindsOne() throws {
        #expect(try literal("12", nil) == "12")
        #expect(try literal("1.5", nil) == "1.5")
        #expect(try literal("True", nil) == "true")
        #expect(try literal("12", nil, quoted: true) == "'12'")
        #expect(try literal("on", nil) == "'on'")
    }

    @Test(arguments: [
        ("yes", DataType.boolean), ("2147483648", .int32), ("1.5", .int64), ("one", .double), ("2024-02-30", .date),
        ("0x1", .blob), ("soon", .timestamp),
    ])
    func whatIsNoValueIsTold(_ text: String, _ type: DataType) {
        #expect(throws: FileTrouble.self) { _ = try CSVLiteral.text(CSVField(text: text), type, .milliseconds) }
    }

    @Test func headersNameSeriesAndTypes() throws {
        let record = CSVRecord(
            fields: ["Time", "root.a.d.s(INT32)", "root.a.d.`a b`", "root.b.x.s(text)"].map { CSVField(text: $0) },
            line: 1,
            bytes: [])
        let header = try CSVHeader(record)
        #expect(header.columns.map(\.type) == [.int32, nil, .text])
        #expect(header.columns.map(\.measurement) == ["s", "`a b`", "s"])
        #expect(header.devices.map(\.device) == ["root.a.d", "root.b.x"])
        #expect(header.devices.map(\.columns) == [[0, 1], [2]])
        #expect(
            CSVHeader.creations([header.columns[0]], device: "root.a.d", isAligned: false)
                == ["CREATE TIMESERIES root.a.d.s WITH DATATYPE=INT32"])
        #expect(
            CSVHeader.creations([header.columns[0]], device: "root.a.d", isAligned: true)
                == ["CREATE ALIGNED TIMESERIES root.a.d(s INT32)"])
    }

    @Test(arguments: [
        ["root.a.d.s"], ["Time"], ["Time", "root.a"], ["Time", "root.a.d.s(INTEGER)"], ["Time", "a.b.c"],
        ["Time", "root.a.d.s", "root.a.d.s(INT32)"],
    ])
    func headersThatAreNoneAreRefused(_ names: [String]) {
        let record = CSVRecord(fields: names.map { CSVField(text: $0) }, line: 1, bytes: [])
        #expect(throws: FileTrouble.self) { _ = try CSVHeader(record) }
    }
}
