// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What became of one cell.
enum CellOutcome {
    /// Appended to the column.
    case stored
    /// Appended, but the integer is not exactly representable in the column's type.
    case storedInexactly
    /// No value: nothing appended.
    case absent
    /// No value because the text reads `null` (counted).
    case absentText
    case failed(ConversionFailure)
}

/// Why a cell does not become a value of its column.
enum ConversionFailure {
    case wrongText
    case outOfRange
    case infinite
    case tooLong

    /// The rule that was broken, as the end of a sentence about the value.
    func rule(for type: DataType) -> String {
        switch (self, type) {
        case (.infinite, _): "is not finite"
        case (.tooLong, _): "is longer than the \(CellConverter.valueBytesMax) bytes that one value may have"
        case (.outOfRange, _): "is out of the range of \(type.name)"
        case (.wrongText, .boolean): "is not a BOOLEAN (true, false, 1, 0)"
        case (.wrongText, .int32), (.wrongText, .int64):
            "is not a decimal integer (1.0 and 1E3 are not), as \(type.name) needs"
        case (.wrongText, .timestamp): "is neither an integer nor a date-time, as TIMESTAMP needs"
        case (.wrongText, .date): "is not a date of the form yyyy-MM-dd"
        case (.wrongText, .blob): "is not hexadecimal (X'01ff' or 01ff), as BLOB needs"
        case (.wrongText, _): "is not a \(type.name)"
        }
    }
}

/// Reads cells as values of a known type: the table of `mqtt-payloads.md` section 3.3.
struct CellConverter {
    /// Bytes of one TEXT, STRING or BLOB value: a page of a TsFile, which holds a value whole, has at most twice as many.
    static let valueBytesMax = 32 << 20

    let precision: TimestampPrecision

    /// Appends the cell to `column`, or says why not.
    @inline(__always)
    func append(_ cell: IncomingCell, text: Span<UInt8>, to column: inout ValueColumn) -> CellOutcome {
        // The two cases that nearly every cell is; the rest is out of line.
        if column.type == .double {
            if cell.kind == .decimal {
                guard Double(bitPattern: cell.bits).magnitude != .infinity else { return .failed(.infinite) }
                column.bits.append(cell.bits)
                return .stored
            }
            if cell.kind == .integer {
                let integer = Int64(bitPattern: cell.bits)
                let value = Double(integer)
                column.bits.append(value.bitPattern)
                return Int64(exactly: value) == integer ? .stored : .storedInexactly
            }
        }
        return appendOutOfLine(cell, text: text, to: &column)
    }

    @inline(never)
    private func appendOutOfLine(_ cell: IncomingCell, text: Span<UInt8>, to column: inout ValueColumn) -> CellOutcome {
        if cell.kind == .null { return .absent }
        let bytes = text.extracting(cell.text.range)
        guard bytes.count <= Self.valueBytesMax else { return .failed(.tooLong) }
        if cell.kind == .text, isNullText(bytes) { return .absentText }
        switch column.type {
        case .boolean: return appendBoolean(cell, bytes, to: &column)
        case .int32: return appendInteger(cell, bytes, to: &column, Int64(Int32.min)...Int64(Int32.max))
        case .int64: return appendInteger(cell, bytes, to: &column, Int64.min...Int64.max)
        case .float: return appendFloat(cell, bytes, to: &column)
        case .double: return appendDouble(cell, bytes, to: &column)
        case .text, .string:
            column.append(bytes: bytes)
            return .stored
        case .timestamp: return appendTimestamp(cell, bytes, to: &column)
        case .date: return appendDate(cell, bytes, to: &column)
        case .blob: return appendBlob(cell, bytes, to: &column)
        }
    }

    private func appendBoolean(_ cell: IncomingCell, _ text: Span<UInt8>, to column: inout ValueColumn) -> CellOutcome {
        if cell.kind == .boolean {
            column.bits.append(cell.bits)
            return .stored
        }
        guard cell.kind != .binary, let value = booleanText(text) else { return .failed(.wrongText) }
        column.bits.append(value ? 1 : 0)
        return .stored
    }

    private func appendInteger(
        _ cell: IncomingCell, _ text: Span<UInt8>, to column: inout ValueColumn, _ range: ClosedRange<Int64>
    ) -> CellOutcome {
        switch cell.kind {
        case .integer:
            return appendChecked(Int64(bitPattern: cell.bits), to: &column, range)
        case .decimal, .text, .literalText:
            if let value = NumberText.integer(text, trimmingBlanks: true) {
                return appendChecked(value, to: &column, range)
            }
            return .failed(NumberText.isIntegerLiteral(text) ? .outOfRange : .wrongText)
        case .boolean, .binary, .null:
            return .failed(.wrongText)
        }
    }

    private func appendChecked(
        _ value: Int64, to column: inout ValueColumn, _ range: ClosedRange<Int64>
    ) -> CellOutcome {
        guard range.contains(value) else { return .failed(.outOfRange) }
        column.bits.append(UInt64(bitPattern: value))
        return .stored
    }

    private func appendFloat(_ cell: IncomingCell, _ text: Span<UInt8>, to column: inout ValueColumn) -> CellOutcome {
        let value: Float?
        switch cell.kind {
        // From the text, not from the double: rounding twice can miss the nearest float.
        case .integer, .decimal, .text, .literalText: value = NumberText.float(text)
        case .boolean, .binary, .null: value = nil
        }
        guard let value else { return .failed(.wrongText) }
        guard value.magnitude != .infinity else { return .failed(.infinite) }
        column.bits.append(UInt64(value.bitPattern))
        guard cell.kind == .integer else { return .stored }
        return Int64(exactly: value) == Int64(bitPattern: cell.bits) ? .stored : .storedInexactly
    }

    private func appendDouble(_ cell: IncomingCell, _ text: Span<UInt8>, to column: inout ValueColumn) -> CellOutcome {
        guard cell.kind == .text || cell.kind == .literalText, let value = NumberText.double(text) else {
            return .failed(.wrongText)
        }
        guard value.magnitude != .infinity else { return .failed(.infinite) }
        column.bits.append(value.bitPattern)
        guard let integer = NumberText.integer(text, trimmingBlanks: true) else { return .stored }
        return Int64(exactly: value) == integer ? .stored : .storedInexactly
    }

    private func appendTimestamp(
        _ cell: IncomingCell, _ text: Span<UInt8>, to column: inout ValueColumn
    ) -> CellOutcome {
        switch cell.kind {
        case .integer:
            column.bits.append(cell.bits)
            return .stored
        case .text, .literalText, .decimal:
            if let value = NumberText.integer(text, trimmingBlanks: true) {
                column.bits.append(UInt64(bitPattern: value))
                return .stored
            }
            guard let time = DateTimeText.timestamp(text, precision: precision, defaultOffsetSeconds: 0) else {
                return .failed(NumberText.isIntegerLiteral(text) ? .outOfRange : .wrongText)
            }
            column.bits.append(UInt64(bitPattern: time))
            return .stored
        case .boolean, .binary, .null:
            return .failed(.wrongText)
        }
    }

    private func appendDate(_ cell: IncomingCell, _ text: Span<UInt8>, to column: inout ValueColumn) -> CellOutcome {
        guard cell.kind == .text || cell.kind == .literalText, let date = DateTimeText.date(unquoted(text)) else {
            return .failed(.wrongText)
        }
        column.bits.append(UInt64(bitPattern: Int64(date)))
        return .stored
    }

    private func appendBlob(_ cell: IncomingCell, _ text: Span<UInt8>, to column: inout ValueColumn) -> CellOutcome {
        if cell.kind == .binary {
            column.append(bytes: text)
            return .stored
        }
        guard cell.kind != .boolean, let bytes = HexText.bytes(unquoted(text)) else { return .failed(.wrongText) }
        column.append(bytes: bytes.span)
        return .stored
    }
}
