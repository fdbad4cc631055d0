// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

extension WriteBatch {
    /// Appends the rows of a tablet. One that is too long for a record is split by rows, then by columns.
    package mutating func append(_ tablet: borrowing Tablet) {
        let byteCount = Self.byteCount(of: tablet)
        guard byteCount > sectionBytesMax, let halves = tablet.halves() else {
            encode(tablet, byteCount: byteCount)
            return
        }
        append(halves.0)
        append(halves.1)
    }

    private mutating func encode(_ tablet: borrowing Tablet, byteCount: Int) {
        var offset = beginSection(.tablet, byteCount: byteCount)
        buffer.store(UInt32(tablet.times.count), at: offset)
        buffer.store(UInt32(tablet.columnCount), at: offset + 4)
        offset = buffer.store(tablet.times.span, at: offset + RecordFormat.tabletHeaderByteCount)
        // Through a span: an array's element would be retained for each call.
        let columns = tablet.columns.span
        for index in 0..<tablet.columnCount {
            offset = encode(columns[index], rowCount: tablet.times.count, at: offset)
        }
    }

    private mutating func encode(_ column: borrowing Tablet.Column, rowCount: Int, at start: Int) -> Int {
        let values = column.values.count
        let hasPresence = !column.presence.isEmpty
        buffer.store(column.series.rawValue, at: start)
        buffer.store(column.values.type.rawValue, at: start + 4)
        buffer.store(hasPresence ? RecordFormat.presenceFlag : 0, at: start + 5)
        buffer.store(UInt16(0), at: start + 6)
        buffer.store(UInt32(values), at: start + 8)
        buffer.store(UInt32(column.contentByteCount), at: start + 12)
        var offset = start + RecordFormat.columnHeaderByteCount
        if hasPresence {
            offset = encodePresence(column.presence.span, rowCount: rowCount, values: values, at: offset)
        } else {
            precondition(values == rowCount, "a column without gaps has a value for every row")
        }
        switch column.values.type {
        case .boolean: return buffer.storeLow8(column.values.bits.span, at: offset)
        case .int32, .float, .date: return buffer.storeLow32(column.values.bits.span, at: offset)
        case .int64, .double, .timestamp: return buffer.store(column.values.bits.span, at: offset)
        case .text, .string, .blob: return encodeContents(column.values, at: offset)
        }
    }

    /// Bits beyond the last row are cleared.
    private mutating func encodePresence(_ words: Span<UInt64>, rowCount: Int, values: Int, at start: Int) -> Int {
        precondition(words.count == (rowCount + 63) / 64, "one presence bit a row")
        var present = 0
        for index in words.indices {
            let rest = rowCount - index * 64
            let word = rest < 64 ? words[index] & ((1 << UInt64(rest)) - 1) : words[index]
            present += word.nonzeroBitCount
            buffer.store(word, at: start + index * 8)
        }
        precondition(present == values, "as many values as presence bits")
        return start + words.count * 8
    }

    /// Lengths (the low half of the slots), then contents.
    private mutating func encodeContents(_ values: borrowing ValueColumn, at start: Int) -> Int {
        var offset = buffer.storeLow32(values.bits.span, at: start)
        if values.isContiguous { return buffer.store(values.bytes.span, at: offset) }
        for index in 0..<values.count {
            offset = buffer.store(values.bytes.span.extracting(values.range(at: index)), at: offset)
        }
        return offset
    }

    static func byteCount(of tablet: borrowing Tablet) -> Int {
        var total = RecordFormat.tabletHeaderByteCount + tablet.times.count * 8
        let columns = tablet.columns.span
        for index in 0..<tablet.columnCount {
            let type = columns[index].values.type
            total += RecordFormat.columnHeaderByteCount + columns[index].presence.count * 8
            total += columns[index].values.bits.count * RecordFormat.width(of: type)
            if type.isVariableLength { total += columns[index].contentByteCount }
        }
        return total
    }
}

extension Tablet.Column {
    /// Bytes of variable-length contents.
    var contentByteCount: Int {
        guard values.type.isVariableLength else { return 0 }
        if values.isContiguous { return values.bytes.count }
        return values.bits.reduce(0) { $0 + Int($1 & 0xffff_ffff) }
    }
}

extension ValueColumn {
    /// Whether the contents lie one behind the other from the first byte to the last, as appending leaves them.
    var isContiguous: Bool {
        var end = 0
        for slot in bits {
            guard Int(slot >> 32) == end else { return false }
            end += Int(slot & 0xffff_ffff)
        }
        return end == bytes.count
    }
}
