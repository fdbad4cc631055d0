// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Some neighbouring windows under way.
struct WindowBatch {
    let plan: AggregationPlan
    let windows: [WindowSchedule.Window]
    /// By function, then by window.
    var accumulators: [[Accumulator]]
    /// What is charged for the texts that the accumulators keep.
    private(set) var textBytes = 0

    init(plan: AggregationPlan, windows: [WindowSchedule.Window]) {
        self.plan = plan
        self.windows = windows
        accumulators = [[Accumulator]](
            repeating: [Accumulator](repeating: Accumulator(), count: windows.count), count: plan.functions.count)
    }

    mutating func read(_ snapshot: Snapshot, memory: QueryMemory) throws(StatementError) {
        guard let lower = windows.first?.range.lower, let upper = windows.last?.range.upper else { return }
        let ranges = plan.times.intersection(TimeRangeSet(TimeRange(lower, upper))).ranges
        if plan.condition == nil, plan.functions.allSatisfy(\.argument.isInput) {
            try readSeparately(snapshot, ranges, memory)
        } else {
            try readTogether(snapshot, ranges, memory)
        }
    }

    private mutating func readTogether(
        _ snapshot: Snapshot, _ ranges: [TimeRange], _ memory: QueryMemory
    ) throws(StatementError) {
        let reader = AlignedReader(plan.inputs, of: snapshot, in: ranges, order: .ascending, memory: memory)
        var positions = [Int](repeating: 0, count: plan.functions.count)
        while var rows = try reader.next(limit: ResultBlock.rowsMax) {
            if let condition = plan.condition { rows = rows.compacted(condition.rows(of: rows)) }
            for (index, function) in plan.functions.enumerated() {
                let points = Self.points(of: function.argument.evaluate(rows), at: rows.times)
                try add(points, to: index, from: &positions[index], isLast: true, memory: memory)
            }
        }
    }

    /// The cells that are there, as points.
    private static func points(of column: CellColumn, at times: [Timestamp]) -> PointColumn {
        var points = PointColumn(column.type)
        points.values = column.resultValues.values
        points.times = column.presence.isFull ? times : times.indices.filter { column.presence[$0] }.map { times[$0] }
        return points
    }

    /// Adds points, which follow earlier ones in time, to every window that they lie in. `first` is the first window that
    /// they may lie in; moved on where `isLast` says that nobody else needs it.
    mutating func add(
        _ points: borrowing PointColumn, to function: Int, from first: inout Int, isLast: Bool, memory: QueryMemory
    ) throws(StatementError) {
        guard let start = points.times.first, let end = points.times.last else { return }
        var window = first
        while window < windows.count, windows[window].range.upper < start { window += 1 }
        if isLast { first = window }
        while window < windows.count, windows[window].range.lower <= end {
            let range = windows[window].range
            let lower = points.times.partitionPoint { $0 < range.lower }
            let upper = points.times.partitionPoint { $0 <= range.upper }
            try change(function, window, memory) { accumulator, function in
                accumulator.add(points, lower..<max(lower, upper), function)
            }
            window += 1
        }
    }

    /// Changes an accumulator, and charges for the texts that it keeps.
    mutating func change(
        _ function: Int, _ window: Int, _ memory: QueryMemory, _ body: (inout Accumulator, AggregateFunction) -> Void
    ) throws(StatementError) {
        let before = accumulators[function][window].textByteCount
        body(&accumulators[function][window], plan.functions[function].function)
        let grown = accumulators[function][window].textByteCount - before
        guard grown != 0 else { return }
        try memory.charge(grown)
        textBytes += grown
    }

    /// The results of the functions, a row a window.
    func results(descending: Bool) -> RowBlock {
        let order = descending ? Array(windows.indices.reversed()) : Array(windows.indices)
        var block = RowBlock(times: order.map { windows[$0].label })
        for (index, function) in plan.functions.enumerated() {
            var column = CellColumn(function.resultType)
            for window in order { accumulators[index][window].appendResult(function.function, to: &column) }
            block.columns.append(column)
        }
        return block
    }
}

extension CompiledExpression {
    /// Whether it is a column of the block as it is.
    var isInput: Bool { if case .input = node { true } else { false } }
}

extension Array where Element: Comparable {
    /// The first index whose element does not satisfy a test that all before it do.
    func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
