// SPDX-License-Identifier: Apache-2.0

/// Hexadecimal text of BLOB values: `X'01ff'` or bare `01ff` (`mqtt-payloads.md` section 3.3).
package enum HexText {
    /// The bytes, or nil for an odd number of digits or any other character.
    package static func bytes(_ text: Span<UInt8>) -> [UInt8]? {
        var range = text.indices
        if text.count >= 3, text[0] | 0x20 == UInt8(ascii: "x"), text[1] == 0x27, text[text.count - 1] == 0x27 {
            range = 2..<text.count - 1
        }
        guard range.count.isMultiple(of: 2) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(range.count / 2)
        for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            guard let high = digit(text[index]), let low = digit(text[index + 1]) else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }

    /// Lower-case digits, two a byte.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
