// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

@Suite("Limits")
struct LimitTests {
    private func list(_ entry: String, _ count: Int) -> String {
        "[" + [String](repeating: entry, count: count).joined(separator: ",") + "]"
    }

    @Test("rows")
    func rows() {
        func rows(_ count: Int, _ extraValues: Int = 0) -> Formatted {
            Formatted(batch([("timestamps", list("1", count)), ("values", list("[1,2]", count + extraValues))])) {
                $0.limits.rowsMax = 3
            }
        }
        #expect(rows(3).lines.count == 3)
        #expect(rows(4).problems == ["too_many_values payload[-1,-1]"])
        #expect(rows(4).messages[0].contains("more than 3 rows (mqtt_json_rows_max)"))
        #expect(rows(3, 1).problems == ["too_many_values payload[-1,-1]"])
    }

    @Test("rows of many elements count together")
    func rowsTogether() {
        let payload = "[\(row()),\(row()),\(row())]"
        #expect(Formatted(payload) { $0.limits.rowsMax = 3 }.lines.count == 3)
        #expect(Formatted(payload) { $0.limits.rowsMax = 2 }.problems == ["too_many_values payload[-1,-1]"])
        let mixed = "[\(row()),\(batch())]"
        #expect(Formatted(mixed) { $0.limits.rowsMax = 3 }.lines.count == 3)
        #expect(Formatted(mixed) { $0.limits.rowsMax = 2 }.problems == ["too_many_values payload[-1,-1]"])
    }

    @Test("entries of values that are no rows count, too")
    func entries() {
        for entry in ["{}", "[]", "null", "[[]]"] {
            let result = Formatted(batch([("values", list(entry, 4))])) {
                $0.limits.rowsMax = 3
                $0.limits.valuesMax = 3
            }
            #expect(result.problems == ["too_many_values payload[-1,-1]"], "\(entry)")
        }
    }

    @Test("values")
    func values() {
        #expect(Formatted(batch()) { $0.limits.valuesMax = 4 }.lines == batchLines)
        let result = Formatted(batch()) { $0.limits.valuesMax = 3 }
        #expect(result.problems == ["too_many_values payload[-1,-1]"])
        #expect(result.messages[0].contains("more than 3 values (mqtt_json_values_max)"))
        #expect(
            Formatted("[\(row()),\(row())]") { $0.limits.valuesMax = 3 }.problems == ["too_many_values payload[-1,-1]"])
    }

    @Test("columns")
    func columns() {
        #expect(Formatted(row()) { $0.limits.columnsMax = 2 }.lines == [rowLine])
        let result = Formatted("[\(row()),\(row([("measurements", #"["a","b","c"]"#)]))]") { $0.limits.columnsMax = 2 }
        #expect(result.lines == [rowLine])
        #expect(result.problems == ["too_many_values element[1,-1]"])
        #expect(result.messages[0].contains("3 columns; at most 2 (mqtt_json_columns_max)"))
        let types = Formatted(row([("datatypes", #"["TEXT","TEXT","TEXT"]"#)])) { $0.limits.columnsMax = 2 }
        #expect(types.problems == ["too_many_values element[-1,-1]"])
    }

    @Test("nesting")
    func nesting() {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String {
            row([("x", String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth))])
        }
        for (open, close) in [("[", "]"), (#"{"k":"#, "}")] {
            // The element itself is the first level.
            #expect(Formatted(nested(15, open, close)).lines == [rowLine])
            #expect(Formatted(nested(16, open, close)).problems == ["bad_json payload[-1,-1]"])
            #expect(Formatted("[\(nested(14, open, close))]").lines == [rowLine])
            #expect(Formatted("[\(nested(15, open, close))]").problems == ["bad_json payload[-1,-1]"])
            #expect(Formatted(nested(62, open, close)) { $0.limits.nestingMax = 1_000 }.lines == [rowLine])
            #expect(Formatted(nested(63, open, close)) { $0.limits.nestingMax = 1_000 }.problems.count == 1)
            #expect(Formatted(nested(100_000, open, close)).problems == ["bad_json payload[-1,-1]"])
        }
        #expect(Formatted(nested(16, "[", "]")).messages[0].contains("deeper than 16 levels (mqtt_json_nesting_max)"))
        #expect(Formatted(String(repeating: "[", count: 100_000)).problems == ["bad_json payload[-1,-1]"])
    }

    @Test("values inside of the shapes count as levels, too")
    func nestedValues() {
        let deep = String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
        #expect(Formatted(row([("values", "[1,\(deep)]")])).problems == ["bad_json payload[-1,-1]"])
    }

    @Test("problems beyond the limit are counted, not kept")
    func problems() {
        let result = Formatted("[" + [String](repeating: "{}", count: 10).joined(separator: ",") + ",\(row())]") {
            $0.limits.problemsMax = 4
        }
        #expect(result.rows.problems.count == 4)
        #expect(result.rows.problemCount == 10)
        #expect(result.rows.problemCounts[Int(ProblemCode.missingField.rawValue)] == 10)
        #expect(result.rows.refusedRows == 10)
        #expect(result.lines == [rowLine])
        let rows = Formatted(batch([("timestamps", list("null", 10)), ("values", list("[1,2]", 10))])) {
            $0.limits.problemsMax = 4
        }
        #expect(rows.rows.problems.count == 4)
        #expect(rows.rows.refusedRows == 10)
        #expect(rows.rows.problemCounts[Int(ProblemCode.badTime.rawValue)] == 10)
    }

    @Test("long numbers")
    func longNumbers() {
        func number(_ digits: Int) -> String { "1" + String(repeating: "0", count: digits - 1) }
        let longest = NumberText.literalBytesMax
        #expect(Formatted(row([("values", "[\(number(longest)),1]")])).problems == [])
        let result = Formatted(row([("values", "[\(number(longest + 1)),1]")]))
        #expect(result.problems == ["value_too_large payload[-1,-1]"])
        #expect(Formatted(row([("timestamp", number(longest))])).problems == ["bad_time element[-1,-1]"])
        #expect(Formatted(row([("timestamp", "1e" + number(longest - 2))])).problems == ["bad_time element[-1,-1]"])
    }

    @Test("messages stay short, whatever the payload")
    func shortMessages() {
        let long = String(repeating: "x", count: 100_000)
        for payload in [
            row([("timestamp", "\"\(long)\"")]), row([("datatypes", "[\"\(long)\",\"TEXT\"]")]), "[\"\(long)\"]", long,
            row([("measurements", "[\"\(long)\",\"\(long)\"]")]), row([("device", "[\"\(long)\"]")]),
        ] {
            #expect(Formatted(payload).messages.allSatisfy { $0.utf8.count < 300 })
        }
    }

    @Test("the capacity of the rows is kept from message to message")
    func warm() {
        var rows = IncomingRows()
        let formatter = JSONPayloadFormatter()
        let payload = Array(batch().utf8)
        Formatted.format(payload, formatter, into: &rows)
        let capacities = [rows.text.capacity, rows.cells.capacity, rows.times.capacity, rows.groups.capacity]
        for _ in 0..<10 { Formatted.format(payload, formatter, into: &rows) }
        #expect([rows.text.capacity, rows.cells.capacity, rows.times.capacity, rows.groups.capacity] == capacities)
    }
}
