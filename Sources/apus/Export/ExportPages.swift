// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Asks for the rows of a unit page by page: each begins behind the last row of the one before.
struct ExportPages {
    /// Cells of a page; memory of both sides is bounded by it.
    static let cellsMax = 200_000
    /// Rows of a page.
    static let rowsMax = 50_000

    let unit: ExportUnit
    /// Included; nil = from the first row.
    var from: Int64?
    /// Not included; nil = to the last row.
    let to: Int64?
    private(set) var isAtEnd = false

    init(_ unit: ExportUnit, from: Int64?, to: Int64?) {
        self.unit = unit
        self.from = from
        self.to = to
    }

    private var limit: Int { max(1, min(Self.rowsMax, Self.cellsMax / max(1, unit.names.count))) }

    /// The statement for the next page.
    var statement: String {
        "SELECT \(unit.names.joined(separator: ", ")) FROM \(unit.source)\(condition) ORDER BY TIME ASC LIMIT \(limit)"
    }

    /// How many values there are in all.
    var countStatement: String {
        "SELECT \(unit.names.map { "count(\($0))" }.joined(separator: ", ")) FROM \(unit.source)\(condition)"
    }

    private var condition: String {
        let parts = [from.map { "time >= \($0)" }, to.map { "time < \($0)" }].compactMap { $0 }
        return parts.isEmpty ? "" : " WHERE " + parts.joined(separator: " AND ")
    }

    /// The next rows, at least one; nil at the end.
    mutating func next(_ session: any SQLTransport) async throws(SQLClientError) -> SQLRows? {
        guard !isAtEnd else { return nil }
        guard case .rows(let rows) = try await session.execute(statement, rowLimit: limit) else { return nil }
        guard let times = rows.times, let last = times.last else {
            isAtEnd = true
            return nil
        }
        guard rows.columns.count == unit.names.count, rows.values.allSatisfy({ $0.count == times.count }) else {
            throw .unreadable("the server answered \(rows.columns.count) columns for \(unit.names.count)")
        }
        if times.count < limit || last == .max { isAtEnd = true }
        from = last == .max ? last : last + 1
        return rows
    }

    /// How many values there are; nil if the server does not tell.
    func count(_ session: any SQLTransport) async -> Int? {
        guard case .rows(let rows)? = try? await session.execute(countStatement, rowLimit: 1) else { return nil }
        return rows.values.reduce(0) { sum, cells in
            if case .integer(let number)? = cells.first { return sum &+ Int(number) }
            return sum
        }
    }
}
