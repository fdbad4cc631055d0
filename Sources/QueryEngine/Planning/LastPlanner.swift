// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Makes a plan of SELECT LAST (`iotdb-sql.md` section 4.10).
struct LastPlanner {
    private let context: StatementContext
    private let statement: SelectStatement
    private let memory: QueryMemory
    private var expander: PathExpander

    init(_ context: StatementContext, _ statement: SelectStatement) {
        self.context = context
        self.statement = statement
        memory = QueryMemory(limit: context.settings.memoryBytesMax)
        expander = PathExpander(context, from: statement.from, memory: memory)
    }

    private static let columns = ["Timeseries", "Value", "DataType"].map { ResultColumn(name: $0, type: .text) }

    mutating func plan() throws(StatementError) -> StatementResult {
        if statement.grouping != nil || statement.having != nil || statement.fill != nil {
            throw .semantic("SELECT LAST takes neither GROUP BY nor HAVING nor FILL")
        }
        if statement.alignment == .device { throw .semantic("SELECT LAST cannot be aligned by device") }
        let condition = try TimeCondition(statement.condition)
        guard condition.rest.isEmpty else { throw .semantic("SELECT LAST takes conditions on time only") }
        let series = try wanted()
        let snapshot = context.service.storage.snapshot()
        snapshot.pin(series.map(\.entry))
        var rows: any RowSource = LastRows(series, of: snapshot, in: condition.times)
        if !statement.order.isEmpty { rows = SortedLastRows(rows, by: try keys(), memory: memory) }
        return context.rows(
            Self.columns, hasTime: true, kind: .select, PagedRows(rows, page: statement.page, hasTime: true))
    }

    /// The series by path, each once, under the name that their row shows.
    private mutating func wanted() throws(StatementError) -> [LastRows.Wanted] {
        var names: [PathText: String] = [:]
        for item in statement.items {
            guard case .path = item.expression.kind else {
                throw .semantic("SELECT LAST takes series only, not `\(item.expression.printed)`")
            }
            let expanded = try expander.expand(item.expression)
            if let alias = item.alias, expanded.count > 1 {
                throw .semantic("alias '\(alias)' can only be matched with one time series")
            }
            for case .path(let path) in expanded.map(\.kind) { names[path] = item.alias ?? names[path] ?? path.text }
        }
        return names.sorted { $0.key.nodes.lexicographicallyPrecedes($1.key.nodes) }
            .dropFirst(statement.seriesPage.offset).prefix(statement.seriesPage.limit ?? .max)
            .compactMap { path, name in expander.series[path].map { LastRows.Wanted(entry: $0, name: name) } }
    }

    private func keys() throws(StatementError) -> [SortedLastRows.Key] {
        var keys: [SortedLastRows.Key] = []
        for item in statement.order {
            switch item.key {
            case .time: keys.append(SortedLastRows.Key(isTime: true, isDescending: item.isDescending))
            case .timeseries: keys.append(SortedLastRows.Key(isTime: false, isDescending: item.isDescending))
            default: throw .semantic("SELECT LAST is ordered by TIME or TIMESERIES")
            }
        }
        return keys
    }
}
