// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// What an aggregation computes: the functions, what they are applied to, and what is made of their results.
struct AggregationPlan: Sendable {
    struct Function: Sendable {
        var function: AggregateFunction
        /// Over the points of ``inputs``.
        var argument: CompiledExpression
        var resultType: DataType
    }

    var inputs: [SeriesEntry] = []
    var functions: [Function] = []
    /// WHERE, over the inputs.
    var condition: CompiledExpression?
    var times = TimeRangeSet.all
    /// Over the results of the functions.
    var outputs: [CompiledExpression] = []
    /// HAVING, over the results of the functions.
    var having: CompiledExpression?
}

/// Rows of an aggregation, one a window (`iotdb-sql.md` sections 4.4 and 4.5).
final class AggregatedRows: RowSource {
    private let plan: AggregationPlan
    private let schedule: WindowSchedule
    private let snapshot: Snapshot
    private let order: TimeOrder
    private let memory: QueryMemory
    private var done = 0

    init(
        _ plan: AggregationPlan, schedule: WindowSchedule, snapshot: Snapshot, order: TimeOrder, memory: QueryMemory
    ) {
        self.plan = plan
        self.schedule = schedule
        self.snapshot = snapshot
        self.order = order
        self.memory = memory
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        guard done < schedule.count else { return nil }
        let width = max(1, plan.functions.count) * Accumulator.byteCount
        let count = min(schedule.count - done, limit, ResultBlock.rowsMax, max(1, memory.limit / 4 / width))
        let first = order == .ascending ? done : schedule.count - done - count
        done += count
        let windows = (first..<first + count).map { schedule.window($0) }
        try memory.charge(count * width)
        var batch = WindowBatch(plan: plan, windows: windows)
        defer { memory.release(count * width + batch.textBytes) }
        try batch.read(snapshot, memory: memory)
        let results = batch.results(descending: order == .descending)
        let kept = plan.having.map { results.compacted($0.rows(of: results)) } ?? results
        return RowBlock(times: kept.times, columns: plan.outputs.map { $0.evaluate(kept) })
    }
}

/// Some neighbouring windows under way.
private struct WindowBatch {
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

    /// Series by series: no rows need to be put together.
    private mutating func readSeparately(
        _ snapshot: Snapshot, _ ranges: [TimeRange], _ memory: QueryMemory
    ) throws(StatementError) {
        var functions = [[Int]](repeating: [], count: plan.inputs.count)
        for (index, function) in plan.functions.enumerated() {
            if case .input(let input) = function.argument.node { functions[input].append(index) }
        }
        for (series, wanted) in zip(plan.inputs, functions) where !wanted.isEmpty {
            for range in ranges {
                let cursor = snapshot.points(of: series, in: range, order: .ascending)
                var input = SeriesInput(cursor, type: series.type)
                var position = 0
                while try input.fill(memory) {
                    for index in wanted {
                        try add(
                            input.block, to: index, from: &position, isLast: index == wanted.last, memory: memory)
                    }
                    input.position = input.block.count
                }
            }
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
    private mutating func add(
        _ points: PointColumn, to function: Int, from first: inout Int, isLast: Bool, memory: QueryMemory
    ) throws(StatementError) {
        guard let start = points.times.first, let end = points.times.last else { return }
        var window = first
        while window < windows.count, windows[window].range.upper < start { window += 1 }
        if isLast { first = window }
        while window < windows.count, windows[window].range.lower <= end {
            let range = windows[window].range
            let lower = points.times.partitionPoint { $0 < range.lower }
            let upper = points.times.partitionPoint { $0 <= range.upper }
            let before = accumulators[function][window].textByteCount
            accumulators[function][window].add(points, lower..<max(lower, upper), plan.functions[function].function)
            let grown = accumulators[function][window].textByteCount - before
            if grown != 0 {
                try memory.charge(grown)
                textBytes += grown
            }
            window += 1
        }
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
