// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct CompactionTests {
    private static let columns: [(name: String, type: DataType)] = [
        ("a", .int32), ("b", .double), ("c", .text), ("d", .boolean),
    ]

    /// One of: rows in or out of order, a deletion, a flush, a compaction.
    private func act(_ world: CompactionWorld, _ random: inout SeededRandom) throws {
        let hours = Int64.random(in: -4...3, using: &random)
        let from = CompactionWorld.start + hours * CompactionWorld.hour
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5:
            let device = Int.random(in: 0..<3, using: &random)
            let step: Int64 = [1_000, 60_000, 1_500_000].randomElement(using: &random) ?? 1_000
            let times = (0..<Int64.random(in: 1...40, using: &random)).map { from + $0 * step }
            try world.write("d\(device)", isAligned: device == 1, Self.columns, times: times, &random)
        case 5:
            let device = ["d0", "d1", "*"].randomElement(using: &random) ?? "*"
            let column = ["a", "b", "**"].randomElement(using: &random) ?? "a"
            let length = Int64.random(in: 0...3, using: &random) * CompactionWorld.hour
            try world.delete("root.sg.\(device).\(column)", TimeRange(from, from + length))
        case 6, 7: #expect(try world.flush())
        default: _ = try world.compact()
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `whatever is written, deleted, flushed and merged in whatever order, queries show the same`(
        _ seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        let world = try CompactionWorld(seed: seed) { settings in
            settings.flushFilesMax = Int.random(in: 1...4, using: &random)
            settings.compaction.fanIn = Int.random(in: 2...4, using: &random)
            settings.compaction.partitionFilesMax = Int.random(in: 1...8, using: &random)
            settings.compaction.deletionsMax = Int.random(in: 0...4, using: &random)
        }
        for round in 0..<50 {
            try act(world, &random)
            if round % 10 == 9 { try world.check("round \(round)") }
        }
        #expect(try world.flush())
        try world.settle()
        try world.check("settled")
        try world.crash()
        try world.check("opened again")
        // The disk has what the catalog names, and nothing else.
        #expect(try world.tsFiles().sorted() == world.files.map(\.path).sorted())
        #expect(try world.engine.compactionFacts().tasks == 0)
    }

    /// Files that two merges and a rewrite have to do with.
    private func prepared(_ seed: UInt64) throws -> CompactionWorld {
        var random = SeededRandom(seed: seed)
        let world = try CompactionWorld(seed: seed) { $0.flushFilesMax = 1 }
        for round in 0..<4 as Range<Int64> {
            for device in 0..<2 {
                let times = (0..<30).map { CompactionWorld.start + $0 * 300_000 + round * 7_000 }
                try world.write("d\(device)", isAligned: device == 1, Self.columns, times: times, &random)
            }
            #expect(try world.flush())
        }
        try world.delete("root.sg.d0.**", TimeRange(.min, CompactionWorld.start + CompactionWorld.hour))
        #expect(try world.flush())
        return world
    }

    @Test func `the power may fail at every step`() throws {
        var steps = 0
        while true {
            let world = try prepared(UInt64(steps) + 1)
            world.disk.cutPower(afterOperations: steps)
            while try world.compact() {}
            let isDown = world.disk.isDown
            try world.crash()
            try world.check("after step \(steps)")
            try world.settle()
            try world.check("settled after step \(steps)")
            #expect(try world.tsFiles().sorted() == world.files.map(\.path).sorted())
            if !isDown { break }
            steps += 1
        }
        #expect(steps > 20)
    }

    @Test func `every step may fail, and later all is done`() throws {
        for kind in [DiskOperation.create, .write, .sync, .syncFolder, .rename, .catalogCommit] {
            let world = try prepared(3)
            world.disk.failNext(kind, count: 1, code: kind == .write ? .full : .io)
            #expect(try !world.compact())
            try world.check("\(kind)")
            try world.settle()
            try world.check("\(kind)")
            #expect(try world.tsFiles().sorted() == world.files.map(\.path).sorted())
            #expect(try world.engine.compactionFacts().failures == 1)
        }
    }

    @Test func `a full disk stops a merge and leaves nothing behind`() throws {
        let world = try prepared(4)
        let before = try world.bytesOnDisk()
        let names = try world.tsFiles()
        world.disk.setCapacity(0)
        #expect(try !world.compact())
        #expect(try world.tsFiles() == names)
        #expect(try world.bytesOnDisk() == before)
        try world.check()
        world.disk.setCapacity(.max)
        #expect(try world.settle() > 0)
        try world.check()
    }

    @Test func `what is deleted frees its space, and deletions are forgotten`() throws {
        var random = SeededRandom(seed: 5)
        let world = try CompactionWorld()
        let times = (0..<4_000).map { CompactionWorld.start + $0 * 500 }
        for device in 0..<4 { try world.write("d\(device)", Self.columns, times: times, &random) }
        #expect(try world.flush())
        let full = try world.bytesOnDisk()
        try world.delete("root.sg.d1.**", .all)
        try world.delete("root.sg.d2.**", .all)
        #expect(try world.bytesOnDisk() == full)
        // The log has the deletions; the catalog has them from the next checkpoint on.
        #expect(try world.flush())
        try world.settle()
        #expect(try world.bytesOnDisk() < full * 6 / 10)
        #expect(try world.engine.memtables.deletions.isEmpty)
        #expect(try world.catalog.load().deletions.isEmpty)
        try world.check()
        try world.delete("root.**", .all)
        #expect(try world.flush())
        try world.settle()
        #expect(try world.bytesOnDisk() == 0)
        #expect(try world.files.isEmpty)
    }

    @Test func `a dropped database gives its space back at once, and its name may be used again`() throws {
        let world = try prepared(6)
        let pattern = try PathPattern(parsing: "root.sg")
        #expect(try world.engine.requestDropOfDatabases([pattern]) == 1)
        // It is not in the log yet: a crash would bring it back.
        #expect(try !world.compact())
        #expect(try !world.files.isEmpty)
        #expect(try world.step().settle())
        world.model = [:]
        #expect(try world.compact())
        #expect(try world.bytesOnDisk() == 0)
        var random = SeededRandom(seed: 1)
        try world.write("d0", [("a", .text)], times: [CompactionWorld.start], &random)
        #expect(try world.flush())
        try world.settle()
        try world.check()
        try world.crash()
        try world.check()
    }

    @Test func `a merge ends when its database is dropped or the engine stops`() throws {
        let world = try prepared(7)
        let compactor = try world.engine.compactor
        let known = try #require(try world.engine.schema.databases().first)
        try compactor.pace(1, known.id, isThrottled: false)
        let error = #expect(throws: StorageError.self) {
            try compactor.pace(1, DatabaseID(rawValue: 77), isThrottled: false)
        }
        #expect(error?.code == .closed)
        compactor.stop()
        #expect(throws: StorageError.self) { try compactor.pace(1, known.id, isThrottled: false) }
        let names = try world.tsFiles()
        #expect(try !world.compact())
        // It was told to end, which is no failure, and left nothing behind.
        #expect(compactor.facts.failures == 0)
        #expect(try world.tsFiles() == names)
        try world.check()
    }

    @Test func `a deletion that comes during a merge hides in its result`() throws {
        let world = try prepared(8)
        let before = try world.engine.memtables.deletions.all().last?.sequence ?? 0
        while try world.compact() {}
        let through = try world.files.map(\.record.throughSequence).max() ?? 0
        #expect(through >= before)
        try world.delete("root.sg.d1.**", TimeRange(.min, CompactionWorld.start + 600_000))
        #expect(try world.engine.memtables.deletions.all().last?.sequence ?? 0 > through)
        try world.check()
        try world.crash()
        try world.check()
    }
}
