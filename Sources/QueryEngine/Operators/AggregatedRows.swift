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
