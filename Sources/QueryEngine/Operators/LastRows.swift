// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// The newest point of each series, a row each.
final class LastRows: RowSource {
    struct Wanted: Sendable {
        var entry: SeriesEntry
        /// What the Timeseries column shows.
        var name: String
    }

    private let series: [Wanted]
    private let snapshot: Snapshot
    private let times: TimeRangeSet
    private var done = 0

    init(_ series: [Wanted], of snapshot: Snapshot, in times: TimeRangeSet) {
        self.series = series
        self.snapshot = snapshot
        self.times = times
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        guard done < series.count else { return nil }
        var block = RowBlock(columns: [CellColumn(.text), CellColumn(.text), CellColumn(.text)])
        while done < series.count, block.rowCount < limit {
            let wanted = series[done]
            done += 1
            guard let point = try last(of: wanted.entry) else { continue }
            block.times.append(point.time)
            block.columns[0].append(.text(Array(wanted.name.utf8)))
            block.columns[1].append(.text(Array(ValueText.text(of: point.value).utf8)))
            block.columns[2].append(.text(Array(wanted.entry.type.name.utf8)))
        }
        return block
    }

    /// The newest point in the allowed times, looked for from the last range on.
    private func last(of entry: SeriesEntry) throws(StatementError) -> (time: Timestamp, value: Value)? {
        for range in times.ranges.reversed() {
            do throws(StorageError) {
                if let point = try snapshot.last(of: entry, in: range) { return point }
            } catch {
                throw StatementError(error)
            }
        }
        return nil
    }
}

/// Rows of SELECT LAST in another order; holds them all.
final class SortedLastRows: RowSource {
    struct Key {
        /// By time, else by the Timeseries column.
        var isTime: Bool
        var isDescending: Bool
    }

    private let source: any RowSource
    private let keys: [Key]
    private let memory: QueryMemory
    private var sorted: RowBlock?
    private var done = 0

    init(_ source: any RowSource, by keys: [Key], memory: QueryMemory) {
        self.source = source
        self.keys = keys
        self.memory = memory
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        let rows = try sortedRows()
        let count = min(limit, rows.rowCount - done)
        guard count > 0 else { return nil }
        defer { done += count }
        return rows.compacted(Array(done..<done + count))
    }

    private func sortedRows() throws(StatementError) -> RowBlock {
        if let sorted { return sorted }
        var all = RowBlock(columns: [CellColumn(.text), CellColumn(.text), CellColumn(.text)])
        while let block = try source.next(limit: ResultBlock.rowsMax) {
            try memory.charge(block.columns.reduce(block.rowCount * 8) { $0 + $1.byteCount })
            all.append(block)
        }
        let result = all.permuted(order(of: all))
        sorted = result
        return result
    }

    private func order(of rows: RowBlock) -> [Int] {
        let names = rows.columns[0]
        return (0..<rows.rowCount).sorted { left, right in
            for key in keys {
                if key.isTime {
                    if rows.times[left] != rows.times[right] {
                        return (rows.times[left] < rows.times[right]) != key.isDescending
                    }
                } else if !names.text(at: left).elementsEqual(names.text(at: right)) {
                    return names.text(at: left).lexicographicallyPrecedes(names.text(at: right)) != key.isDescending
                }
            }
            return left < right
        }
    }
}

extension RowBlock {
    /// Appends the rows of a block with the same columns.
    mutating func append(_ other: RowBlock) {
        times += other.times
        for index in columns.indices {
            for row in 0..<other.rowCount { columns[index].append(other.columns[index].value(at: row)) }
        }
    }

    /// The rows in this order.
    func permuted(_ order: [Int]) -> RowBlock {
        var result = RowBlock(times: order.map { times[$0] }, columns: columns)
        for index in columns.indices {
            result.columns[index].bits = order.map { columns[index].bits[$0] }
            result.columns[index].presence = columns[index].presence.compacted(order)
        }
        return result
    }
}

extension CellColumn {
    /// Row `row`, boxed; nil = no value. Not for hot loops.
    func value(at row: Int) -> Value? {
        guard presence[row] else { return nil }
        var single = ValueColumn(type)
        guard type.isVariableLength else {
            single.bits = [bits[row]]
            return single[0]
        }
        single.append(bytes: Array(text(at: row)).span)
        return single[0]
    }
}
