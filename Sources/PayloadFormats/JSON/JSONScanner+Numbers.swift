// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A number literal, taken apart. `mantissa` holds only up to 19 significant digits.
struct JSONNumber {
    var range: Range<Int>
    var mantissa: UInt64 = 0
    /// Significant digits, leading zeros not counted.
    var digits = 0
    /// Of ten: the value is `mantissa * 10^exponent` if `digits` is at most 19.
    var exponent = 0
    var isNegative = false
    /// No dot and no exponent.
    var isInteger = true

    /// The value, if it is a 64-bit integer.
    @inline(__always)
    var integer: Int64? {
        guard isInteger, digits <= 19 else { return nil }
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
        var position = index
        var number = JSONNumber(range: start..<start)
        if bytes[position] == UInt8(ascii: "-") {
            number.isNegative = true
            position += 1
        }
        let firstDigit = position
        var mantissa: UInt64 = 0
        while position < bytes.count {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            position += 1
        }
        if position == firstDigit || (position - firstDigit > 1 && bytes[firstDigit] == 0x30) {
            index = position == firstDigit ? position : firstDigit + 1
            throw failure(position == firstDigit ? .digit : .leadingZero)
        }
        number.digits = mantissa == 0 && position - firstDigit == 1 ? 0 : position - firstDigit
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            number.isInteger = false
            position += 1
            let firstFraction = position
            while position < bytes.count {
                let digit = bytes[position] &- 0x30
                guard digit < 10 else { break }
                mantissa = mantissa &* 10 &+ UInt64(digit)
                // Once the mantissa has overflowed it may be 0 again, but then there are more than 19 digits already.
                number.digits += mantissa != 0 || number.digits > 0 ? 1 : 0
                position += 1
            }
            number.exponent = firstFraction - position
            if position == firstFraction {
                index = position
                throw failure(.digit)
            }
        }
        number.mantissa = mantissa
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            number.isInteger = false
            position = try passExponent(at: position + 1, into: &number)
        }
        if position - start > NumberText.literalBytesMax {
            throw failure(.longNumber)
        }
        number.range = start..<position
        index = position
        return number
    }

    /// Reads the exponent that begins at `position`; returns where it ends.
    @_lifetime(self: copy self)
    private mutating func passExponent(
        at position: Int, into number: inout JSONNumber
    ) throws(JSONSyntaxError) -> Int {
        var position = position
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
        if position == first {
            index = position
            throw failure(.digit)
        }
        number.exponent += isNegative ? -written : written
        return position
    }
}
