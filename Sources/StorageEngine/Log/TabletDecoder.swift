// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Reads the tablets of records into a memtable. Keeps its scratch memory; allocates nothing once it is warm.
struct TabletDecoder {
    /// The head of a column.
    struct Column {
        var series: SeriesID
        var type: DataType
        var hasPresence: Bool
        var valueCount: Int
        /// Of variable-length contents.
        var byteCount: Int
    }

    private var times: [Int64] = []
    private var presentTimes: [Int64] = []
    private var slots: [UInt64] = []

    /// Hands every column of a tablet section to `body`: head, times, slots, contents. Never reads beyond the section,
    /// whatever is in it.
    mutating func decode(
        _ section: Span<UInt8>, _ body: (Column, Span<Int64>, Span<UInt64>, Span<UInt8>) throws(RecordError) -> Void
    ) throws(RecordError) {
        guard section.count >= RecordFormat.tabletHeaderByteCount else {
            throw RecordError(reason: "a tablet is too short")
        }
        let rows = Int(section.integer(at: 0, as: UInt32.self))
        let columns = Int(section.integer(at: 4, as: UInt32.self))
        var offset = RecordFormat.tabletHeaderByteCount
        guard rows <= (section.count - offset) / 8 else {
            throw RecordError(reason: "a tablet has more rows than bytes")
        }
        Self.load(&times, rows, from: section, at: offset)
        offset += rows * 8
        for _ in 0..<columns {
            let column = try Self.columnHead(section, at: offset)
            offset += RecordFormat.columnHeaderByteCount
            offset = try decodeColumn(column, rows: rows, section, at: offset, body)
        }
        guard offset == section.count else { throw RecordError(reason: "a tablet has bytes behind its last column") }
    }

    private static func columnHead(_ section: Span<UInt8>, at offset: Int) throws(RecordError) -> Column {
        guard section.count - offset >= RecordFormat.columnHeaderByteCount else {
            throw RecordError(reason: "a column begins too close to the end")
        }
        guard let type = DataType(rawValue: section[offset + 4]) else {
            throw RecordError(reason: "a column has the unknown type \(section[offset + 4])")
        }
        return Column(
            series: SeriesID(rawValue: section.integer(at: offset, as: UInt32.self)), type: type,
            hasPresence: section[offset + 5] & RecordFormat.presenceFlag != 0,
            valueCount: Int(section.integer(at: offset + 8, as: UInt32.self)),
            byteCount: Int(section.integer(at: offset + 12, as: UInt32.self)))
    }

    /// Returns the offset after the column.
    private mutating func decodeColumn(
        _ column: Column, rows: Int, _ section: Span<UInt8>, at start: Int,
        _ body: (Column, Span<Int64>, Span<UInt64>, Span<UInt8>) throws(RecordError) -> Void
    ) throws(RecordError) -> Int {
        var offset = start
        if column.hasPresence {
            try selectTimes(rows: rows, valueCount: column.valueCount, section, at: offset)
            offset += (rows + 63) / 64 * 8
        } else if column.valueCount != rows {
            throw RecordError(reason: "a column without gaps has \(column.valueCount) values for \(rows) rows")
        }
        let valueBytes = column.valueCount * RecordFormat.width(of: column.type)
        guard section.count - offset >= valueBytes, section.count - offset - valueBytes >= column.byteCount else {
            throw RecordError(reason: "a column is longer than its tablet")
        }
        try loadSlots(column, section, at: offset)
        offset += valueBytes
        let contents = section.extracting(offset..<offset + column.byteCount)
        let values = slots.span.extracting(0..<column.valueCount)
        if column.hasPresence {
            try body(column, presentTimes.span.extracting(0..<column.valueCount), values, contents)
        } else {
            try body(column, times.span.extracting(0..<column.valueCount), values, contents)
        }
        return offset + column.byteCount
    }

    /// The times of the rows that have a value.
    private mutating func selectTimes(
        rows: Int, valueCount: Int, _ section: Span<UInt8>, at offset: Int
    ) throws(RecordError) {
        let words = (rows + 63) / 64
        guard section.count - offset >= words * 8, valueCount <= rows else {
            throw RecordError(reason: "a presence bitmap is longer than its tablet")
        }
        if presentTimes.count < rows { presentTimes = [Int64](repeating: 0, count: max(rows, 2 * presentTimes.count)) }
        var present = 0
        for index in 0..<words {
            var word = section.integer(at: offset + index * 8, as: UInt64.self)
            while word != 0 {
                let row = index * 64 + word.trailingZeroBitCount
                guard row < rows else { throw RecordError(reason: "a presence bit is set behind the last row") }
                presentTimes[present] = times[row]
                present += 1
                word &= word &- 1
            }
        }
        guard present == valueCount else {
            throw RecordError(reason: "a column has \(valueCount) values and \(present) presence bits")
        }
    }

    private mutating func loadSlots(_ column: Column, _ section: Span<UInt8>, at offset: Int) throws(RecordError) {
        let count = column.valueCount
        switch RecordFormat.width(of: column.type) {
        case 8: Self.load(&slots, count, from: section, at: offset)
        case 1:
            Self.grow(&slots, count)
            for index in 0..<count { slots[index] = UInt64(section[offset &+ index]) }
        default:
            Self.grow(&slots, count)
            let isSigned = column.type == .int32 || column.type == .date
            for index in 0..<count {
                let value = section.integer(at: offset &+ index &* 4, as: UInt32.self)
                slots[index] = isSigned ? UInt64(bitPattern: Int64(Int32(bitPattern: value))) : UInt64(value)
            }
        }
        if column.type.isVariableLength {
            try lengthsToSlots(column)
        } else if column.byteCount != 0 {
            throw RecordError(reason: "a column of fixed length has contents")
        }
    }

    private mutating func lengthsToSlots(_ column: Column) throws(RecordError) {
        var end = 0
        for index in 0..<column.valueCount {
            let length = Int(slots[index])
            guard length <= column.byteCount - end else {
                throw RecordError(reason: "a value is longer than the contents of its column")
            }
            slots[index] = UInt64(end) << 32 | UInt64(length)
            end += length
        }
        guard end == column.byteCount else { throw RecordError(reason: "a column has contents behind its last value") }
    }

    private static func grow(_ array: inout [UInt64], _ count: Int) {
        if array.count < count { array = [UInt64](repeating: 0, count: max(count, 2 * array.count)) }
    }

    /// Copies 8-byte integers; `section` is long enough.
    private static func load<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ array: inout [Integer], _ count: Int, from section: Span<UInt8>, at offset: Int
    ) {
        if array.count < count { array = [Integer](repeating: 0, count: max(count, 2 * array.count)) }
        let part = section.extracting(offset..<offset + count * 8)
        unsafe array.withUnsafeMutableBytes { target in
            unsafe part.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
    }
}
