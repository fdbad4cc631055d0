// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Rows of a listing, made one by one of things that are at hand.
final class ListedRows: RowSource {
    private let columns: [ResultColumn]
    private let count: Int
    private let row: @Sendable (Int) -> [Value?]
    private var done = 0

    /// `row` gives the cells of a row, parallel to the columns and of their types.
    init(_ columns: [ResultColumn], count: Int, row: @escaping @Sendable (Int) -> [Value?]) {
        self.columns = columns
        self.count = count
        self.row = row
    }

    func next(limit: Int) -> RowBlock? {
        guard done < count else { return nil }
        var block = RowBlock(columns: columns.map { CellColumn($0.type) })
        while block.rowCount < limit, done < count {
            block.times.append(0)
            for (index, cell) in row(done).enumerated() { block.columns[index].append(cell) }
            done += 1
        }
        return block
    }
}

extension StatementContext {
    /// The result of a listing without a Time column: a row for each item.
    func listing<Item: Sendable>(
        _ columns: [ResultColumn], of items: [Item], page: Page = Page(),
        row: @escaping @Sendable (Item) -> [Value?]
    ) -> StatementResult {
        let rows = ListedRows(columns, count: items.count) { row(items[$0]) }
        return self.rows(columns, PagedRows(rows, page: page, hasTime: false))
    }

    /// The result of a listing of one row.
    func listing(_ columns: [ResultColumn], row: [Value?]) -> StatementResult {
        listing(columns, of: [row]) { $0 }
    }
}

extension ResultColumn {
    /// A column of texts.
    static func text(_ name: String) -> ResultColumn { ResultColumn(name: name, type: .text) }
}

extension Value {
    /// A TEXT.
    static func text(_ text: String) -> Value { .text(Array(text.utf8)) }
}
