// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

@Suite struct FlushTests {
    @Test func `every type comes back bit-identical after flush and restart`() throws {
        var random = SeededRandom(seed: 1)
        var world = try FilesWorld()
        var models: [(StoredSeries, PointModel)] = []
        for type in DataType.allCases {
            for (database, device) in [(0, 0), (0, 1), (1, 0)] {
                let series = testSeries(type, database: database, device: device)
                let points = random.points(type, count: 500, from: -2_000, step: -1...20)
                world.write(series, points)
                var model = PointModel()
                model.insert(points)
                models.append((series, model))
            }
        }
        #expect(world.flush())
        #expect(world.memtables.byteCount == 0)
        let reopened = try world.reopened()
        for (series, model) in models {
            #expect(try world.points(series) == model.points(in: .all))
            #expect(try reopened.points(series) == model.points(in: .all))
        }
        // Two databases, and the times lie on both sides of 1970.
        #expect(Set(world.memtables.facts().files.map(\.record.partition)) == [-1, 0])
        #expect(world.memtables.facts().files.count == 4)
    }

    @Test func `files hold one partition, devices in order, and have IoTDB's names`() throws {
        var settings = StorageSettings()
        settings.partitionIntervalMilliseconds = 3_600_000
        var random = SeededRandom(seed: 2)
        var world = try FilesWorld(settings: settings, milliseconds: 5_000)
        for type in [DataType.int32, .double, .string] {
            for device in 0..<2 {
                world.write(
                    testSeries(type, database: 1, device: device),
                    random.points(type, count: 50, from: -5_000_000, step: 200_000...200_000))
            }
        }
        #expect(world.flush())
        let records = world.memtables.files.all().map(\.record)
        #expect(records.map(\.partition) == [-2, -1, 0, 1])
        #expect(records.map(\.version) == [1, 2, 3, 4])
        #expect(records[0].name == "root.%60a%2Fb%60/-2/5000-1-0-0.tsfile")
        #expect(records.map(\.pointCount).reduce(0, +) == 300)
        for file in world.memtables.files.all() {
            let reader = try world.store.readers.reader(of: file)
            #expect(file.record.byteCount == UInt64(world.disk.content(of: file.path).count))
            #expect(file.record.minTime >= file.record.partition * 3_600_000)
            #expect(file.record.maxTime < (file.record.partition + 1) * 3_600_000)
            var devices = reader.devices()
            #expect(try devices.next()?.description == "root.`a/b`.d8")
            #expect(try devices.next()?.description == "root.`a/b`.d9")
            #expect(try devices.next() == nil)
        }
    }

    @Test func `a checkpoint is one commit, and the log hears of it`() throws {
        var random = SeededRandom(seed: 3)
        var world = try FilesWorld()
        world.write(testSeries(.int64), random.points(.int64, count: 10, from: -5, step: 1...1))
        world.write(testSeries(.int64), random.points(.int64, count: 10, from: -5, step: 1...1))
        #expect(world.flush())
        let commits = world.catalog.content.withLock { $0.commits }
        #expect(commits.count == 1)
        #expect(commits[0].addedFiles.count == 2)
        #expect(commits[0].flushedThrough == 2)
        #expect(commits[0].participantChanges.map(\.key) == [[2]])
        #expect(world.source.checkpoints.withLock { $0 } == [2])
        #expect(world.flusher.flushedThrough == 2)
        // Nothing but participants' changes: a checkpoint without files.
        world.sequence = 5
        #expect(world.flush())
        #expect(world.catalog.content.withLock { $0.commits.last }?.addedFiles.isEmpty == true)
        #expect(world.source.checkpoints.withLock { $0 } == [2, 5])
    }

    /// Fails every step once, from the first folder to the last sync; no point is ever missing meanwhile.
    @Test func `whatever step fails, nothing is lost and the next attempt succeeds`() throws {
        for step in 0..<40 {
            var random = SeededRandom(seed: 4)
            var world = try FilesWorld()
            let series = testSeries(.float)
            let points = random.points(.float, count: 100, from: -50, step: 1...1)
            var model = PointModel()
            model.insert(points)
            world.write(series, points)
            world.disk.failWrites(after: step)
            let succeeded = world.flush()
            #expect(try world.points(series) == model.points(in: .all))
            world.disk.failWrites(after: nil)
            if succeeded {
                // There were fewer steps than that.
                #expect(step > 10)
                break
            }
            #expect(world.flusher.failure?.message.contains("told to fail") == true)
            #expect(world.logs.lines.contains { $0.hasPrefix("error: a flush failed") })
            #expect(world.flusher.flushOldest())
            #expect(world.flusher.failure == nil)
            #expect(try world.points(series) == model.points(in: .all))
            let reopened = try world.reopened()
            #expect(try reopened.points(series) == model.points(in: .all))
            #expect(reopened.disk.fileNames.sorted() == world.memtables.files.all().map(\.path).sorted())
        }
    }

    @Test(arguments: [false, true])
    func `a commit that fails is tried again with the same files`(_ happensAllTheSame: Bool) throws {
        var random = SeededRandom(seed: 5)
        var world = try FilesWorld()
        let series = testSeries(.float)
        let points = random.points(.float, count: 100, from: -50, step: 1...1)
        var model = PointModel()
        model.insert(points)
        world.write(series, points)
        world.catalog.content.withLock {
            $0.failuresLeft = 2
            $0.recordsWhenFailing = happensAllTheSame
        }
        #expect(!world.flush())
        let files = world.disk.fileNames
        #expect(files.count == 2)
        #expect(world.flusher.failure?.code == .catalog)
        #expect(!world.flusher.flushOldest())
        #expect(world.disk.fileNames == files)
        #expect(try world.points(series) == model.points(in: .all))
        if happensAllTheSame {
            let reopened = try world.reopened()
            #expect(try reopened.points(series) == model.points(in: .all))
        }
        #expect(world.flusher.flushOldest())
        #expect(world.disk.fileNames == files)
        #expect(world.memtables.files.all().map(\.path).sorted() == files)
    }

    @Test func `times in names never run back, and versions go on`() throws {
        var random = SeededRandom(seed: 6)
        var world = try FilesWorld(milliseconds: 9_000)
        world.write(testSeries(.int32), random.points(.int32, count: 5, from: 0, step: 1...1))
        #expect(world.flush())
        world.clock.set(milliseconds: 2_000)
        world.write(testSeries(.int32), random.points(.int32, count: 5, from: 0, step: 1...1))
        #expect(world.flush())
        var reopened = try FilesWorld(disk: world.disk, catalog: world.catalog, milliseconds: 1_000)
        reopened.write(testSeries(.int32), random.points(.int32, count: 5, from: 0, step: 1...1))
        #expect(reopened.flush())
        let names = reopened.memtables.files.all().map { $0.record.name.split(separator: "/").last.map(String.init) }
        #expect(names == ["9000-1-0-0.tsfile", "9000-2-0-0.tsfile", "9000-3-0-0.tsfile"])
    }

    @Test func `points of a series that the schema lacks are kept, and the reason is told`() throws {
        let world = try FilesWorld()
        var values = ValueColumn(.int32)
        values.append(.int32(1))
        world.memtables.active.append(series: SeriesID(rawValue: 99_999), type: .int32, times: [1], values: values)
        world.memtables.active.publish()
        #expect(!world.flush())
        #expect(world.flusher.failure?.code == .corrupt)
        #expect(world.memtables.frozenCount == 1)
    }

    @Test func `what was appended but never synced is not written`() throws {
        var random = SeededRandom(seed: 7)
        var world = try FilesWorld()
        let series = testSeries(.int64)
        world.write(series, random.points(.int64, count: 3, from: 0, step: 1...1))
        let unsynced = random.points(.int64, count: 3, from: 100, step: 1...1)
        world.memtables.active.append(series: series.id, type: .int64, times: unsynced.times, values: unsynced.values)
        #expect(world.flush())
        #expect(try world.points(series).map(\.time) == [0, 1, 2])
    }

    @Test func `many points become chunks of bounded size`() throws {
        var random = SeededRandom(seed: 8)
        var world = try FilesWorld()
        let series = testSeries(.boolean)
        let count = FileWriter.chunkPointsMax + 5_000
        world.write(series, random.points(.boolean, count: count, from: 0, step: 1...1))
        #expect(world.flush())
        let file = try #require(world.memtables.files.all().first)
        let reader = try world.store.readers.reader(of: file)
        let metadata = try reader.seriesMetadata(device: series.device, measurement: series.measurement)
        #expect(metadata?.chunks.map(\.statistics.count).reduce(0, +) == count)
        #expect((metadata?.chunks.count ?? 0) >= 2)
    }
}
