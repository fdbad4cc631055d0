// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import StorageEngine
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import Ingestion

/// Points that would be gone at once are refused (607), not dropped.
@Suite("Times older than the time to live")
struct TimeToLiveTests {
    /// The clock of the tests in milliseconds.
    private static let now: Int64 = 1_767_225_600_000

    private static func world(_ pattern: String, _ configure: (inout World.Setup) -> Void = { _ in }) throws -> World {
        let world = try World(configure)
        try world.publish(row(("device", #""root.sg.d""#), ("timestamp", "\(now)")))
        try world.engine.setTimeToLive(PathPattern(parsing: pattern), milliseconds: 1_000)
        return world
    }

    private static func rows(_ times: [Int64], device: String = "root.sg.d") -> String {
        batch(
            ("device", "\"\(device)\""), ("timestamps", "\(times)"), ("measurements", #"["s1"]"#),
            ("values", "\(times.map { _ in [1] })"))
    }

    @Test("too old rows are refused and counted, their neighbours are stored", arguments: ["root.sg.d", "root.sg.**"])
    func knownDevice(_ pattern: String) throws {
        let world = try Self.world(pattern)
        let outcome = try world.publish(Self.rows([Self.now - 1_001, Self.now - 1_000, 5, Self.now + 5]))
        #expect(outcome.problems == ["out_of_ttl row[-1,0]", "out_of_ttl row[-1,2]"])
        #expect(outcome.messages[0].contains("\(Self.now - 1_001)") && outcome.messages[0].contains("1000 ms"))
        #expect(outcome.verdict.outcome == .partlyStored)
        #expect(outcome.verdict.storedRows == 2 && outcome.verdict.refusedRows == 2)
        #expect(
            try world.stored().first
                == "root.sg.d.s1 DOUBLE \(Self.now - 1_000)=1.0 \(Self.now)=0.530635 \(Self.now + 5)=1.0")
    }

    @Test("the limit moves with the clock")
    func clock() throws {
        let world = try Self.world("root.sg.d")
        #expect(try world.publish(Self.rows([Self.now - 1_000])).verdict.outcome == .stored)
        world.clock.advance(milliseconds: 1)
        #expect(try world.publish(Self.rows([Self.now - 1_000])).verdict.outcome == .refusedBySchema)
    }

    @Test("a device that does not exist yet obeys, too; nothing is created for a refused row")
    func newDevice() throws {
        let world = try Self.world("root.sg.**")
        let outcome = try world.publish(Self.rows([Self.now - 2_000], device: "root.sg.new"))
        #expect(outcome.problems == ["out_of_ttl row[-1,0]"])
        #expect(world.devices == ["root.sg.d"])
        #expect(try world.publish(Self.rows([Self.now], device: "root.sg.new")).verdict.outcome == .stored)
        #expect(try world.publish(Self.rows([1], device: "root.other.d")).verdict.outcome == .stored)
    }

    @Test("the server's default applies where no rule does")
    func serverDefault() throws {
        let world = try World { $0.storage.timeToLiveMilliseconds = 5_000 }
        #expect(try world.publish(Self.rows([Self.now - 5_001])).verdict.outcome == .refusedBySchema)
        #expect(try world.publish(Self.rows([Self.now - 5_000])).verdict.outcome == .stored)
    }

    @Test("rows without a value, and rows that get the arrival time, are never too old")
    func harmless() throws {
        let world = try Self.world("root.sg.d") { $0.json.missingTimestamp = .arrival }
        let nulls = row(
            ("device", #""root.sg.d""#), ("timestamp", "1"), ("values", "[null,null]"))
        #expect(try world.publish(nulls).verdict.outcome == .empty)
        #expect(try world.publish(row(("device", #""root.sg.d""#), ("timestamp", nil))).verdict.outcome == .stored)
    }

    @Test("a forbidden row is denied or too old, not both")
    func oneReason() throws {
        let world = try Self.world("root.sg.d")
        let nobody = try world.user("nobody")
        let outcome = try world.publish(Self.rows([Self.now - 2_000, Self.now]), as: nobody)
        #expect(outcome.problems.sorted() == ["denied row[-1,1]", "out_of_ttl row[-1,0]"])
        #expect(outcome.verdict.refusedRows == 2)
    }

    @Test("also with enable_partial_insert=false and with declared types", arguments: [true, false])
    func otherPaths(_ isDeclared: Bool) throws {
        let world = try Self.world("root.sg.d") { $0.ingestion.insertsPartially = isDeclared }
        let payload = batch(
            ("device", #""root.sg.d""#), ("timestamps", "[\(Self.now - 2_000),\(Self.now)]"),
            ("measurements", #"["s1"]"#), ("values", "[[1],[2]]"),
            ("datatypes", isDeclared ? #"["DOUBLE"]"# : nil))
        let outcome = try world.publish(payload)
        #expect(outcome.problems == ["out_of_ttl row[-1,0]"])
        #expect(outcome.verdict.storedRows == 1)
    }
}
