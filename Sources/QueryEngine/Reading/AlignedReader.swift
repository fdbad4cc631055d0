// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Reads several series side by side: a row for every time at which at least one of them has a point.
final class AlignedReader {
    /// A block ends when its texts reach this many bytes.
    private static let textBytesMax = 16 << 20

    private let snapshot: Snapshot
    private let series: [SeriesEntry]
    private let order: TimeOrder
    private let memory: QueryMemory
    /// Still to be read, the next one last.
    private var ranges: [TimeRange]
    private var inputs: [SeriesInput] = []

    /// `ranges` rise and do not overlap. Nothing is read yet.
    init(
        _ series: [SeriesEntry], of snapshot: Snapshot, in ranges: [TimeRange], order: TimeOrder, memory: QueryMemory
    ) {
        self.snapshot = snapshot
        self.series = series
        self.order = order
        self.memory = memory
        self.ranges = order == .ascending ? ranges.reversed() : ranges
    }

    /// The next rows in order, at most `limit`; nil at the end.
    func next(limit: Int) throws(StatementError) -> RowBlock? {
        let rowsMax = min(limit, memory.rowsMax(columns: series.count))
        var output = RowBlock(columns: series.map { CellColumn($0.type) })
        while output.rowCount < rowsMax {
            guard try appendRun(to: &output, rowsMax: rowsMax) else {
                guard openNextRange() else { break }
                continue
            }
            if output.columns.contains(where: { $0.bytes.count > Self.textBytesMax }) { break }
        }
        return output.rowCount == 0 ? nil : output
    }

    private func openNextRange() -> Bool {
        guard let range = ranges.popLast() else { return false }
        inputs = series.map { series in
            SeriesInput(snapshot.points(of: series, in: range, order: order), type: series.type)
        }
        return true
    }

    /// Appends the rows up to the time through which the blocks at hand are complete; false if the range is at its end.
    private func appendRun(to output: inout RowBlock, rowsMax: Int) throws(StatementError) -> Bool {
        var bound: Timestamp?
        for index in inputs.indices {
            guard try inputs[index].fill(memory), let last = inputs[index].lastTime else { continue }
            bound = bound.map { order == .ascending ? min($0, last) : max($0, last) } ?? last
        }
        guard let bound else { return false }
        let times = unionOfTimes(through: bound, limit: rowsMax - output.rowCount)
        output.times += times
        for index in inputs.indices { appendCells(of: index, at: times, to: &output.columns[index]) }
        return true
    }

    /// Whether `left` comes before `right` in the reader's order.
    private func precedes(_ left: Timestamp, _ right: Timestamp) -> Bool {
        order == .ascending ? left < right : left > right
    }

    /// The next times of all inputs, none of them behind `bound`, at most `limit`.
    private func unionOfTimes(through bound: Timestamp, limit: Int) -> [Timestamp] {
        var union: [Timestamp] = []
        for input in inputs where input.hasPoint {
            let upper = end(of: input, through: bound, limit: limit)
            let times = input.block.times[input.position..<upper]
            if union.isEmpty {
                union = Array(times)
            } else if !times.elementsEqual(union) {
                union = merged(union, times, limit: limit)
            }
        }
        return union
    }

    /// Where the points of the block at hand end that are not behind `bound`, at most `limit` of them.
    private func end(of input: borrowing SeriesInput, through bound: Timestamp, limit: Int) -> Int {
        var low = input.position, high = min(input.block.count, input.position + limit)
        while low < high {
            let middle = low + (high - low) / 2
            if precedes(bound, input.block.times[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func merged(_ left: [Timestamp], _ right: ArraySlice<Timestamp>, limit: Int) -> [Timestamp] {
        var result: [Timestamp] = []
        result.reserveCapacity(min(limit, left.count + right.count))
        var (i, j) = (0, right.startIndex)
        while result.count < limit {
            if i == left.count {
                guard j < right.endIndex else { break }
                result.append(right[j])
                j += 1
            } else if j == right.endIndex || precedes(left[i], right[j]) {
                result.append(left[i])
                i += 1
            } else {
                if left[i] == right[j] { i += 1 }
                result.append(right[j])
                j += 1
            }
        }
        return result
    }

    /// Takes the points of an input at these times, which are the next ones of all inputs.
    private func appendCells(of index: Int, at times: [Timestamp], to column: inout CellColumn) {
        var position = inputs[index].position
        let block = inputs[index].block
        let run = position..<min(block.count, position + times.count)
        if run.count == times.count, block.times[run].elementsEqual(times) {
            // Nearly always: one series, or all written by the same rows.
            column.append(contentsOf: block.values, run)
            inputs[index].position = run.upperBound
            return
        }
        for time in times {
            if position < block.count, block.times[position] == time {
                column.append(from: block.values, at: position)
                position += 1
            } else {
                column.appendNull()
            }
        }
        inputs[index].position = position
    }
}
