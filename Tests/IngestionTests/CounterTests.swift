// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` section 10.3: lists are limited, counts are not.
@Suite("Counts, verdicts and summaries")
struct CounterTests {
    @Test("problems beyond ingestion_problems_max are counted, not kept")
    func beyondTheLimit() throws {
        let world = try World { $0.ingestion.problemsMax = 3 }
        try world.publish(row(#"["a","b"]"#, "[1,1]"))
        let times = (1...50).map(String.init).joined(separator: ",")
        let values = [String](repeating: #"["x",Infinity]"#, count: 50).joined(separator: ",")
        let outcome = try world.publish(
            batch(
                ("device", #""root.sg.d""#), ("timestamps", "[\(times)]"), ("measurements", #"["a","b"]"#),
                ("values", "[\(values)]")))
        #expect(outcome.rows.problems.count == 3)
        #expect(outcome.rows.problemCounts[Int(ProblemCode.typeMismatch.rawValue)] == 50)
        #expect(outcome.rows.problemCounts[Int(ProblemCode.valueTooLarge.rawValue)] == 50)
        #expect(outcome.verdict.problemCount == 100)
        #expect(outcome.verdict.refusedRows == 50)
    }

    @Test("what the formatter and the ingestor find shares one limit and one count")
    func bothSides() throws {
        let world = try World {
            $0.ingestion.problemsMax = 2
            $0.json.limits.problemsMax = 2
        }
        let user = try world.user("nobody")
        let outcome = try world.publish("[{},{},{},\(row()),\(row())]", as: user)
        #expect(outcome.rows.problems.count == 2)
        #expect(outcome.verdict.problemCount == 5)
        #expect(outcome.verdict.refusedRows == 5)
        #expect(outcome.rows.problemCounts[Int(ProblemCode.denied.rawValue)] == 2)
    }

    @Test("the first problem is kept whatever the limit, so that nobody is refused without a reason")
    func limitZero() throws {
        let world = try World {
            $0.ingestion.problemsMax = 0
            $0.json.limits.problemsMax = 0
        }
        #expect(try world.publish("[{},{}]").rows.problems.count == 1)
        #expect(try world.publish(row(("device", #""root.*""#))).rows.problems.count == 1)
    }

    @Test("the outcome looks at all problems, not only at those that are kept")
    func outcomeBeyondTheLimit() throws {
        let world = try World {
            $0.ingestion.problemsMax = 1
            $0.json.limits.problemsMax = 1
        }
        let user = try world.user("nobody")
        #expect(try world.publish("[\(row()),\(row())]", as: user).verdict.outcome == .denied)
        // The last element is at fault for its path, which is found only after the first denial.
        let mixed = try world.publish("[\(row()),\(row(("device", #""root.*""#)))]", as: user)
        #expect(mixed.rows.problems.count == 1)
        #expect(mixed.verdict.outcome == .refused)
    }

    @Test("a long device path is cut in problems")
    func longDevice() throws {
        let world = try World()
        let device = "root." + String(repeating: "\u{6c34}", count: 5_000)
        let outcome = try world.publish(row(("device", "\"\(device)\"")))
        let shown = try #require(outcome.rows.problems.first?.device)
        #expect(shown.utf8.count <= 260)
        #expect(shown.hasSuffix("\u{6c34}…"))
        #expect(outcome.messages[0].utf8.count < 1_000)
    }

    @Test("long names and values are cut in messages")
    func longTexts() throws {
        let world = try World()
        let name = String(repeating: "n", count: 900), value = String(repeating: "v", count: 100_000)
        try world.publish(row("[\"\(name)\"]", "[1]"))
        let outcome = try world.publish(row("[\"\(name)\"]", "[\"\(value)\"]"))
        #expect(outcome.problems == ["type_mismatch column[-1,-1]"])
        #expect(outcome.messages[0].utf8.count < 300)
        let long = try world.publish(row("[\"\(value)\"]", "[1]"))
        #expect(long.problems == ["path_limit column[-1,-1]"])
        #expect(long.messages[0].utf8.count < 1_000)
    }

    @Test("the outcome of every combination")
    func outcomes() {
        func outcome(_ storedRows: Int, _ codes: ProblemCode...) -> IngestionVerdict.Outcome {
            var counts = [Int](repeating: 0, count: ProblemCode.slotCount)
            for code in codes { counts[Int(code.rawValue)] += 1 }
            return IngestionVerdict(storedRows: storedRows, storedPoints: 0, refusedRows: 0, problemCounts: counts)
                .outcome
        }
        #expect(outcome(0) == .empty)
        #expect(outcome(1) == .stored)
        #expect(outcome(1, .denied) == .partlyStored)
        #expect(outcome(0, .denied, .denied) == .denied)
        #expect(outcome(0, .denied, .typeMismatch) == .refusedBySchema)
        #expect(outcome(0, .typeMismatch, .badJSON) == .refused)
        for code in [
            ProblemCode.typeMismatch, .databaseConflict, .pathLimit, .unknownSeries, .alignmentMismatch,
            .outOfTimeToLive,
        ] {
            #expect(outcome(0, code) == .refusedBySchema)
        }
        for code in [ProblemCode.badJSON, .badUTF8, .badTime, .badPath, .missingField, .wrongShape, .lengthMismatch] {
            #expect(outcome(0, code) == .refused)
        }
        #expect(IngestionVerdict(storedRows: 0, storedPoints: 0, refusedRows: 0, problemCounts: []).outcome == .empty)
    }

    @Test("the summary has counts, code, number and place")
    func summary() throws {
        let world = try World()
        let good = try world.publish(row())
        #expect(good.verdict.summary(good.rows.problems) == nil)
        let partly = try world.publish("[\(row()),\(row(("device", #""root.sg.123""#))),{}]")
        let text = try #require(partly.verdict.summary(partly.rows.problems))
        #expect(text.hasPrefix("stored 1 rows, refused 2 rows, 2 problems; first: missing_field at element 2: "))
        let refused = try world.publish(batch(("values", #"[["x","y"],["z",1]]"#)))
        let reason = try #require(refused.verdict.summary(refused.rows.problems))
        #expect(reason.contains("type_mismatch 614 at row 0: "))
    }
}
