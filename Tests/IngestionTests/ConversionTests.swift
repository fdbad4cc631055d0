// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` section 3.3: JSON values written into series whose type is known.
@Suite("Text to a known type")
struct ConversionTests {
    /// Type, JSON value, what is stored; nil = the column fails.
    typealias Line = (type: String, value: String, stored: String?)

    static let booleans: [Line] = [
        ("BOOLEAN", "true", "true"), ("BOOLEAN", "\"TRUE\"", "true"), ("BOOLEAN", "\"fAlse\"", "false"),
        ("BOOLEAN", "1", "true"), ("BOOLEAN", "0", "false"), ("BOOLEAN", "\"1\"", "true"), ("BOOLEAN", "2", nil),
        ("BOOLEAN", "\"yes\"", nil), ("BOOLEAN", "1.0", nil), ("BOOLEAN", "\"\"", nil), ("BOOLEAN", "NaN", nil),
    ]
    static let integers: [Line] = [
        ("INT32", "2147483647", "2147483647"), ("INT32", "-2147483648", "-2147483648"), ("INT32", "2147483648", nil),
        ("INT32", "\" 12 \"", "12"), ("INT32", "\"+5\"", "5"), ("INT32", "1.0", nil), ("INT32", "1E3", nil),
        ("INT32", "\"1.0\"", nil), ("INT32", "true", nil), ("INT32", "\"\"", nil), ("INT32", "\"0x10\"", nil),
        ("INT64", "9223372036854775807", "9223372036854775807"),
        ("INT64", "-9223372036854775808", "-9223372036854775808"), ("INT64", "9223372036854775808", nil),
        ("INT64", "9007199254740993", "9007199254740993"), ("INT64", "1.0", nil), ("INT64", "1E3", nil),
        ("INT64", "\" -7 \"", "-7"), ("INT64", "NaN", nil),
    ]
    static let numbers: [Line] = [
        ("FLOAT", "1", "1.0"), ("FLOAT", "0.1", "0.1"), ("FLOAT", "NaN", "nan"), ("FLOAT", "\"NaN\"", "nan"),
        ("FLOAT", "Infinity", nil), ("FLOAT", "1e39", nil), ("FLOAT", "3.4028235e38", "3.4028235e+38"),
        ("FLOAT", "\"0x1p3\"", "8.0"), ("FLOAT", "\"4f\"", "4.0"), ("FLOAT", "true", nil), ("FLOAT", "\"x\"", nil),
        ("DOUBLE", "1", "1.0"), ("DOUBLE", "0.1", "0.1"), ("DOUBLE", "NaN", "nan"), ("DOUBLE", "-Infinity", nil),
        ("DOUBLE", "1e400", nil), ("DOUBLE", "\"-Infinity\"", nil), ("DOUBLE", "1e-400", "0.0"),
        ("DOUBLE", "\" 2.5 \"", "2.5"), ("DOUBLE", "\"4d\"", "4.0"), ("DOUBLE", "\"x\"", nil), ("DOUBLE", "\"\"", nil),
    ]
    static let texts: [Line] = [
        ("TEXT", "\"\"", "\"\""), ("TEXT", "\"'a'\"", "\"'a'\""), ("TEXT", "\"\\\"a\\\"\"", "\"\"a\"\""),
        ("TEXT", "1.50", "\"1.50\""), ("TEXT", "true", "\"true\""), ("TEXT", "Infinity", "\"Infinity\""),
        ("TEXT", "\"\\u00fc\"", "\"ü\""), ("STRING", "12", "\"12\""), ("STRING", "\"x\"", "\"x\""),
    ]
    static let others: [Line] = [
        ("TIMESTAMP", "5", "5"), ("TIMESTAMP", "\"5\"", "5"), ("TIMESTAMP", "1.5", nil), ("TIMESTAMP", "true", nil),
        ("TIMESTAMP", "\"1970-01-01T00:00:01Z\"", "1000"), ("TIMESTAMP", "\"x\"", nil),
        ("DATE", "\"2026-02-28\"", "20260228"), ("DATE", "\"'2026-02-28'\"", "20260228"),
        ("DATE", "\"2026-02-29\"", nil),
        ("DATE", "20260228", nil), ("DATE", "true", nil),
        ("BLOB", "\"X'01fF'\"", "x01ff"), ("BLOB", "\"01ff\"", "x01ff"), ("BLOB", "\"'01ff'\"", "x01ff"),
        ("BLOB", "\"X''\"", "x"), ("BLOB", "\"1\"", nil), ("BLOB", "\"zz\"", nil), ("BLOB", "true", nil),
    ]

    @Test("existing series", arguments: booleans + integers + numbers + texts + others)
    func existing(_ line: Line) throws {
        let world = try World()
        try world.publish(
            row(#"["a"]"#, "[\(Self.sample(line.type))]", types: "[\"\(line.type)\"]", time: 0))
        let outcome = try world.publish(
            row(#"["a"]"#, "[\(line.value)]"))
        try Self.check(line, outcome, world, prefix: " 0=")
    }

    @Test("declared for a new series", arguments: booleans + integers + numbers + texts + others)
    func declared(_ line: Line) throws {
        let world = try World()
        let outcome = try world.publish(row(#"["a"]"#, "[\(line.value)]", types: "[\"\(line.type)\"]"))
        try Self.check(line, outcome, world, prefix: nil)
        if line.stored == nil { #expect(try world.stored().isEmpty) }
    }

    private static func check(_ line: Line, _ outcome: Outcome, _ world: World, prefix: String?) throws {
        let stored = try world.stored().first { $0.contains(" \(line.type)") }
        if let value = line.stored {
            #expect(outcome.problems.isEmpty)
            #expect(stored?.hasSuffix(" 1=\(value)") == true, "\(String(describing: stored))")
        } else {
            #expect(outcome.verdict.refusedRows == 1)
            #expect(
                outcome.problems == ["type_mismatch column[-1,-1]"]
                    || outcome.problems == ["value_too_large column[-1,-1]"])
            #expect(stored?.contains(" 1=") != true)
        }
        if let prefix { #expect(stored?.contains(prefix) == true) }
    }

    private static func sample(_ type: String) -> String {
        switch type {
        case "BOOLEAN": "true"
        case "TEXT", "STRING": "\"x\""
        case "DATE": "\"2026-01-01\""
        case "BLOB": "\"00\""
        default: "3"
        }
    }

    /// `mqtt-payloads.md` section 3.5.
    private static let mayReceive: [DataType: Set<DataType>] = [
        .boolean: [.boolean], .int32: [.int32], .int64: [.int32, .int64, .timestamp], .float: [.int32, .float],
        .double: [.int32, .int64, .float, .double, .timestamp], .text: [.text, .string], .string: [.text, .string],
        .blob: [.text, .string, .blob], .timestamp: [.int32, .int64, .timestamp], .date: [.date],
    ]

    @Test("a declared type against the type of the series", arguments: DataType.allCases)
    func declaredAgainstExisting(_ existing: DataType) throws {
        for declared in DataType.allCases {
            let world = try World()
            try world.publish(
                row(#"["a"]"#, "[\(Self.sample(existing.name))]", types: "[\"\(existing.name)\"]", time: 0))
            let outcome = try world.publish(
                row(#"["a"]"#, "[\(Self.sample(declared.name))]", types: "[\"\(declared.name)\"]"))
            let isAllowed = Self.mayReceive[existing]?.contains(declared) == true
            #expect(
                outcome.problems == (isAllowed ? [] : ["type_mismatch column[-1,-1]"]), "\(declared) into \(existing)")
            let line = try world.stored().first ?? ""
            #expect(line.contains(" 1=") == isAllowed, "\(line)")
            #expect(line.hasPrefix("root.sg.d.a \(existing.name) "))
        }
    }

    @Test("the text is read as the declared type, then converted")
    func declaredThenConverted() throws {
        let world = try World()
        try world.publish(
            row(
                ("measurements", #"["a","b","c"]"#), ("timestamp", "0"), ("values", #"[1,1,"00"]"#),
                ("device", #""root.sg.d""#), ("datatypes", #"["DOUBLE","INT64","BLOB"]"#)))
        let outcome = try world.publish(
            row(#"["a","b","c"]"#, #"[0.1,"1970-01-01T00:00:01Z","zz"]"#, types: #"["FLOAT","TIMESTAMP","TEXT"]"#))
        #expect(outcome.problems.isEmpty)
        #expect(
            try world.stored() == [
                "root.sg.d.a DOUBLE 0=1.0 1=0.10000000149011612", "root.sg.d.b INT64 0=1 1=1000",
                "root.sg.d.c BLOB 0=x00 1=x7a7a",
            ])
    }

    @Test("an integer that its DOUBLE or FLOAT series cannot hold is counted, declared or not")
    func inexact() throws {
        let world = try World()
        try world.publish(row(#"["a","b"]"#, "[1,1]", types: #"["DOUBLE","FLOAT"]"#))
        let declared = try world.publish(
            row(#"["a","b"]"#, "[9007199254740993,16777217]", types: #"["INT64","INT32"]"#))
        #expect(declared.count(.inexactInteger) == 2)
        let plain = try world.publish(row(#"["a","b"]"#, "[9007199254740993,16777217]"))
        #expect(plain.count(.inexactInteger) == 2)
        #expect(plain.problems.isEmpty)
    }
}
