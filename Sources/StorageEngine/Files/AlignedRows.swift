// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// Columns of an aligned device, each with times of its own, merged into rows: a row a time that any column has.
///
/// Memory: a block of points of each column, and the rows of one step.
struct AlignedRows {
    /// Rows of one step, all with the same columns.
    struct Step {
        /// Rising; not empty.
        var times: [Timestamp] = []
        /// In the order of the columns.
        var values: [ValueColumn] = []
        /// Bit i & 63 of word i / 64: row i has a value.
        var presence: [[UInt64]] = []
    }

    /// A column's points in ascending order, the first of them read already.
    struct Source {
        var first: PointColumn
        var rest: SeriesCursor
    }

    private struct Column {
        var cursor: SeriesCursor
        var block: PointColumn
        var position = 0

        var times: ArraySlice<Timestamp> { block.times[position...] }

        /// Makes sure that there are points at hand; false at the end.
        mutating func fill() throws(StorageError) -> Bool {
            while position >= block.count {
                guard let next = try cursor.next() else { return false }
                block = next
                position = 0
            }
            return true
        }
    }

    private var columns: [Column]
    private let types: [DataType]

    /// The columns, at least one point each.
    init(_ sources: [Source]) {
        columns = sources.map { Column(cursor: $0.rest, block: $0.first) }
        types = sources.map(\.first.values.type)
    }

    /// The next rows, at most `rowsMax` and none later than `end`; nil if there are none.
    mutating func next(rowsMax: Int, through end: Timestamp) throws(StorageError) -> Step? {
        // Up to here every column's points are at hand.
        var horizon = end
        for index in columns.indices {
            guard try columns[index].fill(), let last = columns[index].block.times.last else { continue }
            horizon = min(horizon, last)
        }
        var times = mergedTimes(through: horizon)
        guard let first = times.first else { return nil }
        if times.count > rowsMax { times.removeLast(times.count - max(1, rowsMax)) }
        var step = Step()
        step.values.reserveCapacity(columns.count)
        step.presence.reserveCapacity(columns.count)
        for index in columns.indices { take(index, times, from: first, &step) }
        step.times = times
        return step
    }

    /// The earliest time that is left; nil at the end.
    mutating func firstTime() throws(StorageError) -> Timestamp? {
        var first: Timestamp?
        for index in columns.indices where try columns[index].fill() {
            let time = columns[index].block.times[columns[index].position]
            first = min(first ?? time, time)
        }
        return first
    }

    /// Every time at hand up to `horizon`, once. Mostly all columns have the same.
    private func mergedTimes(through horizon: Timestamp) -> [Timestamp] {
        var merged: [Timestamp] = []
        for column in columns where column.position < column.block.count {
            let rows = column.block.rows(in: TimeRange(column.block.times[column.position], horizon), .ascending)
            let times = column.block.times[rows]
            if times.isEmpty || merged.elementsEqual(times) { continue }
            merged = merged.isEmpty ? Array(times) : Self.union(merged, times)
        }
        return merged
    }

    private static func union(_ a: [Timestamp], _ b: ArraySlice<Timestamp>) -> [Timestamp] {
        var union: [Timestamp] = []
        union.reserveCapacity(max(a.count, b.count))
        var left = 0, right = b.startIndex
        while left < a.count, right < b.endIndex {
            let time = min(a[left], b[right])
            union.append(time)
            if a[left] == time { left += 1 }
            if b[right] == time { right += 1 }
        }
        union.append(contentsOf: a[left...])
        union.append(contentsOf: b[right...])
        return union
    }

    /// Takes a column's values at these times, all of which it has passed afterwards.
    private mutating func take(_ index: Int, _ times: [Timestamp], from first: Timestamp, _ step: inout Step) {
        var values = ValueColumn(types[index])
        var presence = [UInt64](repeating: 0, count: (times.count + 63) / 64)
        var position = columns[index].position
        let block = columns[index].block
        var row = 0
        while row < times.count, position < block.count {
            if block.times[position] == times[row] {
                values.append(from: block.values, at: position)
                presence[row >> 6] |= 1 << UInt64(row & 63)
                position += 1
            }
            row += 1
        }
        columns[index].position = position
        step.values.append(values)
        step.presence.append(presence)
    }
}
