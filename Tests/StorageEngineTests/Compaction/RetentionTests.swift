// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct RetentionTests {
    private func world(_ change: (inout StorageSettings) -> Void = { _ in }) throws -> CompactionWorld {
        var random = SeededRandom(seed: 1)
        let world = try CompactionWorld {
            $0.flushFilesMax = 64
            change(&$0)
        }
        // Six hours up to now, a file each, and one of scattered rows.
        for hour in -6..<0 as Range<Int64> {
            let times = (0..<200).map { CompactionWorld.start + hour * CompactionWorld.hour + $0 * 10_000 }
            try world.write("d0", [("a", .int64)], times: times, &random)
            #expect(try world.flush())
        }
        return world
    }

    @Test func `expired points are hidden at once, and their files go as a whole`() throws {
        let world = try world()
        let pattern = try PathPattern(parsing: "root.sg.**")
        let isSet = try world.engine.schema.setTimeToLive(pattern, milliseconds: 3 * CompactionWorld.hour)
        #expect(isSet)
        #expect(try world.step().settle())
        let limit = CompactionWorld.start - 3 * CompactionWorld.hour
        try world.check { $0 >= limit }
        #expect(try world.files.count == 6)
        let before = try world.bytesOnDisk()
        #expect(try world.compact())
        #expect(try world.files.count == 3)
        #expect(try world.bytesOnDisk() < before * 6 / 10)
        try world.check { $0 >= limit }
        // An hour and a bit later another one goes; half of the next is hidden and is written again.
        world.clock.advance(milliseconds: CompactionWorld.hour * 5 / 4)
        try world.settle()
        let later = limit + CompactionWorld.hour * 5 / 4
        try world.check { $0 >= later }
        #expect(try world.files.map(\.record.minTime).min() ?? 0 >= later)
        try world.crash()
        try world.check { $0 >= later }
    }

    @Test func `over the limit the oldest partitions go, never the latest`() throws {
        let world = try world()
        let bytes = try world.bytesOnDisk()
        world.settings.compaction.diskBytesMax = bytes / 2
        try world.open(after: { $0.kill() })
        try world.settle()
        #expect(try world.bytesOnDisk() <= bytes / 2)
        #expect(try world.files.count == 3 || world.files.count == 2)
        let oldest = try world.files.map(\.record.minTime).min() ?? 0
        try world.check { $0 >= oldest }
        #expect(try world.engine.compactionFacts().filesEvicted >= 3)
        world.settings.compaction.diskBytesMax = 1
        try world.open(after: { $0.kill() })
        try world.settle()
        #expect(try world.files.count == 1)
        #expect(try world.files.first?.record.partition == CompactionWorld.start / CompactionWorld.hour - 1)
    }

    @Test func `what is seen by a query stays on the disk until it ends`() throws {
        let world = try world()
        var snapshot: Snapshot? = try world.engine.snapshot()
        let series = try #require(try world.engine.schema.device(at: "root.sg.d0")?.series(named: "a"))
        try world.delete("root.sg.d0.**", .all)
        try world.settle()
        #expect(try world.files.isEmpty)
        #expect(try world.tsFiles().count == 6)
        let count = try readAll(#require(snapshot).points(of: series, in: .all, order: .ascending)).count
        #expect(count > 900)
        snapshot = nil
        #expect(try world.tsFiles().isEmpty)
    }

    @Test func `partitions of scattered rows leave their file one by one`() throws {
        var random = SeededRandom(seed: 2)
        let world = try CompactionWorld { $0.flushFilesMax = 1 }
        let times = (0..<8).map { CompactionWorld.start - $0 * CompactionWorld.hour - 1 }
        for round in 0..<3 { try world.write("d\(round)", [("a", .int64)], times: times, &random) }
        #expect(try world.flush())
        #expect(try world.files.count == 2)
        let pattern = try PathPattern(parsing: "root.sg.**")
        let isSet = try world.engine.schema.setTimeToLive(pattern, milliseconds: 2 * CompactionWorld.hour)
        #expect(isSet)
        #expect(try world.step().settle())
        try world.settle()
        let limit = CompactionWorld.start - 2 * CompactionWorld.hour
        try world.check { $0 >= limit }
        #expect(try world.files.flatMap(\.record.partitions).allSatisfy { $0 >= limit / CompactionWorld.hour })
        try world.crash()
        try world.check { $0 >= limit }
    }
}
