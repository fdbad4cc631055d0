// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Numbers in text: decimal integers and Java's double syntax (`mqtt-payloads.md` sections 3.2 and 3.3), over bytes.
package enum NumberText {
    /// Longest literal that the exact slow path copies; longer ones are numbers by syntax but have no value here.
    @inlinable
    package static var literalBytesMax: Int { 4_096 }

    /// The value of a 64-bit signed decimal integer (optional sign, digits), blanks around it allowed on request;
    /// nil for any other text and out of range.
    package static func integer(_ text: Span<UInt8>, trimmingBlanks: Bool = false) -> Int64? {
        let range = trimmingBlanks ? trimmed(text) : text.indices
        guard let digits = digitRange(text, range) else { return nil }
        let isNegative = text[range.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in digits {
            let digit = Int64(text[index] &- 0x30)
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowedAgain) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflowed || overflowedAgain { return nil }
            value = sum
        }
        return value
    }

    /// Whether the text is a decimal integer of any size, blanks trimmed.
    package static func isIntegerLiteral(_ text: Span<UInt8>) -> Bool { digitRange(text, trimmed(text)) != nil }

    /// Whether type inference takes the text for a number: Java's double syntax, but not one that ends in `f F d D`, and
    /// not `NaN` (section 3.2).
    package static func isInferredNumber(_ text: Span<UInt8>) -> Bool {
        let range = trimmed(text)
        guard let last = range.last else { return false }
        switch text[last] | 0x20 {
        case UInt8(ascii: "f"), UInt8(ascii: "d"): return false
        default: break
        }
        guard case .number = syntax(text, range) else { return isInfinity(text, range) }
        return true
    }

    /// The nearest double of Java's double syntax, `NaN` and `Infinity` included (an overflow gives an infinity); nil for
    /// any other text.
    package static func double(_ text: Span<UInt8>) -> Double? {
        let range = trimmed(text)
        if let special = special(text, range) { return special }
        guard case .number(let end) = syntax(text, range) else { return nil }
        if let fast = shortDouble(text, range.lowerBound..<end) { return fast }
        return unsafe slow(text, range.lowerBound..<end) { unsafe strtod($0, nil) }
    }

    /// The nearest 32-bit float, rounded once; otherwise as ``double(_:)``.
    package static func float(_ text: Span<UInt8>) -> Float? {
        let range = trimmed(text)
        if let special = special(text, range) { return Float(special) }
        guard case .number(let end) = syntax(text, range) else { return nil }
        return unsafe slow(text, range.lowerBound..<end) { unsafe strtof($0, nil) }
    }

    private enum Syntax {
        case number(end: Int)
        case other
    }

    private static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
        var lower = 0, upper = text.count
        while lower < upper, text[lower] <= 0x20 { lower += 1 }
        while upper > lower, text[upper - 1] <= 0x20 { upper -= 1 }
        return lower..<upper
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func digitRange(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        guard let first = range.first else { return nil }
        let isSigned = text[first] == UInt8(ascii: "-") || text[first] == UInt8(ascii: "+")
        let digits = (isSigned ? first + 1 : first)..<range.upperBound
        guard !digits.isEmpty else { return nil }
        for index in digits where !isDigit(text[index]) { return nil }
        return digits
    }

    private static func isInfinity(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        special(text, range)?.magnitude == .infinity
    }

    /// `NaN`, `Infinity` with an optional sign.
    private static func special(_ text: Span<UInt8>, _ range: Range<Int>) -> Double? {
        guard let first = range.first else { return nil }
        let isNegative = text[first] == UInt8(ascii: "-")
        let isSigned = isNegative || text[first] == UInt8(ascii: "+")
        let body = (isSigned ? first + 1 : first)..<range.upperBound
        if matches(text, body, "NaN") { return .nan }
        if matches(text, body, "Infinity") { return isNegative ? -.infinity : .infinity }
        return nil
    }

    private static func matches(_ text: Span<UInt8>, _ range: Range<Int>, _ literal: String) -> Bool {
        guard range.count == literal.utf8.count else { return false }
        var index = range.lowerBound
        for byte in literal.utf8 {
            if text[index] != byte { return false }
            index += 1
        }
        return true
    }

    /// Java's FloatValue grammar without NaN and Infinity; `end` leaves a type suffix out.
    private static func syntax(_ text: Span<UInt8>, _ range: Range<Int>) -> Syntax {
        var index = range.lowerBound
        let end = range.upperBound
        if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") { index += 1 }
        let isHexadecimal = index + 1 < end && text[index] == 0x30 && text[index + 1] | 0x20 == UInt8(ascii: "x")
        if isHexadecimal { index += 2 }
        var digits = 0
        func isMantissaDigit(_ byte: UInt8) -> Bool {
            isDigit(byte) || (isHexadecimal && (byte | 0x20) &- 0x61 < 6)
        }
        while index < end, isMantissaDigit(text[index]) { (index, digits) = (index + 1, digits + 1) }
        if index < end, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < end, isMantissaDigit(text[index]) { (index, digits) = (index + 1, digits + 1) }
        }
        guard digits > 0 else { return .other }
        let marker = isHexadecimal ? UInt8(ascii: "p") : UInt8(ascii: "e")
        if index < end, text[index] | 0x20 == marker {
            index += 1
            if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") { index += 1 }
            let firstDigit = index
            while index < end, isDigit(text[index]) { index += 1 }
            guard index > firstDigit else { return .other }
        } else if isHexadecimal {
            return .other
        }
        let numberEnd = index
        if index < end {
            let suffix = text[index] | 0x20
            if suffix == UInt8(ascii: "f") || suffix == UInt8(ascii: "d") { index += 1 }
        }
        return index == end ? .number(end: numberEnd) : .other
    }

    /// The nearest double of a plain decimal literal of at most 19 digits and a small exponent. Nil = take the slow path.
    private static func shortDouble(_ text: Span<UInt8>, _ range: Range<Int>) -> Double? {
        var index = range.lowerBound
        let end = range.upperBound
        let isNegative = index < end && text[index] == UInt8(ascii: "-")
        if isNegative || (index < end && text[index] == UInt8(ascii: "+")) { index += 1 }
        var mantissa: UInt64 = 0
        var digits = 0, exponent = 0
        while index < end, isDigit(text[index]) {
            mantissa = mantissa &* 10 &+ UInt64(text[index] &- 0x30)
            (index, digits) = (index + 1, digits + 1)
        }
        if index < end, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < end, isDigit(text[index]) {
                mantissa = mantissa &* 10 &+ UInt64(text[index] &- 0x30)
                (index, digits, exponent) = (index + 1, digits + 1, exponent - 1)
            }
        }
        guard digits <= 19, digits > 0 else { return nil }
        if index < end {
            guard text[index] | 0x20 == UInt8(ascii: "e"), let written = smallExponent(text, index + 1..<end) else {
                return nil
            }
            exponent += written
        }
        return nearestDouble(mantissa: mantissa, exponent: exponent, isNegative: isNegative)
    }

    /// `mantissa * 10^exponent` if that is exact to compute, else nil.
    @inlinable
    package static func exactDouble(mantissa: UInt64, exponent: Int, isNegative: Bool) -> Double? {
        guard mantissa <= 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
        let magnitude =
            exponent < 0 ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
        return isNegative ? -magnitude : magnitude
    }

    /// 10^0 … 10^22, all exact doubles.
    @usableFromInline
    static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    private static func smallExponent(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard let digits = digitRange(text, range), digits.count <= 4 else { return nil }
        var value = 0
        for index in digits { value = value * 10 + Int(text[index] &- 0x30) }
        return text[range.lowerBound] == UInt8(ascii: "-") ? -value : value
    }

    /// A correctly rounded value by the C library on a bounded, terminated copy.
    private static func slow<Result>(
        _ text: Span<UInt8>, _ range: Range<Int>, _ convert: (UnsafePointer<CChar>) -> Result
    ) -> Result? {
        guard range.count <= literalBytesMax else { return nil }
        var copy: [CChar] = []
        copy.reserveCapacity(range.count + 1)
        for index in range { copy.append(CChar(bitPattern: text[index])) }
        copy.append(0)
        return unsafe copy.withUnsafeBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe convert($0) }
        }
    }
}
