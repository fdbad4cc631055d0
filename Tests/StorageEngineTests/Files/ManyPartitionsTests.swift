// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

@Suite struct ManyPartitionsTests {
    @Test func `five thousand partitions in one memtable become a bounded number of files`() throws {
        var settings = StorageSettings()
        settings.partitionIntervalMilliseconds = 3_600_000
        settings.flushFilesMax = 8
        var random = SeededRandom(seed: 1)
        var world = try FilesWorld(settings: settings)
        var models: [(StoredSeries, PointModel)] = []
        for database in 0..<2 {
            let series = testSeries(.int64, database: database)
            let points = random.points(.int64, count: 5_000, from: -7, step: 3_600_000...3_600_000)
            var model = PointModel()
            model.insert(points)
            // Some partitions have most.
            for partition in 0..<6 {
                let more = random.points(.int64, count: 50, from: Int64(partition) * 36_000_000, step: 1...9)
                model.insert(more)
                world.write(series, more)
                model.insert(points)
            }
            world.write(series, points)
            models.append((series, model))
        }
        #expect(world.flush())
        let records = world.memtables.files.all().map(\.record)
        #expect(records.count == 8 + 2)
        #expect(records.filter { $0.partitions.count == 1 }.count == 8)
        #expect(records.allSatisfy { $0.sha256.count == 32 && $0.throughSequence == world.sequence })
        #expect(records.filter { $0.partitions.count > 1 }.allSatisfy { $0.name.contains("/spanning/") })
        for world in [world, try world.reopened()] {
            for (series, model) in models {
                #expect(try world.points(series) == model.points(in: .all))
                let range = TimeRange(3_600_000 * 1_000, 3_600_000 * 1_010)
                #expect(try world.points(series, in: range, .descending) == model.points(in: range).reversed())
            }
        }
    }

    @Test func `a file of very many partitions is followed by another`() {
        let memtable = Memtable()
        let series = testSeries(.boolean)
        var points = PointColumn(.boolean)
        for hour in 0..<Int64(FlushPlan.spanningPartitionsMax + 50) {
            points.times.append(hour * 3_600_000)
            points.values.append(.boolean(true))
        }
        memtable.append(series: series.id, type: .boolean, times: points.times, values: points.values)
        memtable.publish()
        let plan = FlushPlan(
            [memtable], Partitioning(interval: 3_600_000), filesMax: 1, { testSeries[$0] }, isDropped: { _ in false })
        #expect(plan.targets.map(\.partitions.count) == [1, FlushPlan.spanningPartitionsMax, 49])
    }
}
