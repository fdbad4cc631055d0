// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// A file that a flush has to write: a database, partitions, and the series that have points there.
struct FlushTarget {
    var database: DatabaseID
    var databasePath: String
    /// Rising, at least one.
    var partitions: [Int64]
    /// In the order of the file: devices as the format orders them, series of a device by name.
    var series: [StoredSeries]

    /// The series by device.
    func groups() -> [DeviceGroup] {
        var groups: [DeviceGroup] = []
        for series in series {
            if let last = groups.indices.last, groups[last].device == series.device {
                groups[last].series.append(series)
            } else {
                groups.append(DeviceGroup(device: series.device, isAligned: series.isAligned, series: [series]))
            }
        }
        return groups
    }
}

/// Which files the layers of a flush become: one for each of the partitions with most points, and for the others of a database
/// one together.
struct FlushPlan {
    private struct Key: Hashable, Comparable {
        var database: DatabaseID
        var partition: Int64

        static func < (a: Key, b: Key) -> Bool { (a.database, a.partition) < (b.database, b.partition) }
    }

    private struct Share {
        var points = 0
        /// Places in ``FlushPlan/series``; may repeat, one for each layer.
        var series: [Int32] = []
    }

    /// Files of several partitions hold so many at most.
    static let spanningPartitionsMax = 10_000

    private(set) var targets: [FlushTarget] = []
    /// Series that the schema never gave: their points cannot be written. Can only be a bug, or a damaged catalog.
    private(set) var unknownSeries: [SeriesID] = []
    /// All that have points, in the order of files.
    private var series: [StoredSeries] = []
    private var shares: [Key: Share] = [:]

    /// `filesMax` bounds the files of one partition. Points of series that `isDropped` are left out.
    init(
        _ layers: [Memtable], _ partitioning: Partitioning, filesMax: Int, _ directory: SeriesDirectory,
        isDropped: (SeriesID) -> Bool
    ) {
        for id in Set(layers.flatMap { $0.series() }).sorted() {
            if let found = directory(id) {
                series.append(found)
            } else if !isDropped(id) {
                unknownSeries.append(id)
            }
        }
        series.sort(by: Self.isBefore)
        for (index, one) in series.enumerated() {
            for layer in layers {
                guard let slice = layer.slice(of: one.id) else { continue }
                for (partition, points) in slice.partitions(partitioning) {
                    let key = Key(database: one.database, partition: partition)
                    shares[key, default: Share()].points += points
                    shares[key]?.series.append(Int32(truncatingIfNeeded: index))
                }
            }
        }
        divide(filesMax: max(1, filesMax))
        shares = [:]
    }

    private mutating func divide(filesMax: Int) {
        let bySize = shares.sorted { a, b in
            a.value.points != b.value.points ? a.value.points > b.value.points : a.key < b.key
        }
        let own = bySize.count <= filesMax ? bySize.map(\.key) : bySize.prefix(filesMax).map(\.key)
        for key in own.sorted() { add([key]) }
        var rest: [Key] = []
        for key in bySize.dropFirst(own.count).map(\.key).sorted() {
            if let last = rest.last, last.database != key.database || rest.count == Self.spanningPartitionsMax {
                add(rest)
                rest = []
            }
            rest.append(key)
        }
        if !rest.isEmpty { add(rest) }
    }

    private mutating func add(_ keys: [Key]) {
        var places: Set<Int32> = []
        for key in keys { places.formUnion(shares[key]?.series ?? []) }
        let members = places.sorted().map { series[Int($0)] }
        guard let first = members.first else { return }
        targets.append(
            FlushTarget(
                database: first.database, databasePath: first.databasePath, partitions: keys.map(\.partition),
                series: members))
    }

    private static func isBefore(_ a: StoredSeries, _ b: StoredSeries) -> Bool {
        if a.device != b.device { return a.device < b.device }
        // By bytes: `String` would compare by canonical equivalence.
        return a.measurement.utf8.lexicographicallyPrecedes(b.measurement.utf8)
    }
}

extension MemtableSlice {
    /// The partitions that have points, and how many, overwritten ones included.
    func partitions(_ partitioning: Partitioning) -> [Int64: Int] {
        var partitions: [Int64: Int] = [:]
        var current = TimeRange(.max, .min), partition: Int64 = 0, points = 0
        func enter(_ time: Timestamp) {
            if points > 0 { partitions[partition, default: 0] += points }
            partition = partitioning.partition(of: time)
            current = partitioning.range(of: partition)
            points = 0
        }
        for block in blocks() {
            let range = timeRange(of: block)
            if current.contains(range.lower) && current.contains(range.upper) {
                points += rows(of: block).count
                continue
            }
            block.withPoints(rows(of: block)) { times, _ in
                for index in times.indices {
                    if !current.contains(times[index]) { enter(times[index]) }
                    points += 1
                }
            }
        }
        if points > 0 { partitions[partition, default: 0] += points }
        return partitions
    }
}
