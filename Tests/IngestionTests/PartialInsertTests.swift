// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` section 3.6.
@Suite("When one column fails")
struct PartialInsertTests {
    private static let bad = row(#"["a","b"]"#, #"["x",2]"#)

    private static func world(partially: Bool) throws -> World {
        let world = try World { $0.ingestion.insertsPartially = partially }
        try world.publish(
            row(
                ("device", #""root.sg.d""#), ("timestamp", "0"), ("measurements", #"["a","b"]"#),
                ("values", "[1,1]")))
        return world
    }

    @Test("with enable_partial_insert the others are stored")
    func partial() throws {
        let world = try Self.world(partially: true)
        let outcome = try world.publish(Self.bad)
        #expect(outcome.problems == ["type_mismatch column[-1,-1]"])
        #expect(outcome.verdict.outcome == .partlyStored)
        #expect(outcome.verdict.storedRows == 1)
        #expect(outcome.verdict.storedPoints == 1)
        #expect(outcome.verdict.refusedRows == 0)
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 0=1.0", "root.sg.d.b DOUBLE 0=1.0 1=2.0"])
    }

    @Test("without it the row is refused, and only that row")
    func whole() throws {
        let world = try Self.world(partially: false)
        let outcome = try world.publish(
            batch(
                ("device", #""root.sg.d""#), ("timestamps", "[1,2,3]"), ("measurements", #"["a","b"]"#),
                ("values", #"[[1,1],["x",2],[3,3]]"#)))
        #expect(outcome.problems == ["type_mismatch row[-1,1]"])
        #expect(outcome.messages[0].contains("enable_partial_insert"))
        #expect(outcome.verdict.storedRows == 2)
        #expect(outcome.verdict.refusedRows == 1)
        #expect(
            try world.stored() == [
                "root.sg.d.a DOUBLE 0=1.0 1=1.0 3=3.0", "root.sg.d.b DOUBLE 0=1.0 1=1.0 3=3.0",
            ])
    }

    @Test("declared types change nothing: the same with and without partial insert", arguments: [true, false])
    func declared(partially: Bool) throws {
        let world = try Self.world(partially: partially)
        let outcome = try world.publish(row(#"["a","b"]"#, #"["x",2]"#, types: #"["DOUBLE","DOUBLE"]"#))
        #expect(outcome.verdict.storedRows == (partially ? 1 : 0))
        #expect(try world.stored().last?.contains(" 1=2.0") == partially)
    }

    @Test("a new column that fails refuses the row without partial insert, and nothing is created")
    func newColumn() throws {
        let world = try World { $0.ingestion.insertsPartially = false }
        for values in [#"["x",Infinity]"#, "[Infinity,1]"] {
            let outcome = try world.publish(row(#"["a","b"]"#, values))
            #expect(outcome.verdict.outcome == .refused)
            #expect(outcome.verdict.refusedRows == 1)
        }
        let illegal = try world.publish(row(#"["a","b c"]"#, "[1,2]"))
        #expect(illegal.problems == ["bad_path row[-1,-1]"])
        #expect(try world.stored().isEmpty)
        #expect(world.databases.isEmpty)
    }

    @Test("a row refused for one column does not decide the type of another")
    func refusedRowDecidesNothing() throws {
        let world = try World { $0.ingestion.insertsPartially = false }
        let outcome = try world.publish(
            batch(("timestamps", "[1,2]"), ("measurements", #"["a","b"]"#), ("values", #"[["x",Infinity],[1,1]]"#)))
        #expect(outcome.verdict.storedRows == 1)
        #expect(try world.stored() == ["root.sg.d1.a DOUBLE 2=1.0", "root.sg.d1.b DOUBLE 2=1.0"])
    }

    @Test("a column that fails without a value to lose is no problem", arguments: [true, false])
    func nothingLost(partially: Bool) throws {
        let world = try Self.world(partially: partially)
        let illegal = try world.publish(row(#"["a","b c"]"#, "[1,null]"))
        #expect(illegal.verdict.outcome == .stored)
        let mismatched = try world.publish(row(#"["a","b"]"#, "[1,null]", types: #"["DOUBLE","TEXT"]"#))
        #expect(mismatched.verdict.outcome == .stored)
        #expect(mismatched.problems.isEmpty)
    }

    @Test("a row whose every column fails is refused", arguments: [true, false])
    func everyColumn(partially: Bool) throws {
        let world = try Self.world(partially: partially)
        let outcome = try world.publish(row(#"["a","b"]"#, #"["x","y"]"#))
        #expect(outcome.verdict.outcome == .refusedBySchema)
        #expect(outcome.verdict.refusedRows == 1)
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 0=1.0", "root.sg.d.b DOUBLE 0=1.0"])
    }

    @Test("rows are counted one by one")
    func counting() throws {
        let world = try Self.world(partially: true)
        let outcome = try world.publish(
            batch(
                ("device", #""root.sg.d""#), ("timestamps", "[1,2,3,4]"), ("measurements", #"["a","b"]"#),
                ("values", #"[["x","x"],[null,null],[1,"x"],["x",null]]"#)))
        #expect(outcome.problems.count == 4)
        #expect(outcome.verdict.storedRows == 1)
        #expect(outcome.verdict.storedPoints == 1)
        #expect(outcome.verdict.refusedRows == 2)
    }

    @Test("more than 64 rows with gaps")
    func manyRows() throws {
        let world = try Self.world(partially: true)
        let times = (1...150).map(String.init).joined(separator: ",")
        let values = (1...150).map { $0 % 2 == 0 ? "[\($0),null]" : "[\"x\",\($0)]" }.joined(separator: ",")
        let outcome = try world.publish(
            batch(
                ("device", #""root.sg.d""#), ("timestamps", "[\(times)]"), ("measurements", #"["a","b"]"#),
                ("values", "[\(values)]")))
        #expect(outcome.verdict.storedRows == 150)
        #expect(outcome.verdict.storedPoints == 150)
        #expect(outcome.verdict.problemCount == 75)
        let lines = try world.stored()
        let even = stride(from: 2, through: 150, by: 2).map { " \($0)=\($0).0" }.joined()
        let odd = stride(from: 3, through: 149, by: 2).map { " \($0)=\($0).0" }.joined()
        #expect(lines == ["root.sg.d.a DOUBLE 0=1.0" + even, "root.sg.d.b DOUBLE 0=1.0 1=1.0" + odd])
    }

    @Test("mqtt_quote_illegal_measurements stores illegal names as quoted nodes")
    func quoting() throws {
        let world = try World { $0.ingestion.quotesIllegalMeasurements = true }
        let outcome = try world.publish(row(#"["a b","7","c","time","a.b"]"#, "[1,2,3,4,5]"))
        #expect(outcome.verdict.storedPoints == 5)
        #expect(
            try Set(world.stored()) == [
                "root.sg.d.`a b` DOUBLE 1=1.0", "root.sg.d.`7` DOUBLE 1=2.0", "root.sg.d.c DOUBLE 1=3.0",
                "root.sg.d.`time` DOUBLE 1=4.0", "root.sg.d.`a.b` DOUBLE 1=5.0",
            ])
    }

    @Test("without it the new series of a row are created together or not at all")
    func allOrNothing() throws {
        let world = try World {
            $0.ingestion.insertsPartially = false
            $0.storage.seriesLimit = 3
        }
        try world.publish(row(#"["a","b"]"#, "[1,1]"))
        let outcome = try world.publish(row(#"["c","d"]"#, "[1,1]", time: 2))
        #expect(outcome.verdict.storedRows == 0 && outcome.verdict.refusedRows == 1)
        #expect(try world.stored().count == 2, "c would have fitted, d would not")
        #expect(try world.publish(row(#"["c"]"#, "[1]", time: 2)).verdict.outcome == .stored)
    }
}
