// SPDX-License-Identifier: Apache-2.0

/// Where a string's content stands, quotes excluded.
struct JSONString {
    var range: Range<Int>
    var hasEscapes: Bool
}

/// Strings: first passed and checked, then unescaped only where that is needed.
extension JSONScanner {
    /// Passes a string; the index is at its quote. Raw control characters are taken as they are, as IoTDB's reader does.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func string() throws(JSONSyntaxError) -> JSONString {
        let quote = bytes[index]
        let start = index + 1
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte == quote {
                index = end + 1
                return JSONString(range: start..<end, hasEscapes: false)
            }
            if byte == UInt8(ascii: "\\") { break }
            end += 1
        }
        return try stringWithEscapes(from: start, at: end, quote: quote)
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func stringWithEscapes(
        from start: Int, at position: Int, quote: UInt8
    ) throws(JSONSyntaxError) -> JSONString {
        index = position
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote {
                index += 1
                return JSONString(range: start..<index - 1, hasEscapes: true)
            }
            if byte == UInt8(ascii: "\\") { try skipEscape() } else { index += 1 }
        }
        throw failure(.endOfString)
    }

    @_lifetime(self: copy self)
    private mutating func skipEscape() throws(JSONSyntaxError) {
        guard index + 1 < bytes.count else { throw JSONSyntaxError(reason: .endOfString, offset: bytes.count) }
        if Self.escaped(bytes[index + 1]) != nil {
            index += 2
            return
        }
        guard let unit = codeUnit(at: index) else { throw failure(.escape) }
        if unit & 0xf800 == 0xd800 {
            guard unit < 0xdc00, let low = codeUnit(at: index + 6), low & 0xfc00 == 0xdc00 else {
                throw failure(.surrogate)
            }
            index += 6
        }
        index += 6
    }

    /// The value of `\uXXXX` at `position`; nil if something else stands there.
    private func codeUnit(at position: Int) -> UInt32? {
        guard position + 5 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return nil }
        var value: UInt32 = 0
        for index in position + 2..<position + 6 {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: return nil
            }
        }
        return value
    }

    /// What a backslash and this byte stand for. `\'` and an escaped line break are not JSON, but IoTDB reads them.
    private static func escaped(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"), 0x0a: byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Appends the content of a string that was passed before, escapes resolved.
    func unescape(_ string: JSONString, into text: inout [UInt8]) {
        var position = string.range.lowerBound
        while position < string.range.upperBound {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                position += 1
                continue
            }
            if let plain = Self.escaped(bytes[position + 1]) {
                text.append(plain)
                position += 2
            } else {
                position += appendScalar(at: position, to: &text)
            }
        }
    }

    /// Appends the character of one or two `\u` escapes; returns their length.
    private func appendScalar(at position: Int, to text: inout [UInt8]) -> Int {
        guard let high = codeUnit(at: position) else { return 6 }
        var value = high
        var length = 6
        if high & 0xf800 == 0xd800, let low = codeUnit(at: position + 6) {
            value = 0x10000 + (high & 0x3ff) << 10 + (low & 0x3ff)
            length = 12
        }
        guard let scalar = Unicode.Scalar(value) else { return length }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return length
    }
}
