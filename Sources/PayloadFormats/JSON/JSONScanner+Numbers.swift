// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A number literal, taken apart. `mantissa` holds only up to 19 significant digits.
struct JSONNumber {
    let start: Int
    let end: Int
    let mantissa: UInt64
    /// Of ten: the value is `mantissa * 10^exponent` if `fitsMantissa`.
    let exponent: Int
    let isNegative: Bool
    /// No dot and no exponent.
    let isInteger: Bool
    /// At most 19 significant digits.
    let fitsMantissa: Bool

    var range: Range<Int> { start..<end }

    /// The value, if it is a 64-bit integer.
    @inline(__always)
    var integer: Int64? {
        guard isInteger, fitsMantissa else { return nil }
        if mantissa <= UInt64(Int64.max) {
            return isNegative ? -Int64(bitPattern: mantissa) : Int64(bitPattern: mantissa)
        }
        return isNegative && mantissa == 1 << 63 ? Int64.min : nil
    }
}

extension JSONScanner {
    /// Passes a number of JSON's grammar; the index is at its sign or first digit.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = index
        let isNegative = bytes[index] == UInt8(ascii: "-")
        let firstDigit = isNegative ? index + 1 : index
        var position = firstDigit
        var mantissa: UInt64 = 0
        passDigits(at: &position, into: &mantissa)
        var digits = position - firstDigit
        if digits == 0 || (digits > 1 && bytes[firstDigit] == 0x30) {
            throw JSONSyntaxError(
                reason: digits == 0 ? .digit : .leadingZero, offset: digits == 0 ? position : firstDigit + 1)
        }
        var exponent = 0
        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            let firstFraction = position
            passDigits(at: &position, into: &mantissa)
            exponent = firstFraction - position
            if exponent == 0 { throw JSONSyntaxError(reason: .digit, offset: position) }
            digits -= exponent
        }
        let mantissaEnd = position
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            exponent += try passExponent(at: &position)
        }
        if position - start > NumberText.literalBytesMax { throw failure(.longNumber) }
        index = position
        return JSONNumber(
            start: start, end: position, mantissa: mantissa, exponent: exponent, isNegative: isNegative,
            isInteger: isInteger,
            fitsMantissa: digits <= 19 || digits - leadingZeros(firstDigit..<mantissaEnd) <= 19)
    }

    @inline(__always)
    private func passDigits(at position: inout Int, into mantissa: inout UInt64) {
        while position < bytes.count {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            position += 1
        }
    }

    /// Zeros before the first digit that counts, as in `0.000123`.
    @inline(never)
    private func leadingZeros(_ range: Range<Int>) -> Int {
        var count = 0
        for index in range where bytes[index] != UInt8(ascii: ".") {
            guard bytes[index] == 0x30 else { break }
            count += 1
        }
        return count
    }

    /// Passes an exponent; the position is at its `e`.
    @inline(never)
    private func passExponent(at position: inout Int) throws(JSONSyntaxError) -> Int {
        position += 1
        var isNegative = false
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position += 1
        }
        let first = position
        var written = 0
        while position < bytes.count, bytes[position] &- 0x30 < 10 {
            // Far beyond any double, and far from overflowing.
            if written < 1_000_000 { written = written * 10 + Int(bytes[position] &- 0x30) }
            position += 1
        }
        if position == first { throw JSONSyntaxError(reason: .digit, offset: position) }
        return isNegative ? -written : written
    }
}
