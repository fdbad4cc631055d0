// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// FILL(LINEAR): numbers between the value above and the next one below, in proportion to time. Holds rows back until every
/// gap in them is closed; the edges stay null.
final class LinearFill: RowSource {
    private struct Known {
        /// Counted from the first row of all.
        var row: Int
        var time: Timestamp
        var value: Double
    }

    private let source: any RowSource
    private let memory: QueryMemory
    private var held: [RowBlock] = []
    private var heldBytes: [Int] = []
    /// Row number of the first held row, and of the row that comes next.
    private var firstRow = 0
    private var nextRow = 0
    /// The last value of each column; nil = none yet, or no number.
    private var known: [Known?] = []
    private var isAtEnd = false

    init(_ source: any RowSource, memory: QueryMemory) {
        self.source = source
        self.memory = memory
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        while !isAtEnd, held.isEmpty || hasGap(in: held[0]) { try pull() }
        guard !held.isEmpty else { return nil }
        memory.release(heldBytes.removeFirst())
        let block = held.removeFirst()
        firstRow += block.rowCount
        return block
    }

    /// Whether a column has a value in or before the block and waits for the next one with a null in the block.
    private func hasGap(in block: RowBlock) -> Bool {
        let end = firstRow + block.rowCount
        return known.contains { known in known.map { $0.row + 1 < end } ?? false }
    }

    private func pull() throws(StatementError) {
        guard let block = try source.next(limit: ResultBlock.rowsMax) else {
            isAtEnd = true
            return
        }
        guard block.rowCount > 0 else { return }
        if known.isEmpty { known = block.columns.map { _ in nil } }
        let bytes = block.columns.reduce(block.rowCount * 8) { $0 + $1.byteCount }
        try memory.charge(bytes)
        held.append(block)
        heldBytes.append(bytes)
        for index in block.columns.indices where block.columns[index].type.isNumeric { close(index, block) }
        nextRow += block.rowCount
    }

    /// Fills the gaps of a column that the values of a new block close.
    private func close(_ index: Int, _ block: RowBlock) {
        let column = block.columns[index]
        for row in 0..<block.rowCount where column.presence[row] {
            let now = Known(row: nextRow + row, time: block.times[row], value: column.double(at: row))
            if let before = known[index], before.row + 1 < now.row { fill(index, before, now) }
            known[index] = now
        }
    }

    private func fill(_ index: Int, _ before: Known, _ after: Known) {
        var start = firstRow
        for place in held.indices {
            let end = start + held[place].rowCount
            for row in max(start, before.row + 1)..<max(start, before.row + 1, min(end, after.row)) {
                let time = held[place].times[row - start]
                // Multiplied first: where the result is a whole number it must not come out just below it.
                let rise = (after.value - before.value) * Self.distance(before.time, time)
                held[place].columns[index].set(
                    row - start, number: before.value + rise / Self.distance(before.time, after.time))
            }
            start = end
        }
    }

    /// Time from `from` to `to`. Subtracted as integers: as doubles, neighbouring times beyond 2^53 would be the same.
    private static func distance(_ from: Timestamp, _ to: Timestamp) -> Double {
        to >= from ? Double(UInt64(bitPattern: to &- from)) : -Double(UInt64(bitPattern: from &- to))
    }
}

extension CellColumn {
    /// Gives row `row` of a numeric column a value, integers truncated towards zero; what the type cannot hold stays null.
    fileprivate mutating func set(_ row: Int, number: Double) {
        switch type {
        case .int32:
            if let whole = Int32(exactly: number.rounded(.towardZero)) { set(row, .int32(whole)) }
        case .int64:
            if let whole = Int64(exactly: number.rounded(.towardZero)) { set(row, .int64(whole)) }
        case .float: set(row, .float(Float(number)))
        default: set(row, .double(number))
        }
    }
}
