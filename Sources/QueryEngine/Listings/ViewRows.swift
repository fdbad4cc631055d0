// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The rows of a system view as a step of a plan.
final class ViewRows: RowSource {
    private let columns: [ResultColumn]
    private let rows: any SystemViewRows

    init(_ view: any SystemView, _ rows: any SystemViewRows) {
        columns = view.columns
        self.rows = rows
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        let rows = try rows.next(limit: min(limit, ResultBlock.rowsMax))
        guard !rows.isEmpty else { return nil }
        var block = RowBlock(times: rows.map(\.time), columns: columns.map { CellColumn($0.type) })
        for row in rows {
            for (index, cell) in row.cells.enumerated() { block.columns[index].append(cell) }
        }
        return block
    }
}
