// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Makes a plan of a SELECT that is not LAST.
struct SelectPlanner {
    private let context: StatementContext
    private let statement: SelectStatement
    private let memory: QueryMemory

    init(_ context: StatementContext, _ statement: SelectStatement) {
        self.context = context
        self.statement = statement
        memory = QueryMemory(limit: context.settings.memoryBytesMax)
    }

    /// Judges the statement and begins its result.
    func plan() throws(StatementError) -> StatementResult {
        if statement.grouping?.levels.isEmpty == false { throw .unsupported("GROUP BY LEVEL") }
        if statement.alignment == .device {
            return try DevicePlanner(context, statement, memory: memory).plan()
        }
        let order = try timeOrder()
        var planner = ColumnPlanner(context, statement, from: statement.from, memory: memory)
        let outputs = try planner.expandedItems()
        let page = statement.seriesPage
        let paged = Array(outputs.dropFirst(page.offset).prefix(page.limit ?? .max))
        guard let rows = try planner.plan(paged) else {
            return context.rows([], hasTime: true, kind: .select, NoRows())
        }
        let snapshot = context.service.storage.snapshot()
        snapshot.pin(rows.inputs)
        var source = rows.open(snapshot, order: order, memory: memory)
        if let fill = statement.fill {
            source = FilledRows.make(fill, over: source, times: context.times, memory: memory)
        }
        return context.rows(
            rows.columns, hasTime: rows.hasTime, kind: .select,
            PagedRows(source, page: statement.page, hasTime: rows.hasTime))
    }

    private func timeOrder() throws(StatementError) -> TimeOrder {
        guard let first = statement.order.first else { return .ascending }
        guard statement.order.count == 1, first.key == .time else { throw .unsupported("ORDER BY other than time") }
        return first.isDescending ? .descending : .ascending
    }
}
