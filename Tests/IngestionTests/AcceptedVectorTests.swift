// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

/// A payload and what it leaves in an empty server.
struct AcceptedVector: CustomTestStringConvertible, Sendable {
    var name: String
    var payloads: [String]
    var stored: [String]
    var rows: Int
    var oddities: [Oddity: Int] = [:]

    var testDescription: String { name }
}

/// `mqtt-payloads.md` section 12.1.
@Suite("JSON that is accepted")
struct AcceptedVectorTests {
    static let vectors: [AcceptedVector] = [
        AcceptedVector(name: "J1", payloads: [row()], stored: storedRow, rows: 1),
        AcceptedVector(name: "J2", payloads: [batch()], stored: storedBatch, rows: 2),
        AcceptedVector(name: "J3", payloads: ["[\(row()),\(batch())]"], stored: storedBatch, rows: 3),
        AcceptedVector(
            name: "J4", payloads: [row(("datatypes", #"["FLOAT","DOUBLE"]"#))],
            stored: [
                "root.sg.d1.s1 FLOAT 1586076045524=0.530635", "root.sg.d1.s2 DOUBLE 1586076045524=0.530635",
            ], rows: 1),
        AcceptedVector(
            name: "J5",
            payloads: [#"{"values":[1],"measurements":["s"],"timestamp":-5,"device":"root.sg.d1","x":{}}"#],
            stored: ["root.sg.d1.s DOUBLE -5=1.0"], rows: 1),
        AcceptedVector(
            name: "J6", payloads: [row(("timestamp", #""1586076045524""#))], stored: storedRow, rows: 1),
        AcceptedVector(
            name: "J7", payloads: [row(#"["a","b","c","d","e"]"#, #"[1,true,"x",null,NaN]"#)],
            stored: [
                "root.sg.d.a DOUBLE 1=1.0", "root.sg.d.b BOOLEAN 1=true", "root.sg.d.c TEXT 1=\"x\"",
                "root.sg.d.e DOUBLE 1=nan",
            ], rows: 1),
        AcceptedVector(
            name: "J8", payloads: [row(#"["a","b"]"#, #"["12","true"]"#)],
            stored: ["root.sg.d.a DOUBLE 1=12.0", "root.sg.d.b BOOLEAN 1=true"], rows: 1),
        AcceptedVector(
            name: "J9", payloads: [row(#"["a"]"#, #"["'a'"]"#)], stored: ["root.sg.d.a TEXT 1=\"'a'\""], rows: 1),
        AcceptedVector(
            name: "J10", payloads: [row(#"["a","b"]"#, "[1,null]", types: #"["INT32","INT32"]"#)],
            stored: ["root.sg.d.a INT32 1=1"], rows: 1),
        AcceptedVector(name: "J11", payloads: ["[]"], stored: [], rows: 0),
        AcceptedVector(name: "J12", payloads: ["\u{feff}" + row()], stored: storedRow, rows: 1),
        AcceptedVector(name: "J13", payloads: [row(), row()], stored: storedRow, rows: 2),
        AcceptedVector(
            name: "J14", payloads: [row(#"["a"]"#, "[1]", device: "root.sg.`a.b`")],
            stored: ["root.sg.`a.b`.a DOUBLE 1=1.0"], rows: 1),
        AcceptedVector(
            name: "J15", payloads: [row(("timestamp", "1586076045524.37"))], stored: storedRow, rows: 1,
            oddities: [.fractionalTimestamp: 1]),
        AcceptedVector(
            name: "J16 alone", payloads: [row(("timestamps", "[5]"))], stored: storedRow, rows: 1,
            oddities: [.bothTimeKeys: 1]),
        AcceptedVector(
            name: "J16 in an array", payloads: ["[\(row(("timestamps", "[5]")))]"], stored: storedRow, rows: 1,
            oddities: [.bothTimeKeys: 1]),
    ]

    private static let storedBatch = [
        "root.sg.d1.s1 DOUBLE 1586076045524=0.530635 1586076065526=0.530655",
        "root.sg.d1.s2 DOUBLE 1586076045524=0.530635 1586076065526=0.530695",
    ]

    @Test("vector", arguments: vectors)
    func vector(_ vector: AcceptedVector) throws {
        let world = try World()
        var rows = 0
        var oddities: [Oddity: Int] = [:]
        for payload in vector.payloads {
            let outcome = try world.publish(payload)
            #expect(outcome.problems.isEmpty)
            #expect(outcome.verdict.outcome == (vector.rows == 0 ? .empty : .stored))
            #expect(outcome.verdict.refusedRows == 0)
            rows += outcome.verdict.storedRows
            for oddity in Oddity.allCases where outcome.count(oddity) > 0 {
                oddities[oddity, default: 0] += outcome.count(oddity)
            }
        }
        #expect(try world.stored() == vector.stored)
        #expect(rows == vector.rows)
        #expect(oddities == vector.oddities)
    }

    @Test("what was stored is there after a crash and after a flush")
    func durable() throws {
        var world = try World(seed: 3)
        try world.publish(batch())
        let stored = try world.stored()
        world = try world.restarted(crashing: true)
        #expect(try world.stored() == stored)
        try world.engine.flush()
        world = try world.restarted(crashing: false)
        #expect(try world.stored() == stored)
        #expect(world.databases == ["root.sg"])
    }

    @Test("a row of nulls stores nothing, creates nothing and is no error")
    func nulls() throws {
        let world = try World()
        let outcome = try world.publish(row(#"["a","b"]"#, #"[null,"null"]"#))
        #expect(outcome.verdict.outcome == .empty)
        #expect(outcome.verdict.refusedRows == 0)
        #expect(outcome.count(.nullText) == 1)
        #expect(try world.stored().isEmpty)
        #expect(world.databases.isEmpty)
    }

    @Test("null text has no value in series that exist, of any type, and is counted")
    func nullText() throws {
        let world = try World()
        try world.publish(row(#"["a","b"]"#, #"["x",1]"#))
        let outcome = try world.publish(row(#"["a","b"]"#, #"["NULL","null"]"#))
        #expect(outcome.verdict.outcome == .empty)
        #expect(outcome.count(.nullText) == 2)
        #expect(try world.stored() == ["root.sg.d.a TEXT 1=\"x\"", "root.sg.d.b DOUBLE 1=1.0"])
    }

    @Test("an integer that a DOUBLE cannot hold is stored and counted")
    func inexact() throws {
        let world = try World()
        let outcome = try world.publish(
            row(#"["a","b","c"]"#, #"[9007199254740993,"9007199254740993",9007199254740992]"#))
        #expect(outcome.verdict.outcome == .stored)
        #expect(outcome.count(.inexactInteger) == 2)
        let again = try world.publish(row(#"["a"]"#, "[9007199254740993]"))
        #expect(again.count(.inexactInteger) == 1)
    }
}
