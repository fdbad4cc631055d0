// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A column of rows under way: a slot for every row, also where there is no value.
struct CellColumn: Sendable {
    var type: DataType
    /// As ``ValueColumn/bits``; 0 where there is no value.
    var bits: [UInt64] = []
    var presence = Presence()
    /// As ``ValueColumn/bytes``.
    var bytes: [UInt8] = []

    init(_ type: DataType) { self.type = type }

    /// `count` rows without a value.
    init(nulls count: Int, type: DataType) {
        self.type = type
        bits = [UInt64](repeating: 0, count: count)
        presence = Presence(repeating: false, count: count)
    }

    /// `count` rows with this value.
    init(repeating value: Value, count: Int) {
        type = value.type
        var single = ValueColumn(value.type)
        single.append(value)
        bits = [UInt64](repeating: single.bits[0], count: count)
        presence = Presence(repeating: true, count: count)
        bytes = single.bytes
    }

    var count: Int { bits.count }
    /// Memory that the column takes, about.
    var byteCount: Int { bits.count * 8 + bits.count / 8 + bytes.count }

    mutating func appendNull() {
        bits.append(0)
        presence.append(false)
    }

    /// Appends value `index` of a column of the same type.
    mutating func append(from other: borrowing ValueColumn, at index: Int) {
        let slot = other.bits[index]
        presence.append(true)
        guard type.isVariableLength else {
            bits.append(slot)
            return
        }
        let start = Int(slot >> 32), length = Int(slot & 0xffff_ffff)
        bits.append(UInt64(bytes.count) << 32 | UInt64(length))
        bytes.append(contentsOf: other.bytes[start..<start + length])
    }

    /// Appends values `range` of a column of the same type, one a row.
    mutating func append(contentsOf other: borrowing ValueColumn, _ range: Range<Int>) {
        guard !type.isVariableLength else {
            for index in range { append(from: other, at: index) }
            return
        }
        bits += other.bits[range]
        presence.appendPresent(range.count)
    }

    /// Appends a boxed value of the column's type, or nothing.
    mutating func append(_ value: Value?) {
        guard let value else {
            appendNull()
            return
        }
        var single = ValueColumn(type)
        single.append(value)
        append(from: single, at: 0)
    }

    /// The rows of `kept` (rising), in order.
    func compacted(_ kept: [Int]) -> CellColumn {
        guard kept.count < count else { return self }
        var result = CellColumn(type)
        result.bits = kept.map { bits[$0] }
        result.presence = presence.compacted(kept)
        // Texts keep their places; the bytes of dropped rows go with the block.
        result.bytes = bytes
        return result
    }

    /// The form that leaves the engine.
    var resultValues: ResultValues {
        var values = ValueColumn(type)
        values.bytes = bytes
        guard !presence.isFull else {
            values.bits = bits
            return ResultValues(values: values, presence: [])
        }
        values.reserveCapacity(presence.presentCount)
        for row in 0..<count where presence[row] { values.bits.append(bits[row]) }
        return ResultValues(values: values, presence: presence.words)
    }

    /// The bytes of row `row` of a variable-length column.
    func text(at row: Int) -> ArraySlice<UInt8> {
        let start = Int(bits[row] >> 32)
        return bytes[start..<start + Int(bits[row] & 0xffff_ffff)]
    }
}

/// Rows under way: times, and a column for each input.
struct RowBlock: Sendable {
    var times: [Timestamp] = []
    var columns: [CellColumn] = []

    var rowCount: Int { times.count }

    /// The rows of `kept` (rising), in order.
    func compacted(_ kept: [Int]) -> RowBlock {
        guard kept.count < rowCount else { return self }
        return RowBlock(times: kept.map { times[$0] }, columns: columns.map { $0.compacted(kept) })
    }
}
