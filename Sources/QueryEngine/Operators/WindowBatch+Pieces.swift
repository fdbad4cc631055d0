// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel
import TsFile

/// Reading series by series, where no rows need to be put together. What the statistics of files know is not decoded.
extension WindowBatch {
    mutating func readSeparately(
        _ snapshot: Snapshot, _ ranges: [TimeRange], _ memory: QueryMemory
    ) throws(StatementError) {
        var functions = [[Int]](repeating: [], count: plan.inputs.count)
        for (index, function) in plan.functions.enumerated() {
            if case .input(let input) = function.argument.node { functions[input].append(index) }
        }
        for (series, wanted) in zip(plan.inputs, functions) where !wanted.isEmpty {
            let usesStatistics = wanted.allSatisfy { plan.functions[$0].function.isInStatistics(of: series.type) }
            for range in ranges {
                if usesStatistics {
                    try readPieces(of: series, wanted, in: range, snapshot, memory)
                } else {
                    var first = 0
                    try readPoints(of: series, wanted, in: range, from: &first, snapshot, memory)
                }
            }
        }
    }

    /// `first` is the first window that the next points may lie in.
    private mutating func readPoints(
        of series: SeriesEntry, _ wanted: [Int], in range: TimeRange, from first: inout Int, _ snapshot: Snapshot,
        _ memory: QueryMemory
    ) throws(StatementError) {
        let cursor = snapshot.points(of: series, in: range, order: .ascending)
        var input = SeriesInput(cursor, type: series.type)
        while try input.fill(memory) {
            try add(input.block, to: wanted, from: &first, memory)
            input.position = input.block.count
        }
    }

    private mutating func readPieces(
        of series: SeriesEntry, _ wanted: [Int], in range: TimeRange, _ snapshot: Snapshot, _ memory: QueryMemory
    ) throws(StatementError) {
        var cursor = snapshot.pieces(of: series, in: range)
        var first = 0
        while true {
            let piece: SeriesPiece?
            do throws(StorageError) {
                piece = try cursor.next { Self.isUndivided($0, windows, from: first) }
            } catch {
                throw StatementError(error)
            }
            switch piece {
            case nil: return
            case .points(let points):
                let bytes = points.times.count * 16 + points.values.bytes.count
                try memory.charge(bytes)
                defer { memory.release(bytes) }
                try add(points, to: wanted, from: &first, memory)
            case .statistics(let statistics, let pieceRange):
                let isExact = wanted.allSatisfy {
                    plan.functions[$0].function.isExact(in: statistics.values, count: statistics.count)
                }
                if isExact {
                    try add(statistics, of: series.type, to: wanted, from: &first, memory)
                } else {
                    try readPoints(of: series, wanted, in: pieceRange, from: &first, snapshot, memory)
                }
            }
        }
    }

    /// Whether every window that overlaps the range holds all of it, so that its points need not be told apart.
    private static func isUndivided(_ range: TimeRange, _ windows: [WindowSchedule.Window], from first: Int) -> Bool {
        var window = first
        while window < windows.count, windows[window].range.lower <= range.upper {
            let times = windows[window].range
            if times.overlaps(range), range.lower < times.lower || times.upper < range.upper { return false }
            window += 1
        }
        return true
    }

    private mutating func add(
        _ points: borrowing PointColumn, to wanted: [Int], from first: inout Int, _ memory: QueryMemory
    ) throws(StatementError) {
        for index in wanted {
            try add(points, to: index, from: &first, isLast: index == wanted.last, memory: memory)
        }
    }

    private mutating func add(
        _ statistics: SeriesStatistics, of type: DataType, to wanted: [Int], from first: inout Int,
        _ memory: QueryMemory
    ) throws(StatementError) {
        while first < windows.count, windows[first].range.upper < statistics.startTime { first += 1 }
        var window = first
        while window < windows.count, windows[window].range.lower <= statistics.endTime {
            if windows[window].range.overlaps(statistics.timeRange) {
                for index in wanted {
                    try change(index, window, memory) { accumulator, function in
                        accumulator.add(statistics, of: type, function)
                    }
                }
            }
            window += 1
        }
    }
}
