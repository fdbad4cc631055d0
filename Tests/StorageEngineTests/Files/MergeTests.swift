// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct MergeTests {
    /// Random appends, commits, freezes and flushes against a dictionary; snapshots are read in both orders and many ranges.
    @Test(arguments: [DataType.double, .text, .boolean, .int64], [1, 2] as [UInt64])
    func `memtables and files together show the last value of every time`(_ type: DataType, _ seed: UInt64) throws {
        var settings = StorageSettings()
        settings.partitionIntervalMilliseconds = 3_000
        var random = SeededRandom(seed: seed)
        var world = try FilesWorld(settings: settings)
        let series = testSeries(type)
        var model = PointModel()
        for round in 0..<40 {
            let isLate = round % 3 != 0
            let start: Int64 =
                isLate ? Int64.random(in: -9_000...9_000, using: &random) : (model.times.last ?? -8_000) + 1
            let points = random.points(
                type, count: Int.random(in: 1...300, using: &random), from: start, step: isLate ? -2...5 : 1...3)
            world.write(series, points)
            model.insert(points)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: world.freeze()
            case 1: while world.memtables.frozenCount > 0 { #expect(world.flusher.flushOldest()) }
            case 2: #expect(world.flush())
            default: break
            }
            if round % 4 == 3 { try check(world, series, model, &random) }
        }
        #expect(world.memtables.facts().files.count > 8)
        while world.memtables.frozenCount > 0 { #expect(world.flusher.flushOldest()) }
        #expect(world.flush())
        let reopened = try world.reopened()
        try check(reopened, series, model, &random)
        #expect(world.logs.lines.isEmpty)
    }

    private func check(
        _ world: FilesWorld, _ series: StoredSeries, _ model: PointModel, _ random: inout SeededRandom
    ) throws {
        let snapshot = world.snapshot()
        for _ in 0..<6 {
            let a = Int64.random(in: -10_000...11_000, using: &random),
                b = Int64.random(in: -10_000...11_000, using: &random)
            let range = Bool.random(using: &random) ? TimeRange(min(a, b), max(a, b)) : .all
            let expected = model.points(in: range)
            #expect(try readAll(snapshot.points(of: series, in: range, order: .ascending)) == expected)
            #expect(try readAll(snapshot.points(of: series, in: range, order: .descending)) == expected.reversed())
            let last = try snapshot.last(of: series, in: range)
            #expect(last.map { Point($0.time, $0.value) } == expected.last)
        }
    }

    @Test func `times at the ends of the 64 bits are read in both orders`() throws {
        var world = try FilesWorld()
        let series = testSeries(.int32)
        var model = PointModel()
        for times: [Int64] in [[.min, -1, .max], [.min, .max - 1], [.max]] {
            var points = PointColumn(.int32)
            for time in times {
                points.times.append(time)
                points.values.append(.int32(Int32(model.times.count)))
            }
            world.write(series, points)
            model.insert(points)
            #expect(try world.points(series) == model.points(in: .all))
            #expect(try world.points(series, in: .all, .descending) == model.points(in: .all).reversed())
            #expect(world.flush())
            #expect(try world.points(series) == model.points(in: .all))
            #expect(try world.points(series, in: .all, .descending) == model.points(in: .all).reversed())
            #expect(try world.points(series, in: TimeRange(.max, .max)) == model.points(in: TimeRange(.max, .max)))
        }
        let last = try #require(try world.snapshot().last(of: series, in: .all))
        #expect(Point(last.time, last.value) == model.points(in: .all).last)
    }

    @Test func `a snapshot shows its moment, whatever is written and flushed after it`() throws {
        var random = SeededRandom(seed: 4)
        var world = try FilesWorld()
        let series = testSeries(.int64), other = testSeries(.float)
        var model = PointModel()
        let first = random.points(.int64, count: 100, from: 0, step: 1...1)
        world.write(series, first)
        model.insert(first)
        let snapshot = world.snapshot()
        snapshot.pin([series.id, other.id])
        world.write(series, random.points(.int64, count: 50, from: 50, step: 1...2))
        world.write(other, random.points(.float, count: 50, from: 50, step: 1...2))
        #expect(world.flush())
        world.write(series, random.points(.int64, count: 50, from: 0, step: 1...2))
        #expect(try readAll(snapshot.points(of: series, in: .all, order: .ascending)) == model.points(in: .all))
        #expect(try readAll(snapshot.points(of: other, in: .all, order: .ascending)).isEmpty)
        #expect(try snapshot.last(of: other, in: .all) == nil)
    }

    @Test func `who stops early reads little, and files out of range are not opened`() throws {
        var settings = StorageSettings()
        settings.partitionIntervalMilliseconds = 3_600_000
        var random = SeededRandom(seed: 5)
        var world = try FilesWorld(settings: settings)
        let series = testSeries(.double)
        // Twenty partitions with a file each, and two files that overlap in the first.
        world.write(series, random.points(.double, count: 200_000, from: 0, step: 360...360))
        #expect(world.flush())
        world.write(series, random.points(.double, count: 10, from: 100, step: 1...1))
        #expect(world.flush())
        let files = world.memtables.facts().files.count
        #expect(files == 21)

        var cursor = world.snapshot().points(of: series, in: .all, order: .ascending)
        #expect(try cursor.next()?.times.first == 0)
        #expect(world.disk.openedCount == 2)
        let perBlock = world.disk.bytesRead.load(ordering: .relaxed)
        let all = Int(world.memtables.facts().fileBytes)
        #expect(perBlock < all / 5)

        _ = try world.points(series, in: TimeRange(-500, -1))
        _ = try world.points(series, in: TimeRange(8_000_000, 7_000_000))
        #expect(world.disk.openedCount == 2)
        _ = try world.points(series, in: TimeRange(5 * 3_600_000, 5 * 3_600_000 + 1_000))
        #expect(world.disk.openedCount == 3)
        // The newest end, from the statistics alone.
        let before = world.disk.bytesRead.load(ordering: .relaxed)
        #expect(try world.snapshot().last(of: series, in: .all)?.time == 199_999 * 360)
        #expect(world.disk.openedCount == 4)
        #expect(world.disk.bytesRead.load(ordering: .relaxed) - before < 2_000)
    }

    @Test func `no more files than allowed stay open`() throws {
        var settings = StorageSettings()
        settings.openFilesMax = 3
        settings.partitionIntervalMilliseconds = 3_600_000
        var random = SeededRandom(seed: 6)
        var world = try FilesWorld(settings: settings)
        let series = testSeries(.boolean)
        let points = random.points(.boolean, count: 30, from: 0, step: 3_600_000...3_600_000)
        var model = PointModel()
        model.insert(points)
        world.write(series, points)
        #expect(world.flush())
        #expect(try world.points(series) == model.points(in: .all))
        #expect(world.store.readers.openCount == 3)
        #expect(world.disk.openFiles.load(ordering: .relaxed) == 3)
        // One that is still open is not opened again, one that was closed is.
        let opened = world.disk.openedCount
        _ = try world.points(series, in: TimeRange(29 * 3_600_000, .max))
        #expect(world.disk.openedCount == opened)
        _ = try world.points(series, in: TimeRange(0, 0))
        #expect(world.disk.openedCount == opened + 1)
        #expect(world.disk.openFiles.load(ordering: .relaxed) == 3)
    }

    @Test func `long texts end a block early`() throws {
        var world = try FilesWorld()
        let series = testSeries(.blob)
        var points = PointColumn(.blob)
        for time in 0..<12 {
            points.times.append(Int64(time))
            points.values.append(.blob([UInt8](repeating: UInt8(time), count: 1 << 20)))
        }
        world.write(series, points)
        for _ in 0..<2 {
            for order in [TimeOrder.ascending, .descending] {
                var cursor = world.snapshot().points(of: series, in: .all, order: order)
                var blocks = 0, count = 0
                while let block = try cursor.next() {
                    #expect(block.values.bytes.count <= SeriesCursor.blockBytesMax + 1 << 20)
                    blocks += 1
                    count += block.count
                }
                #expect(count == 12 && blocks >= 3)
            }
            #expect(world.flush())
        }
    }
}
