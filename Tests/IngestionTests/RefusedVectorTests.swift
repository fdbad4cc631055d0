// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import Ingestion

/// A payload that is refused, at least in part.
struct RefusedVector: CustomTestStringConvertible, Sendable {
    var name: String
    /// Published before, in an empty server.
    var before: String?
    var payload: String
    /// `code extent[element,row]`.
    var problems: [String]
    var outcome: IngestionVerdict.Outcome
    var refusedRows: Int
    /// What is stored in the end.
    var stored: [String] = []
    /// The words that each message must have.
    var words: [String] = []

    var testDescription: String { name }
}

/// `mqtt-payloads.md` section 12.2.
@Suite("JSON that is refused")
struct RefusedVectorTests {
    static let payloads: [RefusedVector] = [
        RefusedVector(
            name: "R1", payload: "", problems: ["bad_json payload[-1,-1]"], outcome: .refused, refusedRows: 0,
            words: ["empty"]),
        RefusedVector(
            name: "R2", payload: #"{"device":"root.sg.d1""#, problems: ["bad_json payload[-1,-1]"],
            outcome: .refused, refusedRows: 0),
        RefusedVector(
            name: "R3", payload: row() + " x", problems: ["bad_json payload[-1,-1]"], outcome: .refused,
            refusedRows: 0),
        RefusedVector(
            name: "R4", payload: row(("values", "[1,]")), problems: ["bad_json payload[-1,-1]"], outcome: .refused,
            refusedRows: 0),
    ]

    static let times: [RefusedVector] = [
        RefusedVector(
            name: "R5", payload: row(("timestamp", "9223372036854775808")), problems: ["bad_time element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["9223372036854775808"]),
        RefusedVector(
            name: "R6", payload: row(("timestamp", "1586076045524000")), problems: ["bad_time element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["1586076045524000", "ms", "microseconds"]),
        RefusedVector(
            name: "R7", payload: row(("timestamp", nil)), problems: ["missing_field element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["timestamp"]),
    ]

    static let neighbours: [RefusedVector] = [
        RefusedVector(
            name: "R8", payload: "[\(row()),{\"device\":\"root.sg.d2\"}]", problems: ["missing_field element[1,-1]"],
            outcome: .partlyStored, refusedRows: 1, stored: storedRow),
        RefusedVector(
            name: "R9", payload: "[\(row()),\(row(("timestamp", "\"bad\"")))]", problems: ["bad_time element[1,-1]"],
            outcome: .partlyStored, refusedRows: 1, stored: storedRow, words: ["bad"]),
        RefusedVector(
            name: "R10", payload: batch(("timestamps", "[1,2]"), ("values", "[[1,2]]")),
            problems: ["length_mismatch row[-1,1]"], outcome: .partlyStored, refusedRows: 1,
            stored: ["root.sg.d1.s1 DOUBLE 1=1.0", "root.sg.d1.s2 DOUBLE 1=2.0"]),
        RefusedVector(
            name: "R11", payload: batch(("timestamps", "[1]"), ("values", "[[1,2],[3,4]]")),
            problems: ["length_mismatch row[-1,1]"], outcome: .partlyStored, refusedRows: 1,
            stored: ["root.sg.d1.s1 DOUBLE 1=1.0", "root.sg.d1.s2 DOUBLE 1=2.0"]),
    ]

    static let rows: [RefusedVector] = [
        RefusedVector(
            name: "R12", payload: row(("values", "[1]")), problems: ["length_mismatch element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["2", "1"]),
        RefusedVector(
            name: "R13", payload: row(("measurements", #"["s","s"]"#)), problems: ["duplicate_key element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["s"]),
        RefusedVector(
            name: "R13 in two spellings", payload: row(("measurements", #"["s","`s`"]"#)),
            problems: ["duplicate_key element[-1,-1]"], outcome: .refused, refusedRows: 1, words: ["s"]),
        RefusedVector(
            name: "R14", payload: row(("values", #"[{"x":1},2]"#)), problems: ["wrong_shape element[-1,-1]"],
            outcome: .refused, refusedRows: 1),
        RefusedVector(
            name: "R15", payload: row(("datatypes", #"["int32","DOUBLE"]"#)),
            problems: ["unsupported_type element[-1,-1]"], outcome: .refused, refusedRows: 1, words: ["int32"]),
    ]

    static let paths: [RefusedVector] = [
        RefusedVector(
            name: "R16", payload: row(("device", #""root.sg.123""#)), problems: ["bad_path element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["123"]),
        RefusedVector(
            name: "R17", payload: row(("device", #""root.*.d""#)), problems: ["bad_path element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["*"]),
        RefusedVector(
            name: "R18", payload: row(("device", #""sg.d1""#)), problems: ["bad_path element[-1,-1]"],
            outcome: .refused, refusedRows: 1, words: ["root"]),
    ]

    static let columns: [RefusedVector] = [
        RefusedVector(
            name: "R19", payload: row(#"["a.b","c"]"#, "[1,2]"), problems: ["bad_path column[-1,-1]"],
            outcome: .partlyStored, refusedRows: 0, stored: ["root.sg.d.c DOUBLE 1=2.0"], words: ["a.b"]),
        RefusedVector(
            name: "R20", payload: row(#"["a b","7"]"#, "[1,2]"),
            problems: ["bad_path column[-1,-1]", "bad_path column[-1,-1]"], outcome: .refused, refusedRows: 1),
        RefusedVector(
            name: "R21", before: row(#"["s1"]"#, "[7]", types: #"["INT32"]"#),
            payload: row(#"["s1","s2"]"#, "[1.0,2.0]"), problems: ["type_mismatch column[-1,-1]"],
            outcome: .partlyStored, refusedRows: 0,
            stored: ["root.sg.d.s1 INT32 1=7", "root.sg.d.s2 DOUBLE 1=2.0"], words: ["1.0", "s1", "INT32"]),
        RefusedVector(
            name: "R22", payload: row(#"["s1","s2"]"#, "[Infinity,1]"), problems: ["value_too_large column[-1,-1]"],
            outcome: .partlyStored, refusedRows: 0, stored: ["root.sg.d.s2 DOUBLE 1=1.0"], words: ["Infinity", "s1"]),
        RefusedVector(
            name: "R22 without a good column", payload: row(#"["s1"]"#, "[-Infinity]"),
            problems: ["value_too_large column[-1,-1]"], outcome: .refused, refusedRows: 1),
    ]

    @Test("vector", arguments: payloads + times + neighbours + rows + paths + columns)
    func vector(_ vector: RefusedVector) throws {
        let world = try World()
        if let before = vector.before { try world.publish(before) }
        let outcome = try world.publish(vector.payload)
        #expect(outcome.problems == vector.problems)
        #expect(outcome.verdict.outcome == vector.outcome)
        #expect(outcome.verdict.refusedRows == vector.refusedRows)
        #expect(outcome.verdict.problemCount == vector.problems.count)
        #expect(try world.stored() == vector.stored)
        if vector.stored.isEmpty {
            #expect(world.databases.isEmpty)
            #expect(world.devices.isEmpty)
        }
        for word in vector.words {
            #expect(outcome.messages.allSatisfy { $0.contains(word) }, "\(outcome.messages) names \(word)")
        }
    }

    @Test("the numbers of the codes")
    func statusCodes() {
        #expect(ProblemCode.badPath.statusCode == 509)
        #expect(ProblemCode.typeMismatch.statusCode == 614)
        #expect(ProblemCode.denied.statusCode == 803)
        #expect(ProblemCode.pathLimit.statusCode == 526)
        #expect(ProblemCode.databaseConflict.statusCode == 529)
        #expect(ProblemCode.lengthMismatch.statusCode == 701)
        #expect(ProblemCode.duplicateKey.statusCode == 701)
        #expect(ProblemCode.unknownSeries.statusCode == 508)
        #expect(ProblemCode.alignmentMismatch.statusCode == 609)
        #expect(ProblemCode.outOfTimeToLive.statusCode == 607)
        let highest = ProblemCode.allCases.map { Int($0.rawValue) }.max()
        #expect(highest.map { $0 + 1 } == ProblemCode.slotCount)
    }

    @Test("every other illegal path is refused before anything is created")
    func illegalPaths() throws {
        let world = try World()
        let devices = [
            "", "root", "root.", "root..d", "root.sg.", "Root.sg.d", "root.sg.time", "root.sg.TIMESTAMP",
            "root.sg.root",
            "root.a*.d", "root.**", "root.sg.a b", "root.sg.a-b", "root.sg.1e5", "root.sg .d", "root.sg.`a",
            "root.sg.``",
        ]
        for device in devices {
            let outcome = try world.publish(row(("device", "\"\(device)\"")))
            #expect(outcome.verdict.outcome == .refused, "\(device)")
            #expect(outcome.verdict.refusedRows == 1, "\(device)")
        }
        #expect(world.databases.isEmpty)
        #expect(try world.stored().isEmpty)
    }
}
