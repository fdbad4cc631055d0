// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Scalars of `values` as cells: the literal stays, its type is decided later (`mqtt-payloads.md` sections 2.3 and 3).
extension JSONReader {
    // Helpers of the hot path are static: calling a borrowing method would copy the whole reader to the stack.

    /// Reads a scalar; the index is at its first byte.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readCell(into rows: inout IncomingRows) throws(JSONSyntaxError) -> IncomingCell {
        let byte = scanner.current
        if byte &- 0x30 < 10 || (byte == UInt8(ascii: "-") && !beginsInfinity) {
            return Self.cell(try scanner.number(), scanner.bytes)
        }
        return try readUnusualCell(into: &rows)
    }

    @inline(__always)
    private var beginsInfinity: Bool {
        scanner.index + 1 < scanner.bytes.count && scanner.bytes[scanner.index + 1] == UInt8(ascii: "I")
    }

    @inline(__always)
    private static func cell(_ number: JSONNumber, _ bytes: Span<UInt8>) -> IncomingCell {
        let text = TextRange(offset: number.start, length: number.end - number.start)
        if let integer = number.integer {
            return IncomingCell(.integer, text: text, bits: UInt64(bitPattern: integer))
        }
        if number.fitsMantissa,
            let value = NumberText.nearestDouble(
                mantissa: number.mantissa, exponent: number.exponent, isNegative: number.isNegative)
        {
            return IncomingCell(.decimal, text: text, bits: value.bitPattern)
        }
        return IncomingCell(.decimal, text: text, bits: slowDouble(number, bytes).bitPattern)
    }

    /// Many digits or a far exponent. The scanner has bounded the length, so there is a value.
    @inline(never)
    private static func slowDouble(_ number: JSONNumber, _ bytes: Span<UInt8>) -> Double {
        NumberText.double(bytes.extracting(number.range)) ?? .nan
    }

    /// A string or a word.
    @inline(never)
    @_lifetime(self: copy self)
    private mutating func readUnusualCell(into rows: inout IncomingRows) throws(JSONSyntaxError) -> IncomingCell {
        let start = scanner.index
        let byte = scanner.current
        if byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "'") && scanner.isLenient) {
            return IncomingCell(textKind, text: place(try scanner.string(), in: &rows))
        }
        if byte == UInt8(ascii: "-") {
            guard scanner.take("-Infinity") else { throw JSONSyntaxError(reason: .digit, offset: start + 1) }
            return decimal(-.infinity, from: start)
        }
        switch try scanner.word() {
        case .null: return IncomingCell(.null, text: TextRange(offset: start, length: scanner.index - start))
        case .boolean(let value):
            let text = TextRange(offset: start, length: scanner.index - start)
            return IncomingCell(.boolean, text: text, bits: value ? 1 : 0)
        case .notANumber: return decimal(.nan, from: start)
        case .infinity: return decimal(.infinity, from: start)
        case .other(let range):
            return IncomingCell(textKind, text: TextRange(offset: range.lowerBound, length: range.count))
        }
    }

    private func decimal(_ value: Double, from start: Int) -> IncomingCell {
        IncomingCell(
            .decimal, text: TextRange(offset: start, length: scanner.index - start), bits: value.bitPattern)
    }

    private var textKind: IncomingCell.Kind { settings.keepsStringsAsText ? .literalText : .text }
}
