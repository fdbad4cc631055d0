// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

/// Every line of the table of mqtt-payloads 2.3.
@Suite("Reading each value, mqtt-payloads 2.3")
struct ValueTableTests {
    private func problems(_ key: String, _ value: String?, in make: ([(String, String?)]) -> String = row) -> [String] {
        let alone = Formatted(make([(key, value)]))
        #expect(alone.lines == [])
        // In a list the neighbours stay.
        let list = Formatted("[\(row()),\(make([(key, value)])),\(row())]")
        #expect(list.lines == [rowLine, rowLine])
        #expect(list.problems.count == alone.problems.count)
        return alone.problems
    }

    @Test("device that is no string", arguments: ["5", "true", #"["root.sg.d1"]"#, "null", "{}", "[]", "-1", "NaN"])
    func device(_ value: String) {
        #expect(problems("device", value) == ["wrong_shape element[-1,-1]"])
        #expect(problems("device", value, in: batch) == ["wrong_shape element[-1,-1]"])
    }

    @Test("device missing or empty")
    func noDevice() {
        #expect(problems("device", nil) == ["missing_field element[-1,-1]"])
        #expect(problems("device", #""""#) == ["bad_path element[-1,-1]"])
    }

    @Test(
        "timestamp taken",
        arguments: [
            ("5", 5), ("-5", -5), ("0", 0), ("-0", 0), (#""1586076045524""#, 1_586_076_045_524), (#""-7""#, -7),
            (#""+7""#, 7), (#""007""#, 7), ("1.586076045524E12", 1_586_076_045_524), ("5.0", 5), ("-5.00", -5),
            ("50e-1", 5), ("0.5e1", 5), ("0e400", 0), ("0.000e5", 0), (#""\u0035""#, 5), ("1E3", 1_000),
        ] as [(String, Int64)])
    func timestamp(_ value: String, _ time: Int64) {
        let result = Formatted(row([("timestamp", value)]))
        #expect(result.rows.times == [time])
        #expect(result.problems == [])
        #expect(result.count(.fractionalTimestamp) == 0)
        #expect(Formatted(batch([("timestamps", "[\(value)]"), ("values", "[[1,2]]")])).rows.times == [time])
    }

    @Test(
        "timestamp with a fraction: cut toward zero and counted",
        arguments: [
            ("1.9", 1), ("-0.9", 0), ("-1.9", -1), ("1586076045524.37", 1_586_076_045_524), ("1e-400", 0),
            ("15.5e-1", 1), ("123456.7e1", 1_234_567), ("0.99999999999999999999999", 0),
        ] as [(String, Int64)])
    func fraction(_ value: String, _ time: Int64) {
        let result = Formatted(row([("timestamp", value)]))
        #expect(result.rows.times == [time])
        #expect(result.count(.fractionalTimestamp) == (value == "123456.7e1" ? 0 : 1))
        let rows = Formatted(batch([("timestamps", "[1,\(value)]")]))
        #expect(rows.rows.times == [1, time])
        #expect(rows.count(.fractionalTimestamp) == (value == "123456.7e1" ? 0 : 1))
    }

    @Test("a fraction is refused where the setting says so")
    func fractionRefused() {
        let result = Formatted(row([("timestamp", "1.9")])) { $0.truncatesFractionalTimestamps = false }
        #expect(result.problems == ["bad_time element[-1,-1]"])
        #expect(result.messages[0].contains("mqtt_fractional_timestamp=truncate"))
        #expect(Formatted(row([("timestamp", "5.0")])) { $0.truncatesFractionalTimestamps = false }.rows.times == [5])
        let rows = Formatted(batch([("timestamps", "[1,1.5]")])) { $0.truncatesFractionalTimestamps = false }
        #expect(rows.problems == ["bad_time row[-1,1]"])
    }

    @Test(
        "timestamp beyond 64 bits",
        arguments: [
            "9223372036854775808", "-9223372036854775809", "1e30", "1e400", "-1e19", "9223372036854775807.5e1",
            "99999999999999999999999999", #""9223372036854775808""#,
        ])
    func beyond64Bits(_ value: String) {
        #expect(problems("timestamp", value) == ["bad_time element[-1,-1]"])
        #expect(Formatted(row([("timestamp", value)])).messages[0].contains("64 bits"))
        #expect(Formatted(batch([("timestamps", "[1,\(value)]")])).problems == ["bad_time row[-1,1]"])
    }

    @Test(
        "timestamp that is no integer",
        arguments: [
            #""1.5""#, #""""#, #"" 5""#, #""5 ""#, #""0x5""#, "true", "null", "{}", "[7]", "NaN", "Infinity",
            "-Infinity",
            #""2020-01-01""#,
        ])
    func noInteger(_ value: String) {
        #expect(problems("timestamp", value) == ["bad_time element[-1,-1]"])
        #expect(Formatted(row([("timestamp", value)])).messages[0].contains("is not an integer"))
        let rows = Formatted(batch([("timestamps", "[\(value),1586076065526]")]))
        #expect(rows.lines == [batchLines[1]])
        #expect(rows.problems == ["bad_time row[-1,0]"])
        #expect(rows.rows.rowIndexes == [1])
        #expect(rows.rows.refusedRows == 1)
    }

    @Test("timestamps that is no array", arguments: ["5", "null", #""5""#, "{}", "true"])
    func timestamps(_ value: String) {
        #expect(problems("timestamps", value, in: batch) == ["wrong_shape element[-1,-1]"])
    }

    @Test("measurements missing or no array", arguments: [nil, "5", "null", #""s1""#, "{}", "true"])
    func measurements(_ value: String?) {
        let code = value == nil ? "missing_field" : "wrong_shape"
        #expect(problems("measurements", value) == ["\(code) element[-1,-1]"])
        #expect(problems("measurements", value, in: batch) == ["\(code) element[-1,-1]"])
    }

    @Test("a measurement that is no string", arguments: ["5", "true", "null", #"["s"]"#, "{}"])
    func measurement(_ value: String) {
        let result = Formatted(row([("measurements", "[\"s1\",\(value)]")]))
        #expect(result.problems == ["wrong_shape element[-1,-1]"])
        #expect(result.messages[0].contains("measurements[1] `\(value)`"))
    }

    @Test("a name twice, however it is written and however many there are")
    func repeatedNames() {
        let escaped = Formatted(row([("measurements", #"["s1","\u0073\u0031"]"#)]))
        #expect(escaped.problems == ["duplicate_key element[-1,-1]"])
        #expect(escaped.messages[0].contains("measurement `s1` occurs twice"))
        for count in [2, 16, 17, 18, 64, 1_000] {
            var names = (0..<count).map { "\"measurement\($0)\"" }
            let values = "[" + [String](repeating: "1", count: count).joined(separator: ",") + "]"
            func format() -> Formatted {
                Formatted(row([("measurements", "[" + names.joined(separator: ",") + "]"), ("values", values)]))
            }
            #expect(format().problems == [], "\(count)")
            names[count - 1] = names[0]
            #expect(format().problems == ["duplicate_key element[-1,-1]"], "\(count)")
            #expect(format().messages[0].contains("measurement0"))
        }
    }

    @Test("values missing, null or no array", arguments: [nil, "null", "5", #""x""#, "{}", "true"])
    func values(_ value: String?) {
        let code = value == nil ? "missing_field" : "wrong_shape"
        #expect(problems("values", value) == ["\(code) element[-1,-1]"])
        #expect(problems("values", value, in: batch) == ["\(code) element[-1,-1]"])
    }

    @Test("an inner array that is null refuses its row")
    func nullRow() {
        let result = Formatted(batch([("values", "[null,[0.530655,0.530695]]")]))
        #expect(result.lines == [batchLines[1]])
        #expect(result.problems == ["wrong_shape row[-1,0]"])
        let last = Formatted(batch([("values", "[[0.530635,0.530635],null]")]))
        #expect(last.lines == [batchLines[0]])
        #expect(last.problems == ["wrong_shape row[-1,1]"])
        #expect(
            Formatted(batch([("values", "[null,null]")])).problems == [
                "wrong_shape row[-1,0]", "wrong_shape row[-1,1]",
            ])
    }

    @Test("flat values of a batch refuse the element", arguments: ["[1,2]", "[null,1]", "[true]", #"["x"]"#])
    func flat(_ values: String) {
        #expect(problems("values", values, in: batch) == ["wrong_shape element[-1,-1]"])
    }

    @Test("entries of a batch's values that are no arrays refuse their row", arguments: ["5", "{}", #""x""#, "true"])
    func oddEntry(_ entry: String) {
        let result = Formatted(batch([("values", "[[0.530635,0.530635],\(entry)]")]))
        #expect(result.lines == [batchLines[0]])
        #expect(result.problems == ["wrong_shape row[-1,1]"])
        let first = Formatted(batch([("values", "[\(entry),[0.530655,0.530695]]")]))
        #expect(first.lines == [batchLines[1]])
        #expect(first.problems == ["wrong_shape row[-1,0]"])
    }

    @Test(
        "the literal of a number is kept",
        arguments: ["1.50", "-0", "-0.0", "1E5", "12345678901234567890", "0.1e-7", "1e400"])
    func literals(_ literal: String) throws {
        let result = Formatted(row([("values", "[\(literal),1]")]))
        let cell = try #require(result.rows.cells.first)
        #expect(result.rows.string(cell.text) == literal)
    }

    @Test("numbers as cells")
    func numbers() throws {
        func cell(_ literal: String) throws -> IncomingCell {
            try #require(Formatted(row([("values", "[\(literal),1]")])).rows.cells.first)
        }
        #expect(try cell("9223372036854775807").kind == .integer)
        #expect(try cell("-9223372036854775808").bits == UInt64(bitPattern: .min))
        #expect(try cell("-9223372036854775808").kind == .integer)
        #expect(try cell("9223372036854775808").kind == .decimal)
        #expect(try cell("-9223372036854775809").kind == .decimal)
        #expect(try cell("9999999999999999999").kind == .decimal)
        #expect(try cell("1.0").kind == .decimal)
        #expect(try cell("1E3").bits == 1_000.0.bitPattern)
        #expect(try cell("-0.0").bits == (-0.0).bitPattern)
        #expect(try Double(bitPattern: cell("1e400").bits) == .infinity)
        #expect(try Double(bitPattern: cell("-Infinity").bits) == -.infinity)
        #expect(try Double(bitPattern: cell("NaN").bits).isNaN)
        for text in [
            "0.1", "0.30000000000000004", "4.9387406015404442E17", "5e-324", "1.7976931348623157e308",
            "0.00000000000000000001",
            "123456789012345678901234567890.5", "99999999999999999999", "0.99999999999999999999",
            "1234567890.1234567891", "9007199254740993.0", "0.000000000000000000000000000012345678901234567",
        ] {
            #expect(try Double(bitPattern: cell(text).bits) == Double(text), "\(text)")
        }
    }

    @Test("strings are text whose type is inferred, or stay text")
    func strings() {
        let payload = row([("values", #"["12","null"]"#)])
        #expect(Formatted(payload).lines == [#"root.sg.d1@1586076045524 s1="12" s2="null""#])
        #expect(
            Formatted(payload) { $0.keepsStringsAsText = true }.lines == [
                "root.sg.d1@1586076045524 s1='12' s2='null'"
            ])
    }

    @Test("nulls skip their column, a row of nulls is no error")
    func nulls() {
        let result = Formatted(row([("values", "[null,null]"), ("datatypes", #"["INT32","TEXT"]"#)]))
        #expect(result.lines == ["root.sg.d1@1586076045524 s1:INT32=null s2:TEXT=null"])
        #expect(result.problems == [])
    }

    @Test("a value that is an object or array refuses its row", arguments: [#"{"x":1}"#, "[1]", "[]", "{}", "[[[1]]]"])
    func container(_ value: String) {
        #expect(Formatted(row([("values", "[1,\(value)]")])).problems == ["wrong_shape element[-1,-1]"])
        #expect(Formatted(row([("values", "[\(value),1]")])).problems == ["wrong_shape element[-1,-1]"])
        let result = Formatted(batch([("values", "[[1,\(value)],[0.530655,0.530695]]")]))
        #expect(result.lines == [batchLines[1]])
        #expect(result.problems == ["wrong_shape row[-1,0]"])
        #expect(result.messages[0].contains("values[1] `\(value)`"))
    }

    @Test("datatypes", arguments: DataType.allCases)
    func types(_ type: DataType) {
        let result = Formatted(row([("datatypes", #"["\#(type.name)","TEXT"]"#)]))
        #expect(result.rows.declaredTypes == [type, .text])
        let batch = Formatted(batch([("datatypes", #"["\#(type.name)","TEXT"]"#)]))
        #expect(batch.lines.count == 2)
        #expect(batch.rows.declaredTypes == [type, .text])
    }

    @Test("datatypes: null is absent")
    func nullTypes() {
        #expect(Formatted(row([("datatypes", "null")])).lines == [rowLine])
    }

    @Test(
        "datatypes refused",
        arguments: [
            ("5", "wrong_shape"), (#""INT32""#, "wrong_shape"), ("{}", "wrong_shape"), ("NaN", "wrong_shape"),
            (#"["INT32",5]"#, "wrong_shape"), (#"["INT32",null]"#, "wrong_shape"),
            (#"["INT32","int64"]"#, "unsupported_type"),
            (#"["OBJECT","TEXT"]"#, "unsupported_type"), (#"["INT32","VECTOR"]"#, "unsupported_type"),
            (#"["INT32"]"#, "length_mismatch"), ("[]", "length_mismatch"),
            (#"["TEXT","TEXT","TEXT"]"#, "length_mismatch"),
        ])
    func badTypes(_ value: String, _ code: String) {
        #expect(problems("datatypes", value) == ["\(code) element[-1,-1]"])
        #expect(problems("datatypes", value, in: batch) == ["\(code) element[-1,-1]"])
    }
}
