// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Shapes, mqtt-payloads 2.1 and 2.2")
struct ShapeTests {
    @Test("keys in any order, also values before what explains them")
    func keyOrder() {
        let pairs = [
            #""device":"root.sg.d1""#, #""timestamps":[1,2]"#, #""measurements":["a","b"]"#, #""values":[[1,2],[3,4]]"#,
            #""datatypes":["INT32","INT64"]"#,
        ]
        let expected = ["root.sg.d1@1 a:INT32=1 b:INT64=2", "root.sg.d1@2 a:INT32=3 b:INT64=4"]
        for shift in 0..<pairs.count {
            let rotated = pairs[shift...] + pairs[..<shift]
            #expect(Formatted("{" + rotated.joined(separator: ",") + "}").lines == expected)
            #expect(Formatted("{" + rotated.reversed().joined(separator: ",") + "}").lines == expected)
        }
    }

    @Test("unknown keys and keys in another case are ignored")
    func unknownKeys() {
        let extra = [("Device", "1"), ("", "[]"), ("x", #"{"device":"root.x","a":[1,{"b":null}]}"#), ("devicE", "NaN")]
        let result = Formatted(row(extra.map { ($0.0, Optional($0.1)) }))
        #expect(result.lines == [rowLine])
        #expect(result.problems == [])
        let wrongCase = Formatted(row([("device", nil), ("DEVICE", #""root.sg.d1""#)]))
        #expect(wrongCase.problems == ["missing_field element[-1,-1]"])
    }

    @Test("a key written with escapes is the same key")
    func escapedKeys() {
        let payload = row().replacing("device", with: #"\u0064evice"#).replacing("values", with: #"valu\u0065s"#)
        #expect(Formatted(payload).lines == [rowLine])
    }

    @Test("rows and batches mixed in a list keep their numbers")
    func list() {
        let result = Formatted(" [ \(row()) ,\n\(batch())\t, \(row()) ] ")
        #expect(result.lines == [rowLine] + batchLines + [rowLine])
        #expect(result.rows.groups.map(\.element) == [0, 1, 2])
        #expect(result.rows.rowIndexes == [-1, 0, 1, -1])
        #expect(Formatted(row()).rows.groups.map(\.element) == [-1])
    }

    @Test(
        "a repeated key: the last one wins, and it is counted",
        arguments: [
            ("device", #""root.x.y""#), ("timestamp", "7"), ("timestamp", "7.5"), ("timestamp", #""x""#),
            ("measurements", #"["q","r","t"]"#), ("measurements", "3"), ("values", "[1,2,3]"), ("values", "[[1],2]"),
            ("values", "null"),
        ])
    func repeatedKey(_ key: String, _ first: String) {
        let payload = #"{"\#(key)":\#(first),"# + row().dropFirst()
        let result = Formatted(payload)
        #expect(result.lines == [rowLine])
        #expect(result.problems == [])
        #expect(result.count(.repeatedKey) == 1)
        #expect(result.count(.fractionalTimestamp) == 0)
    }

    @Test(
        "repeated keys of a batch",
        arguments: [
            ("timestamps", "[1,2,3]"), ("timestamps", "[null]"), ("timestamps", "[1.5]"), ("timestamps", "4"),
            ("values", "[1,2,3]"), ("values", "[[1,2],[1],{}]"), ("datatypes", #"["INT32"]"#), ("datatypes", "7"),
            ("isAligned", "true"), ("isAligned", "7"),
        ])
    func repeatedBatchKey(_ key: String, _ first: String) {
        let last = key == "datatypes" ? "null" : key == "isAligned" ? "false" : nil
        let changed = last.map { batch([(key, $0)]) } ?? batch()
        let result = Formatted(#"{"\#(key)":\#(first),"# + changed.dropFirst())
        #expect(result.lines == batchLines)
        #expect(result.problems == [])
        #expect(result.count(.repeatedKey) == 1)
        #expect(result.count(.fractionalTimestamp) == 0)
    }

    @Test("the last one wins, also if it is wrong")
    func repeatedKeyEndsWrong() {
        let payload = row().dropLast() + #","device":5}"#
        #expect(Formatted(String(payload)).problems == ["wrong_shape element[-1,-1]"])
    }

    @Test("both time keys: a row, whatever timestamps holds", arguments: ["[5]", "[null]", "7", "null", "[1.5]"])
    func bothTimeKeys(_ timestamps: String) {
        let result = Formatted(row([("timestamps", timestamps)]))
        #expect(result.lines == [rowLine])
        #expect(result.count(.bothTimeKeys) == 1)
        #expect(result.count(.fractionalTimestamp) == 0)
        let wrong = Formatted(row([("timestamp", "null"), ("timestamps", timestamps)]))
        #expect(wrong.problems == ["bad_time element[-1,-1]"])
    }

    @Test("no rows and no error", arguments: ["[]", "[ ]", "\u{feff}[]"])
    func empty(_ payload: String) {
        #expect(Formatted(payload).rows.isEmpty)
    }

    @Test("an empty batch is no rows and no error")
    func emptyBatch() {
        #expect(Formatted(batch([("timestamps", "[]"), ("values", "[]")])).rows.isEmpty)
        #expect(
            Formatted("[\(batch([("timestamps", "[]"), ("values", "[]")])),\(row())]").lines == [rowLine],
            "it leaves nothing behind")
    }

    @Test("entries of a list that are no objects are refused alone")
    func nonObjects() {
        let result = Formatted("[1,\(row()),null,[[1]],\"x\",true,NaN,{}]")
        #expect(result.lines == [rowLine])
        #expect(
            result.problems == [
                "wrong_shape element[0,-1]", "wrong_shape element[2,-1]", "wrong_shape element[3,-1]",
                "wrong_shape element[4,-1]", "wrong_shape element[5,-1]", "wrong_shape element[6,-1]",
                "missing_field element[7,-1]",
            ])
        #expect(result.rows.refusedRows == 7)
    }

    @Test("isAligned")
    func aligned() {
        for (text, isAligned) in [("false", false), ("true", true), ("null", nil)] as [(String, Bool?)] {
            let result = Formatted(row([("isAligned", text)]))
            #expect(result.lines == [rowLine])
            #expect(result.problems.isEmpty)
            #expect(result.rows.groups.first?.isAligned == isAligned)
        }
        for value in ["1", "-1", #""true""#, "[]", "{}", "NaN"] {
            #expect(Formatted(row([("isAligned", value)])).problems == ["wrong_shape element[-1,-1]"])
        }
    }

    @Test("a refused element says which device")
    func deviceInProblem() {
        #expect(Formatted(row([("timestamp", "null")])).rows.problems.first?.device == "root.sg.d1")
        #expect(Formatted(row([("device", "null")])).rows.problems.first?.device == "")
    }
}
