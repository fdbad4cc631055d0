// SPDX-License-Identifier: Apache-2.0

/// The whole part of a decimal literal, exactly, without binary floating point.
enum DecimalTime {
    /// The literal cut toward zero, and whether nothing was cut; nil beyond 64 bits. The text is a JSON number.
    static func truncated(_ text: Span<UInt8>) -> (value: Int64, isWhole: Bool)? {
        let layout = Layout(text)
        var value: Int64 = 0
        var position = 0
        var isWhole = true
        for index in layout.mantissa where text[index] != UInt8(ascii: ".") {
            let digit = Int64(text[index] &- 0x30)
            if position < layout.wholeDigits {
                guard let next = appended(digit, to: value, isNegative: layout.isNegative) else { return nil }
                value = next
            } else if digit != 0 {
                isWhole = false
            }
            position += 1
        }
        // Zeros that the exponent implies; a zero stays one, however many follow.
        while position < layout.wholeDigits, value != 0 {
            guard let next = appended(0, to: value, isNegative: layout.isNegative) else { return nil }
            value = next
            position += 1
        }
        return (value, isWhole)
    }

    private static func appended(_ digit: Int64, to value: Int64, isNegative: Bool) -> Int64? {
        let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflowedAgain) =
            isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
        return overflowed || overflowedAgain ? nil : sum
    }

    /// Where the digits are, and how many of them stand before the point once the exponent is applied.
    private struct Layout {
        var isNegative = false
        var mantissa = 0..<0
        var wholeDigits = 0

        init(_ text: Span<UInt8>) {
            var index = 0
            if text.count > 0, text[0] == UInt8(ascii: "-") {
                isNegative = true
                index = 1
            }
            let start = index
            var point: Int?
            while index < text.count, text[index] | 0x20 != UInt8(ascii: "e") {
                if text[index] == UInt8(ascii: ".") { point = index }
                index += 1
            }
            mantissa = start..<index
            wholeDigits = (point ?? index) - start + Self.exponent(text, index + 1)
        }

        private static func exponent(_ text: Span<UInt8>, _ start: Int) -> Int {
            var value = 0
            guard start < text.count else { return 0 }
            let isNegative = text[start] == UInt8(ascii: "-")
            for index in start..<text.count where text[index] &- 0x30 < 10 && value < 1_000_000 {
                value = value * 10 + Int(text[index] &- 0x30)
            }
            return isNegative ? -value : value
        }
    }
}
