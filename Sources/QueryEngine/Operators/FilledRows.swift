// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// FILL (`iotdb-sql.md` section 4.7).
enum FilledRows {
    /// The rows of `source` with nulls replaced as `fill` says.
    static func make(
        _ fill: SelectStatement.Fill, over source: any RowSource, times: TimeContext, memory: QueryMemory
    ) -> any RowSource {
        switch fill {
        case .previous(let span): PreviousFill(source, span: span, times: times)
        case .linear: LinearFill(source, memory: memory)
        case .literal(let literal): LiteralFill(source, literal)
        }
    }
}

/// The value above, if it is near enough in time.
private final class PreviousFill: RowSource {
    private struct Cell {
        var time: Timestamp
        var value: Value
    }

    private let source: any RowSource
    private let span: TimeSpan?
    private let times: TimeContext
    private var last: [Cell?] = []

    init(_ source: any RowSource, span: TimeSpan?, times: TimeContext) {
        self.source = source
        self.span = span
        self.times = times
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        guard var block = try source.next(limit: limit) else { return nil }
        if last.isEmpty { last = block.columns.map { _ in nil } }
        for index in block.columns.indices {
            let column = block.columns[index]
            if column.presence.isFull {
                if block.rowCount > 0 { remember(column, block.rowCount - 1, block.times, index) }
            } else {
                block.columns[index] = filled(column, block.times, index)
            }
        }
        return block
    }

    private func filled(_ column: CellColumn, _ rowTimes: [Timestamp], _ index: Int) -> CellColumn {
        var result = column
        // The value above by its slot: a text that fills many rows is there once.
        var above: (time: Timestamp, slot: UInt64)?
        var lastRow: Int?
        for row in 0..<column.count {
            if column.presence[row] {
                above = (rowTimes[row], column.bits[row])
                lastRow = row
                continue
            }
            guard let time = above?.time ?? last[index]?.time, isNear(time, rowTimes[row]) else { continue }
            if above == nil, let cell = last[index] { above = (cell.time, result.slot(for: cell.value)) }
            if let above { result.set(row, slot: above.slot) }
        }
        if let lastRow { remember(column, lastRow, rowTimes, index) }
        return result
    }

    private func remember(_ column: CellColumn, _ row: Int, _ rowTimes: [Timestamp], _ index: Int) {
        last[index] = column.value(at: row).map { Cell(time: rowTimes[row], value: $0) }
    }

    private func isNear(_ a: Timestamp, _ b: Timestamp) -> Bool {
        guard let span else { return true }
        // A limit beyond all times is no limit.
        guard let reach = try? times.adding(span, to: min(a, b)) else { return true }
        return max(a, b) <= reach
    }
}

/// A constant, where the column's type takes it.
private final class LiteralFill: RowSource {
    private let source: any RowSource
    private let literal: Literal

    init(_ source: any RowSource, _ literal: Literal) {
        self.source = source
        self.literal = literal
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        guard var block = try source.next(limit: limit) else { return nil }
        for index in block.columns.indices where !block.columns[index].presence.isFull {
            guard let value = literal.value(as: block.columns[index].type) else { continue }
            let slot = block.columns[index].slot(for: value)
            for row in 0..<block.rowCount where !block.columns[index].presence[row] {
                block.columns[index].set(row, slot: slot)
            }
        }
        return block
    }
}

extension Literal {
    /// The constant as FILL puts it into a column of this type; nil = it does not fit.
    fileprivate func value(as type: DataType) -> Value? {
        switch (self, type) {
        case (.integer(let value, _), .int32): Int32(exactly: value).map { .int32($0) }
        case (.integer(let value, _), .int64): .int64(value)
        case (.integer(let value, _), .float): .float(Float(value))
        case (.integer(let value, _), .double): .double(Double(value))
        case (.decimal(_, let text), .float): NumberText.float(Array(text.utf8).span).map { .float($0) }
        case (.decimal(let value, _), .double): .double(value)
        case (.boolean(let value), .boolean): .boolean(value)
        case (.integer, .text), (.decimal, .text), (.boolean, .text): .text(printed)
        case (.string(let text), .text): .text(text)
        case (.string(let text), .string): .string(Array(text.utf8))
        default: nil
        }
    }
}

extension CellColumn {
    /// Gives row `row`, which has none, a value of the column's type.
    mutating func set(_ row: Int, _ value: Value) { set(row, slot: slot(for: value)) }

    /// Gives row `row`, which has none, the value of a slot of this column.
    mutating func set(_ row: Int, slot: UInt64) {
        bits[row] = slot
        presence.set(row)
    }

    /// The slot of a value of the column's type, good for any number of rows; the bytes of a text are appended once.
    mutating func slot(for value: Value) -> UInt64 {
        var single = ValueColumn(type)
        single.append(value)
        guard type.isVariableLength else { return single.bits[0] }
        let slot = UInt64(bytes.count) << 32 | UInt64(single.bytes.count)
        bytes += single.bytes
        return slot
    }
}
