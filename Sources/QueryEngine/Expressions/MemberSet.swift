// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The constants of an IN list, by what they are compared as: a row costs one look-up, however long the list is.
struct MemberSet: Sendable {
    private var integers: Set<Int64> = []
    private var decimals: Set<Double> = []
    private var texts: Set<ArraySlice<UInt8>> = []

    /// Takes in a constant.
    mutating func insert(_ value: Value, as domain: CompiledExpression.Domain) {
        let cell = CellColumn(repeating: value, count: 1)
        switch domain {
        case .integer: integers.insert(cell.integer(at: 0))
        case .double: decimals.insert(cell.double(at: 0))
        case .bytes: texts.insert(cell.text(at: 0))
        }
    }

    /// Which rows have a value of the list; null where there is no value.
    func membership(of column: CellColumn) -> CellColumn {
        var result = CellColumn(nulls: column.count, type: .boolean)
        result.presence = column.presence
        for row in 0..<column.count where column.presence[row] && contains(column, row) { result.bits[row] = 1 }
        return result
    }

    private func contains(_ column: CellColumn, _ row: Int) -> Bool {
        if !integers.isEmpty, integers.contains(column.integer(at: row)) { return true }
        if !decimals.isEmpty, decimals.contains(column.double(at: row)) { return true }
        return !texts.isEmpty && texts.contains(column.text(at: row))
    }
}
