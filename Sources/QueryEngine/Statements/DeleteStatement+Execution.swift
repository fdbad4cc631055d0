// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

/// DELETE FROM: points go, series stay (`iotdb-sql.md` section 5).
extension StatementContext {
    func execute(_ statement: DeleteStatement) throws(StatementError) -> StatementResult {
        var deletions: [(pattern: PathPattern, range: TimeRange)] = []
        for text in statement.patterns {
            let named = PathPattern(nodes: text.nodes)
            // Where the pattern names a device it means all its series.
            let below = PathPattern(nodes: text.nodes + ["*"])
            for pattern in [named, below] {
                let series =
                    pattern == below && schema.devices(matching: named).isEmpty
                    ? [] : schema.series(matching: pattern)
                try require(.writeData, on: series)
                if !series.isEmpty { deletions.append((pattern, statement.range)) }
            }
        }
        guard !deletions.isEmpty, !statement.range.isEmpty else { return .done }
        try requireWritableLog()
        try stored { try service.storage.delete(deletions) }
        return .done
    }

    /// 803 unless the user has the right on every one of the series.
    func require(_ privilege: Privilege, on series: [SeriesEntry]) throws(StatementError) {
        guard !isAdministrator else { return }
        for entry in series where !service.access.allows(principal, privilege, onPath: entry.nodes) {
            throw .denied(privilege.sqlName, on: entry.path)
        }
    }
}

/// DELETE TIMESERIES, DELETE DATABASE: names go, and the points with them.
extension StatementContext {
    func execute(_ statement: DropStatement) throws(StatementError) -> StatementResult {
        switch statement {
        case .series(let patterns): try dropSeries(patterns)
        case .databases(let patterns): try dropDatabases(patterns)
        }
        return .done
    }

    private func dropSeries(_ patterns: [PathText]) throws(StatementError) {
        var all: [PathPattern] = []
        for text in patterns {
            let pattern = PathPattern(nodes: text.nodes)
            let series = schema.series(matching: pattern)
            guard !series.isEmpty else { throw Self.noSeries(text) }
            try require(.writeSchema, on: series)
            all.append(pattern)
        }
        try requireWritableLog()
        let dropped = try stored { try service.storage.dropSeries(matching: all) }
        if dropped == 0, let first = patterns.first { throw Self.noSeries(first) }
    }

    private static func noSeries(_ pattern: PathText) -> StatementError {
        StatementError(code: 508, message: "Timeseries [\(pattern.text)] does not exist")
    }

    private func dropDatabases(_ patterns: [PathText]) throws(StatementError) {
        guard service.access.allows(principal, .manageDatabase) else {
            throw .denied(Privilege.manageDatabase.sqlName, on: patterns.first?.text ?? "root.**")
        }
        let all = patterns.map { PathPattern(nodes: $0.nodes) }
        let databases = schema.databases()
        for pattern in all where !databases.contains(where: { pattern.matches($0.nodes) }) {
            throw Self.noDatabase(pattern)
        }
        try requireWritableLog()
        let dropped = try stored { try service.storage.dropDatabases(matching: all) }
        if dropped == 0, let first = all.first { throw Self.noDatabase(first) }
    }

    private static func noDatabase(_ pattern: PathPattern) -> StatementError {
        StatementError(code: 500, message: "Database \(pattern.text) does not exist")
    }
}
