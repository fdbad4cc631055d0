// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Where chunks of a file end because the partition does, and which partitions got points. A file of one partition has no cuts.
struct PartitionCut {
    private let partitioning: Partitioning?
    private var current: TimeRange
    private var found: Set<Int64> = []
    private let only: Int64?

    init(_ partitions: [Int64], _ partitioning: Partitioning) {
        only = partitions.count == 1 ? partitions.first : nil
        self.partitioning = only == nil ? partitioning : nil
        current = TimeRange(.max, .min)
    }

    /// The partitions that got points, rising; of a file of one partition that one.
    var used: [Int64] { only.map { [$0] } ?? found.sorted() }

    /// Before the first point of a series.
    mutating func restart() { current = partitioning == nil ? .all : TimeRange(.max, .min) }

    /// Whether a time lies in the partition of the time before it.
    func contains(_ time: Timestamp) -> Bool { current.contains(time) }

    /// The last time of the current partition.
    var end: Timestamp { current.upper }

    /// Goes on in the partition of a time.
    mutating func enter(_ time: Timestamp) {
        guard let partitioning else {
            current = .all
            return
        }
        let partition = partitioning.partition(of: time)
        current = partitioning.range(of: partition)
        found.insert(partition)
    }

    /// The row after the last one, from `row` on, that lies in the current partition; times rise.
    func end(in points: borrowing PointColumn, from row: Int) -> Int {
        guard let last = points.times.last, last > current.upper else { return points.count }
        var low = row, high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points.times[middle] <= current.upper { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
