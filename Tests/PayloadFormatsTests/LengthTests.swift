// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Lengths, mqtt-payloads 2.4")
struct LengthTests {
    @Test("fewer inner arrays than times: the times without values are refused one by one")
    func fewerValues() {
        let result = Formatted(batch([("timestamps", "[1,2,3]"), ("values", "[[1,2]]")]))
        #expect(result.lines == ["root.sg.d1@1 s1=1 s2=2"])
        #expect(result.problems == ["length_mismatch row[-1,1]", "length_mismatch row[-1,2]"])
        #expect(result.messages[0].contains("values has 1 rows, timestamps 3 entries"))
        #expect(result.rows.refusedRows == 2)
        #expect(Formatted(batch([("values", "[]")])).problems.count == 2)
    }

    @Test("more inner arrays than times: the surplus is refused one by one")
    func moreValues() {
        let result = Formatted(batch([("timestamps", "[1]"), ("values", "[[1,2],[3,4],[5,6]]")]))
        #expect(result.lines == ["root.sg.d1@1 s1=1 s2=2"])
        #expect(result.problems == ["length_mismatch row[-1,1]", "length_mismatch row[-1,2]"])
        let none = Formatted(batch([("timestamps", "[]"), ("values", "[[1,2]]")]))
        #expect(none.lines == [])
        #expect(none.problems == ["length_mismatch row[-1,0]"])
    }

    @Test("a row with another number of values is refused, both lengths named")
    func rowLength() {
        for values in ["[]", "[1]", "[1,2,3]"] {
            let result = Formatted(row([("values", values)]))
            #expect(result.problems == ["length_mismatch element[-1,-1]"])
            let count = values == "[]" ? 0 : values.split(separator: ",").count
            #expect(result.messages[0].contains("values has \(count) entries, measurements 2"))
        }
        for inner in ["[]", "[1]", "[1,2,3]"] {
            let result = Formatted(batch([("timestamps", "[1,2,3]"), ("values", "[[1,2],\(inner),[5,6]]")]))
            #expect(result.lines == ["root.sg.d1@1 s1=1 s2=2", "root.sg.d1@3 s1=5 s2=6"])
            #expect(result.problems == ["length_mismatch row[-1,1]"])
            #expect(result.rows.rowIndexes == [0, 2])
        }
    }

    @Test("all rows of another length")
    func allRowsWrong() {
        let result = Formatted("[\(batch([("values", "[[1],[2]]")])),\(row())]")
        #expect(result.lines == [rowLine])
        #expect(result.problems == ["length_mismatch row[0,0]", "length_mismatch row[0,1]"])
        #expect(result.rows.refusedRows == 2)
    }

    @Test("neither values nor measurements: refused")
    func bothEmpty() {
        let result = Formatted(row([("measurements", "[]"), ("values", "[]")]))
        #expect(result.problems == ["missing_field element[-1,-1]"])
        let rows = Formatted(batch([("measurements", "[]"), ("values", "[[],[]]")]))
        #expect(rows.problems == ["missing_field row[-1,0]", "missing_field row[-1,1]"])
    }

    @Test("every defect of a batch costs its own row only")
    func manyDefects() {
        let payload = batch([
            ("timestamps", "[1,null,3,4,5,6,7,8]"), ("values", "[[1,2],[3,4],null,[5],[6,[7]],9,[10,11],{}]"),
        ])
        let result = Formatted(payload)
        #expect(result.lines == ["root.sg.d1@1 s1=1 s2=2", "root.sg.d1@7 s1=10 s2=11"])
        #expect(
            result.problems == [
                "bad_time row[-1,1]", "wrong_shape row[-1,2]", "length_mismatch row[-1,3]", "wrong_shape row[-1,4]",
                "wrong_shape row[-1,5]", "wrong_shape row[-1,7]",
            ])
        #expect(result.rows.rowIndexes == [0, 6])
        #expect(result.rows.refusedRows == 6)
    }
}
