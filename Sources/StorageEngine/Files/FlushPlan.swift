// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// A file that a flush has to write: a database, a partition, and the series that have points there.
struct FlushTarget {
    var database: DatabaseID
    var databasePath: String
    var partition: Int64
    /// In the order of the file: devices as the format orders them, series of a device by name.
    var series: [StoredSeries]
}

/// Which files a memtable becomes.
struct FlushPlan {
    private(set) var targets: [FlushTarget] = []
    /// Series that the schema does not know: their points cannot be written. Can only be a bug, or a damaged catalog.
    private(set) var unknownSeries: [SeriesID] = []

    private struct Key: Hashable {
        var database: UInt32
        var partition: Int64
    }

    init(_ memtable: Memtable, _ partitioning: Partitioning, _ directory: SeriesDirectory) {
        var targets: [Key: FlushTarget] = [:]
        for id in memtable.series() {
            guard let slice = memtable.slice(of: id) else { continue }
            guard let series = directory(id) else {
                unknownSeries.append(id)
                continue
            }
            for partition in slice.partitions(partitioning) {
                let key = Key(database: series.database.rawValue, partition: partition)
                targets[
                    key,
                    default: FlushTarget(
                        database: series.database, databasePath: series.databasePath, partition: partition, series: [])
                ].series.append(series)
            }
        }
        self.targets = targets.values.sorted { ($0.database, $0.partition) < ($1.database, $1.partition) }
        for index in self.targets.indices { self.targets[index].series.sort(by: Self.isBefore) }
    }

    private static func isBefore(_ a: StoredSeries, _ b: StoredSeries) -> Bool {
        if a.device != b.device { return a.device < b.device }
        // By bytes: `String` would compare by canonical equivalence.
        return a.measurement.utf8.lexicographicallyPrecedes(b.measurement.utf8)
    }
}

extension MemtableSlice {
    /// The partitions that have points.
    func partitions(_ partitioning: Partitioning) -> Set<Int64> {
        var partitions: Set<Int64> = []
        var current = TimeRange(.max, .min)
        for block in blocks() {
            let range = timeRange(of: block)
            if current.contains(range.lower) && current.contains(range.upper) { continue }
            block.withPoints(rows(of: block)) { times, _ in
                for index in times.indices where !current.contains(times[index]) {
                    let partition = partitioning.partition(of: times[index])
                    partitions.insert(partition)
                    current = partitioning.range(of: partition)
                }
            }
        }
        return partitions
    }
}
