// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The times of a series that nobody may see of one file or memtable: deleted, expired, or in a partition whose points another
/// file has taken over.
struct HiddenTimes: Sendable, Equatable {
    static let none = HiddenTimes([])

    /// Sorted, none empty, none touching the next.
    let ranges: [TimeRange]

    /// Takes ranges in any order, overlapping or not.
    init(_ ranges: [TimeRange]) { self.ranges = TimeRange.union(ranges) }

    var isEmpty: Bool { ranges.isEmpty }

    /// The first range that ends at `time` or later.
    private func index(from time: Timestamp) -> Int {
        var low = 0, high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upper < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether every time of the range is hidden; true for an empty one.
    func covers(_ range: TimeRange) -> Bool {
        guard !range.isEmpty else { return true }
        let index = index(from: range.lower)
        return index < ranges.count && ranges[index].lower <= range.lower && range.upper <= ranges[index].upper
    }

    /// Whether any time of the range is hidden.
    func overlaps(_ range: TimeRange) -> Bool {
        guard !range.isEmpty else { return false }
        let index = index(from: range.lower)
        return index < ranges.count && ranges[index].lower <= range.upper
    }

    /// The times of a range that are not hidden, rising.
    func visible(in range: TimeRange) -> [TimeRange] {
        guard !range.isEmpty else { return [] }
        var visible: [TimeRange] = []
        var start = range.lower
        var index = index(from: range.lower)
        while index < ranges.count, ranges[index].lower <= range.upper {
            let hidden = ranges[index]
            if start < hidden.lower { visible.append(TimeRange(start, hidden.lower - 1)) }
            guard hidden.upper < range.upper else { return visible }
            start = hidden.upper + 1
            index += 1
        }
        visible.append(TimeRange(start, range.upper))
        return visible
    }

    /// The points that are not hidden; times rise, or fall in descending order.
    func filter(_ points: PointColumn, _ order: TimeOrder) -> PointColumn {
        guard let first = points.times.first, let last = points.times.last else { return points }
        let whole = order == .ascending ? TimeRange(first, last) : TimeRange(last, first)
        guard overlaps(whole) else { return points }
        var kept = PointColumn(points.values.type)
        let visible = visible(in: whole)
        for range in order == .ascending ? visible : visible.reversed() {
            kept.append(points, points.rows(in: range, order))
        }
        return kept
    }

    /// What lies in `range` but in none of the partitions, which rise.
    static func outside(
        _ partitions: [Int64], _ partitioning: Partitioning, within range: TimeRange
    ) -> [TimeRange] {
        guard !range.isEmpty else { return [] }
        var low = 0, high = partitions.count
        let first = partitioning.partition(of: range.lower)
        while low < high {
            let middle = (low + high) / 2
            if partitions[middle] < first { low = middle + 1 } else { high = middle }
        }
        var outside: [TimeRange] = []
        var start = range.lower
        while low < partitions.count {
            let inside = partitioning.range(of: partitions[low])
            guard inside.lower <= range.upper else { break }
            if start < inside.lower { outside.append(TimeRange(start, inside.lower - 1)) }
            guard inside.upper < range.upper else { return outside }
            start = inside.upper + 1
            low += 1
        }
        outside.append(TimeRange(start, range.upper))
        return outside
    }
}

extension PointColumn {
    /// The rows whose times lie in the range; times rise, or fall in descending order.
    func rows(in range: TimeRange, _ order: TimeOrder) -> Range<Int> {
        let start = firstRow { order == .ascending ? $0 >= range.lower : $0 <= range.upper }
        let end = firstRow { order == .ascending ? $0 > range.upper : $0 < range.lower }
        return start..<max(start, end)
    }

    /// The first row for which the condition holds; it holds for all after it.
    private func firstRow(_ isReached: (Timestamp) -> Bool) -> Int {
        var low = 0, high = times.count
        while low < high {
            let middle = (low + high) / 2
            if isReached(times[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
