// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

/// One row on its way out of a table. A cell that does not fit is an error, not a trap: the file may be damaged.
struct TableRow {
    let row: Row
    let table: String
    let columns: [String]

    func number<Number: FixedWidthInteger>(_ index: Int) throws -> Number {
        guard let cell = row[index] as Int64?, let number = Number(exactly: cell) else { throw badCell(index) }
        return number
    }

    func text(_ index: Int) throws -> String {
        guard let cell = row[index] as String? else { throw badCell(index) }
        return cell
    }

    func flag(_ index: Int) throws -> Bool {
        let number: UInt8 = try number(index)
        guard number <= 1 else { throw badCell(index) }
        return number == 1
    }

    func bytes(_ index: Int) throws -> [UInt8] {
        guard let cell = row[index] as Data? else { throw badCell(index) }
        return [UInt8](cell)
    }

    /// nil for NULL.
    func optionalBytes(_ index: Int) throws -> [UInt8]? { row.hasNull(atIndex: index) ? nil : try bytes(index) }

    func badCell(_ index: Int) -> CatalogFault { .badCell(table: table, column: columns[index]) }
}

extension SQLiteCatalog {
    /// Calls `body` for each row of a table, in the order of its key unless `suffix` says otherwise.
    static func rows(
        of table: String, _ columns: [String], _ suffix: String = "ORDER BY 1", arguments: StatementArguments = [],
        in database: Database, _ body: (TableRow) throws -> Void
    ) throws {
        let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table) \(suffix)"
        let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try cursor.next() {
            try body(TableRow(row: row, table: table, columns: columns))
        }
    }
}
