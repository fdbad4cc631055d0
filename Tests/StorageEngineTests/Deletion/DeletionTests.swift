// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct DeletionTests {
    @Test func aDeletionShowsAfterItsSyncAndNotBefore() throws {
        let world = LogWorld()
        for time in 1...4 as ClosedRange<Int64> { try world.commit([("a", time, 1), ("b", time, 1)]) }
        try world.requestDelete("root.sg.a.s", TimeRange(2, 3))
        world.disk.failNext(.sync)
        #expect(try !world.engine().settle())
        #expect(try world.points("a").count == 4)
        #expect(try world.engine().settle())
        #expect(try world.points("a").keys.sorted() == [1, 4] && world.points("b").count == 4)
        world.crash()
        #expect(try world.points("a").keys.sorted() == [1, 4] && world.points("b").count == 4)
    }

    @Test func whatTheLogDoesNotSayDidNotHappen() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        try world.requestDelete("root.sg.a.s")
        world.crash()
        #expect(try world.points("a").count == 1)
    }

    @Test func rowsOfTheSameCommitComeAfterIt() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("a", 2, 2)])
        try world.append([("a", 1, 7)])
        try world.requestDelete("root.**")
        #expect(try world.engine().settle())
        #expect(try world.points("a") == [1: .double(7)])
        world.crash()
        #expect(try world.points("a") == [1: .double(7)])
    }

    @Test func aSnapshotFromBeforeShowsAllOrNothingOfTheCommit() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let series = try #require(try world.engine().engine.schema.series(matching: .all).first)
        let before = try world.engine().engine.snapshot()
        try world.append([("a", 2, 2)])
        try world.requestDelete("root.**")
        #expect(try world.engine().settle())
        // It is asked only now.
        var cursor = before.points(of: series, in: .all, order: .ascending)
        #expect(try cursor.next()?.times == [1])
        #expect(try world.points("a") == [2: .double(2)])
    }

    @Test func aCommitThatIsTriedAgainSealsAndDeletesOnce() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        try world.append([("a", 2, 2)])
        try world.requestDelete("root.sg.a.s", TimeRange(0, 1))
        world.disk.failNext(.sync, count: 1)
        _ = try world.engine().settle()
        world.disk.failNext(.write, count: 1)
        _ = try world.engine().settle()
        #expect(try world.engine().settle())
        #expect(try world.memtables.layerCount == 2 && world.memtables.deletions.count == 1)
        #expect(try world.memtables.state.withLock { $0.requested.isEmpty && $0.staged == nil })
        #expect(try world.points("a") == [2: .double(2)])
    }

    @Test func layersAreFewAndEmptyOnesAreNotSealed() throws {
        let world = LogWorld()
        world.settings.memtableLayersMax = 4
        for _ in 0..<5 { try world.delete("root.none.x") }
        #expect(try world.memtables.layerCount == 1 && world.memtables.frozenCount == 0)
        var most = 0
        for time in 1...9 as ClosedRange<Int64> {
            try world.commit([("a", time, 1)])
            try world.delete("root.sg.a.s", TimeRange(time, time))
            try world.commit([("a", -time, 1)])
            most = max(most, try world.memtables.layerCount)
        }
        // The fourth is frozen with the others as soon as it is there.
        #expect(most == 3)
        #expect(try world.points("a").keys.sorted() == (-9...(-1)).map { $0 })
        // At replay, too.
        world.crash()
        #expect(try world.points("a").keys.sorted() == (-9...(-1)).map { $0 })
        #expect(try world.memtables.layerCount <= 4)
    }

    @Test func deletionsAreLimited() throws {
        let world = LogWorld()
        world.settings.deletionsMax = 3
        try world.delete("root.a.b")
        try world.requestDelete("root.a.c")
        try world.requestDelete("root.a.d")
        let error = #expect(throws: StorageError.self) { try world.requestDelete("root.a.e") }
        #expect(error?.code == .overloaded && error?.message.contains("deletions_max=3") == true)
        try world.commit([("a", 1, 1)])
        let refused = #expect(throws: StorageError.self) { try world.requestDrop("root.**") }
        #expect(refused?.message.contains("deletions_max=3") == true)
        #expect(try world.points("a").count == 1)
        try world.memtables.removeDeletions(world.memtables.deletions.all())
        #expect(try world.requestDrop("root.**") == 1)
    }

    @Test func theCatalogKeepsWhatFilesStillNeed() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("a", 2, 1)])
        #expect(try world.engine().flush())
        try world.delete("root.sg.a.s", TimeRange(1, 1))
        #expect(try world.points("a").keys.sorted() == [2])
        #expect(try world.catalog.load().deletions.isEmpty)
        world.crash()
        #expect(try world.points("a").keys.sorted() == [2])
        #expect(try world.engine().flush())
        #expect(try world.catalog.load().deletions.map(\.pattern) == ["root.sg.a.s"])
        world.crash()
        #expect(try world.memtables.deletions.count == 1)
        #expect(try world.points("a").keys.sorted() == [2])
        // What is written later is not meant.
        try world.commit([("a", 1, 5)])
        #expect(try world.points("a")[1] == .double(5))
        #expect(try world.engine().flush())
        world.crash()
        #expect(try world.points("a")[1] == .double(5))
    }

    /// Rows and deletions over layers and flushes, against a dictionary.
    @Test(arguments: 1...12 as ClosedRange<UInt64>) func layersFlushToWhatWasVisible(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let world = LogWorld()
        world.settings.memtableLayersMax = 2 + random.below(5)
        var model: [String: [Int64: Value]] = ["a": [:], "b": [:]]
        for step in 0..<40 {
            let device = random.chance(50) ? "a" : "b"
            let time = Int64(random.below(12))
            switch random.below(10) {
            case 0..<6:
                try world.commit([(device, time, Double(step))])
                model[device]?[time] = .double(Double(step))
            case 6..<8:
                let range = TimeRange(time, time + Int64(random.below(6)))
                let isAll = random.chance(30)
                try world.delete(isAll ? "root.**" : "root.sg.\(device).s", range)
                for name in isAll ? ["a", "b"] : [device] {
                    for time in range.lower...range.upper { model[name]?[time] = nil }
                }
            case 8: #expect(try world.engine().flush())
            default: random.chance(50) ? world.crash() : world.kill()
            }
            for name in ["a", "b"] { #expect(try world.points(name) == model[name], "step \(step)") }
        }
        #expect(try world.engine().flush())
        for name in ["a", "b"] { #expect(try world.points(name) == model[name]) }
    }
}
