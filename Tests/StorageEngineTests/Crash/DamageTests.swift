// SPDX-License-Identifier: Apache-2.0

import Catalog
import ServerMetrics
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// Files that others damaged: what is wrong is named, and all the rest is served.
@Suite struct DamageTests {
    private static let week: Int64 = 604_800_000

    /// A folder with one TsFile for each of two partitions, and rows in the log.
    private func world() throws -> (world: LogWorld, files: [String]) {
        let world = LogWorld()
        for row in 0..<20 as Range<Int64> {
            try world.commit([("a", row, Double(row)), ("b", Self.week + row, Double(row))])
        }
        #expect(try world.engine().flush())
        try world.commit([("a", 100, 1), ("b", Self.week + 100, 1)])
        world.kill()
        let files = try world.catalog.load().files.sorted { $0.minTime < $1.minTime }.map { "tsfiles/" + $0.name }
        #expect(files.count == 2)
        return (world, files)
    }

    private func points(_ world: LogWorld, _ device: String) throws -> [Int64: Value] {
        let engine = try world.engine().engine
        let series = try #require(engine.schema.device(at: "root.sg.\(device)")?.series(named: "s"))
        var points: [Int64: Value] = [:]
        // The times of that device's partition: nobody knows what else a damaged file held.
        let range = device == "a" ? TimeRange(0, Self.week - 1) : TimeRange(Self.week, 2 * Self.week - 1)
        var cursor = engine.snapshot().points(of: series, in: range, order: .ascending)
        while let block = try cursor.next() {
            for index in 0..<block.count { points[block.times[index]] = block.values[index] }
        }
        return points
    }

    @Test func aMissingOrTruncatedTsFileIsNamedAndTheRestIsServed() throws {
        for isMissing in [true, false] {
            let (world, files) = try world()
            if isMissing {
                try world.disk.remove(files[0])
            } else {
                let content = try world.content(files[0])
                world.disk.overwrite(files[0], with: Array(content.dropLast()))
            }
            let error = #expect(throws: StorageError.self) { try points(world, "a") }
            #expect(error?.code == (isMissing ? .notFound : .corrupt))
            #expect(error?.message.contains("disk:/\(files[0])") == true)
            #expect(try points(world, "b").count == 21)
            #expect(world.log.lines.contains { $0.hasPrefix("error") && $0.contains(files[0]) })
            // Writing, flushing and compacting go on, and nothing of the damaged file is removed or rewritten.
            try world.commit([("b", Self.week + 200, 1)])
            #expect(try world.engine().flush())
            while try world.engine().engine.compactOnce() {}
            world.crash()
            #expect(try points(world, "b").count == 22)
            #expect(throws: StorageError.self) { try points(world, "a") }
            #expect(try world.catalog.load().files.contains { "tsfiles/" + $0.name == files[0] })
        }
    }

    /// One flipped bit anywhere: an error that names the file, or points; and the other file is served.
    @Test func aFlippedBitInATsFileStopsNothingElse() throws {
        let (world, files) = try world()
        let whole = try world.content(files[0])
        var random = SeededGenerator(seed: 8)
        var errors = 0
        for _ in 0..<150 {
            var content = whole
            content[random.below(content.count)] ^= 1 << UInt8(random.below(8))
            world.disk.overwrite(files[0], with: content)
            do {
                _ = try points(world, "a")
            } catch let error as StorageError {
                errors += 1
                #expect(error.message.contains(files[0]), "\(error)")
            }
            #expect(try points(world, "b").count == 21)
            world.kill()
        }
        #expect(errors > 20)
        world.disk.overwrite(files[0], with: whole)
        #expect(try points(world, "a").count == 21)
    }

    @Test func whatIsWrongWithTheLogIsNamedWithARemedy() throws {
        let (world, _) = try world()
        world.settings.segmentBytesMax = 1
        for time in 200..<203 as Range<Int64> { try world.commit([("a", time, 1)]) }
        world.kill()
        let segments = try world.segments()
        let whole = try segments.map { try world.content($0) }
        let middle = segments.count / 2
        for damage in 0..<4 {
            switch damage {
            case 0: try world.disk.remove(segments[middle])
            case 1: world.disk.overwrite(segments[middle], with: Array(whole[middle].dropLast()))
            case 2:
                world.disk.overwrite(
                    segments[middle], with: whole[middle].map { $0 ^ ($0 == whole[middle][70] ? 1 : 0) })
            default:
                world.disk.overwrite(
                    segments[middle], with: Array(whole[middle].prefix(10)) + whole[middle].dropFirst(11))
            }
            let error = #expect(throws: StorageError.self) { try world.engine() }
            #expect(error?.code == .corrupt && error?.message.contains(segments[middle]) == true, "\(damage)")
            #expect(error?.message.contains(SegmentFolder.remedy) == true)
            #expect(damage == 0 || error?.message.contains("at offset") == true)
            world.kill()
            if damage == 0 {
                let file = try world.disk.createFile(segments[middle])
                let content = whole[middle]
                try file.append(content.span)
                try file.sync()
                try world.disk.syncFolder("wal")
            }
            world.disk.overwrite(segments[middle], with: whole[middle])
        }
        #expect(try points(world, "a").count == 24)
    }

    /// A disk that cannot read for a moment is no damage: the same query works when it can.
    @Test func readsThatFailForAMomentAreErrorsAndThenOver() throws {
        let (world, files) = try world()
        _ = try world.engine()
        world.disk.setFault { $0.kind == .read && $0.path == files[0] ? .io : nil }
        let error = #expect(throws: StorageError.self) { try points(world, "a") }
        #expect(error?.code == .io && error?.message.contains(files[0]) == true)
        #expect(try points(world, "b").count == 21)
        world.disk.setFault(nil)
        #expect(try points(world, "a").count == 21)
    }

    @Test func aReplayTellsHowFarItIs() throws {
        let world = LogWorld()
        world.settings.segmentBytesMax = 100_000
        for time in 0..<30 as Range<Int64> {
            try world.commit((0..<300).map { (device: "d\($0)", time: time, value: 1.0) })
        }
        world.kill()
        // A clock that jumps with every read of the disk.
        world.disk.setFault { [clock = world.clock] event in
            if event.kind == .read { clock.advance(milliseconds: 2_000) }
            return nil
        }
        _ = try world.engine()
        world.disk.setFault(nil)
        let lines = world.log.lines.filter { $0.contains("replay") }
        #expect(lines.first?.contains("replaying the log bytes=") == true)
        #expect(lines.contains { $0.contains("still replaying the log bytes=") && $0.contains("percent=") })
        let last = try #require(lines.last)
        #expect(last.contains("replayed the log") && last.contains("points=9000") && last.contains("segments="))
        let samples = world.metrics.samples()
        #expect(samples.contains { $0.name == "apus_recovery_seconds" && $0.value > 5 })
        #expect(samples.contains { $0.name == "apus_recovery_bytes" && $0.value > 400_000 })
    }
}
