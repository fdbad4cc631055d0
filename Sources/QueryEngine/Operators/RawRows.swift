// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Rows of a query without aggregation: the aligned points, the condition, the expressions (`iotdb-sql.md` section 4.2).
final class RawRows: RowSource {
    private let reader: AlignedReader
    private let condition: CompiledExpression?
    private let outputs: [CompiledExpression]
    /// Columns of the reader that the select list uses; a row needs a value in one of them.
    private let selected: [Int]
    /// Whether the reader has columns that only the condition uses.
    private let hasOthers: Bool

    init(
        _ reader: AlignedReader, condition: CompiledExpression?, outputs: [CompiledExpression], selected: [Int],
        inputCount: Int
    ) {
        self.reader = reader
        self.condition = condition
        self.outputs = outputs
        self.selected = selected
        hasOthers = selected.count < inputCount
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        // Behind a condition nobody knows how many rows are needed.
        let isFiltered = condition != nil || hasOthers
        guard var rows = try reader.next(limit: isFiltered ? ResultBlock.rowsMax : limit) else { return nil }
        if hasOthers { rows = rows.compacted(rowsWithSelectedValue(rows)) }
        if let condition { rows = rows.compacted(condition.rows(of: rows)) }
        return RowBlock(times: rows.times, columns: outputs.map { $0.evaluate(rows) })
    }

    private func rowsWithSelectedValue(_ rows: borrowing RowBlock) -> [Int] {
        var presence = Presence(repeating: false, count: rows.rowCount)
        for index in selected { presence.formUnion(rows.columns[index].presence) }
        return (0..<rows.rowCount).filter { presence[$0] }
    }
}
