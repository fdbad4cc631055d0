// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

/// The vectors of mqtt-payloads 12.1 and 12.2, as far as the formatter decides them: paths (R16-R20) and series types (R21)
/// are judged by whoever writes the rows, so here those give rows.
@Suite("Conformance vectors")
struct VectorTests {
    struct Accepted: Sendable, CustomTestStringConvertible {
        var name: String
        var payload: String
        var lines: [String]
        var testDescription: String { name }
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        var name: String
        var payload: String
        var lines: [String] = []
        var problems: [String]
        var message: String
        var testDescription: String { name }
    }

    static let accepted = [
        Accepted(name: "J1", payload: row(), lines: [rowLine]),
        Accepted(name: "J2", payload: batch(), lines: batchLines),
        Accepted(name: "J3", payload: "[\(row()),\(batch())]", lines: [rowLine] + batchLines),
        Accepted(
            name: "J4", payload: row([("datatypes", #"["FLOAT","DOUBLE"]"#)]),
            lines: ["root.sg.d1@1586076045524 s1:FLOAT=~0.530635 s2:DOUBLE=~0.530635"]),
        Accepted(
            name: "J5", payload: #"{"values":[1],"measurements":["s"],"timestamp":-5,"device":"root.sg.d1","x":{}}"#,
            lines: ["root.sg.d1@-5 s=1"]),
        Accepted(name: "J6", payload: row([("timestamp", #""1586076045524""#)]), lines: [rowLine]),
        Accepted(
            name: "J7",
            payload: row([("measurements", #"["a","b","c","d","e"]"#), ("values", #"[1,true,"x",null,NaN]"#)]),
            lines: [#"root.sg.d1@1586076045524 a=1 b=true c="x" d=null e=~NaN"#]),
        Accepted(
            name: "J8", payload: row([("values", #"["12","true"]"#)]),
            lines: [#"root.sg.d1@1586076045524 s1="12" s2="true""#]),
        Accepted(
            name: "J9", payload: row([("measurements", #"["s1"]"#), ("values", #"["'a'"]"#)]),
            lines: [#"root.sg.d1@1586076045524 s1="'a'""#]),
        Accepted(
            name: "J10", payload: row([("datatypes", #"["INT32","INT32"]"#), ("values", "[1,null]")]),
            lines: ["root.sg.d1@1586076045524 s1:INT32=1 s2:INT32=null"]),
        Accepted(name: "J11", payload: "[]", lines: []),
        Accepted(name: "J12", payload: "\u{feff}" + row(), lines: [rowLine]),
        Accepted(
            name: "J14", payload: row([("device", #""root.sg.`a.b`""#)]),
            lines: ["root.sg.`a.b`@1586076045524 s1=~0.530635 s2=~0.530635"]),
        Accepted(name: "J15", payload: row([("timestamp", "1586076045524.37")]), lines: [rowLine]),
        Accepted(name: "J16", payload: row([("timestamps", "[5]")]), lines: [rowLine]),
        Accepted(name: "J16 in an array", payload: "[\(row([("timestamps", "[5]")]))]", lines: [rowLine]),
        Accepted(
            name: "R22", payload: row([("values", "[Infinity,1]")]),
            lines: ["root.sg.d1@1586076045524 s1=~Infinity s2=1"]),
    ]

    @Test("accepted", arguments: accepted)
    func accept(_ vector: Accepted) {
        let result = Formatted(vector.payload)
        #expect(result.lines == vector.lines)
        #expect(result.problems == [])
        #expect(result.rows.refusedRows == 0)
    }

    @Test("what is accepted with a mark")
    func oddities() {
        #expect(Formatted(row([("timestamp", "1586076045524.37")])).count(.fractionalTimestamp) == 1)
        #expect(Formatted(row([("timestamps", "[5]")])).count(.bothTimeKeys) == 1)
        #expect(Formatted("[\(row([("timestamps", "[5]")]))]").count(.bothTimeKeys) == 1)
        #expect(Formatted(row()).rows.oddities.allSatisfy { $0 == 0 })
    }

    static let refused = [
        Refused(name: "R1", payload: "", problems: ["bad_json payload[-1,-1]"], message: "empty"),
        Refused(
            name: "R2", payload: #"{"device":"root.sg.d1""#, problems: ["bad_json payload[-1,-1]"],
            message: "byte 22: expected a comma or }, found the end of the payload"),
        Refused(
            name: "R3", payload: row() + " x", problems: ["bad_json payload[-1,-1]"],
            message: "expected nothing after the document, found `x`"),
        Refused(
            name: "R4", payload: row([("values", "[1,]")]), problems: ["bad_json payload[-1,-1]"],
            message: "expected a value, found `]}`"),
        Refused(
            name: "R5", payload: row([("timestamp", "9223372036854775808")]), problems: ["bad_time element[-1,-1]"],
            message: "out of range"),
        Refused(
            name: "R6", payload: row([("timestamp", "1586076045524000")]), problems: ["bad_time element[-1,-1]"],
            message: "too large for timestamp_precision=ms"),
        Refused(
            name: "R7", payload: row([("timestamp", nil)]), problems: ["missing_field element[-1,-1]"],
            message: "time missing"),
        Refused(
            name: "R8", payload: #"[\#(row()),{"device":"root.sg.d2"}]"#, lines: [rowLine],
            problems: ["missing_field element[1,-1]"], message: "time missing"),
        Refused(
            name: "R9", payload: #"[\#(row()),\#(row([("timestamp", #""bad""#)]))]"#, lines: [rowLine],
            problems: ["bad_time element[1,-1]"], message: #"time `"bad"` is not an integer"#),
        Refused(
            name: "R10", payload: batch([("timestamps", "[1,2]"), ("values", "[[1,2]]")]),
            lines: ["root.sg.d1@1 s1=1 s2=2"], problems: ["length_mismatch row[-1,1]"], message: "no values"),
        Refused(
            name: "R11", payload: batch([("timestamps", "[1]"), ("values", "[[1,2],[3,4]]")]),
            lines: ["root.sg.d1@1 s1=1 s2=2"], problems: ["length_mismatch row[-1,1]"], message: "no time"),
        Refused(
            name: "R12", payload: row([("values", "[1]")]), problems: ["length_mismatch element[-1,-1]"],
            message: "values has 1 entries, measurements 2"),
        Refused(
            name: "R13", payload: row([("measurements", #"["s","s"]"#)]), problems: ["duplicate_key element[-1,-1]"],
            message: "measurement `s` occurs twice"),
        Refused(
            name: "R14", payload: row([("values", #"[{"x":1},2]"#)]), problems: ["wrong_shape element[-1,-1]"],
            message: #"values[0] `{"x":1}` is not a number, string, boolean or null"#),
        Refused(
            name: "R15", payload: row([("datatypes", #"["int32","DOUBLE"]"#)]),
            problems: ["unsupported_type element[-1,-1]"], message: #"datatypes[0] `"int32"`"#),
    ]

    @Test("refused", arguments: refused)
    func refuse(_ vector: Refused) {
        let result = Formatted(vector.payload)
        #expect(result.lines == vector.lines)
        #expect(result.problems == vector.problems)
        #expect(result.messages.first?.contains(vector.message) == true, "\(result.messages)")
    }

    @Test("the status numbers of mqtt-payloads 6.4")
    func statusCodes() {
        #expect(Formatted(row([("values", "[1]")])).rows.problems.first?.code.statusCode == 701)
        #expect(Formatted(row([("measurements", #"["s","s"]"#)])).rows.problems.first?.code.statusCode == 701)
    }
}
