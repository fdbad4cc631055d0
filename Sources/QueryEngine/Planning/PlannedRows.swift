// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// A judged SELECT without pages: what columns it has, and how its rows begin.
struct PlannedRows: Sendable {
    /// The raw rows of some series.
    struct Raw: Sendable {
        var inputs: [SeriesEntry]
        /// How many of the inputs, the first ones, the select list uses.
        var selectedCount: Int
        var times: TimeRangeSet
        var condition: CompiledExpression?
        var outputs: [CompiledExpression]
    }

    enum Kind: Sendable {
        case raw(Raw)
        case aggregation(AggregationPlan, WindowSchedule)
    }

    var columns: [ResultColumn]
    var hasTime: Bool
    var kind: Kind

    /// The series that are read.
    var inputs: [SeriesEntry] {
        switch kind {
        case .raw(let raw): raw.inputs
        case .aggregation(let plan, _): plan.inputs
        }
    }

    /// Begins the rows; nothing is read yet.
    func open(_ snapshot: Snapshot, order: TimeOrder, memory: QueryMemory) -> any RowSource {
        switch kind {
        case .raw(let raw):
            let reader = AlignedReader(
                raw.inputs, of: snapshot, in: raw.times.ranges, order: order, memory: memory)
            return RawRows(
                reader, condition: raw.condition, outputs: raw.outputs, selected: Array(0..<raw.selectedCount),
                inputCount: raw.inputs.count)
        case .aggregation(let plan, let schedule):
            return AggregatedRows(plan, schedule: schedule, snapshot: snapshot, order: order, memory: memory)
        }
    }
}
