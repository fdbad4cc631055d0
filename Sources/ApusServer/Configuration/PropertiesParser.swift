// SPDX-License-Identifier: Apache-2.0

/// One `key=value` of a properties file.
struct PropertiesEntry: Equatable, Sendable {
    var key: String
    var value: String
    /// The line that the key stands in, from 1.
    var line: Int
}

/// Why a text is no properties file.
struct PropertiesError: Error, Equatable {
    var line: Int
    var message: String
}

/// Reads Java's properties syntax (`mqtt-payloads.md` section 5.3): `=`, `:` or blanks between key and value, comments
/// with `#` and `!`, a backslash at the end of a line continues it, `\uXXXX`. The text is UTF-8. Values are trimmed, but
/// for blanks that are escaped.
struct PropertiesParser {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    /// Every entry in file order, repeated keys included.
    static func parse(_ bytes: [UInt8]) throws(PropertiesError) -> [PropertiesEntry] {
        try checkUTF8(bytes)
        var parser = PropertiesParser(
            bytes: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes)
        var entries: [PropertiesEntry] = []
        while let entry = try parser.next() { entries.append(entry) }
        return entries
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func next() throws(PropertiesError) -> PropertiesEntry? {
        while let byte = current {
            if Self.isBlank(byte) {
                position += 1
            } else if Self.isLineEnd(byte) {
                skipLineEnd()
            } else if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "!") {
                while let byte = current, !Self.isLineEnd(byte) { position += 1 }
            } else {
                return try entry()
            }
        }
        return nil
    }

    private mutating func entry() throws(PropertiesError) -> PropertiesEntry {
        let start = line
        let key = try text { Self.isBlank($0) || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }
        skipBlanks()
        if let byte = current, byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") {
            position += 1
            skipBlanks()
        }
        let value = try text { _ in false }
        return PropertiesEntry(key: key, value: value, line: start)
    }

    /// Unescaped text up to an unescaped byte that `ends` it or to the end of the logical line, without unescaped
    /// blanks at its end.
    private mutating func text(_ ends: (UInt8) -> Bool) throws(PropertiesError) -> String {
        var result: [UInt8] = []
        var lengthWithoutBlanks = 0
        while let byte = current, !Self.isLineEnd(byte), !ends(byte) {
            position += 1
            if byte == UInt8(ascii: "\\") {
                guard try unescape(into: &result) else { continue }
                lengthWithoutBlanks = result.count
            } else {
                result.append(byte)
                if !Self.isBlank(byte) { lengthWithoutBlanks = result.count }
            }
        }
        return String(decoding: result.prefix(lengthWithoutBlanks), as: UTF8.self)
    }

    /// What follows a backslash; false if it was the end of a line, which then goes on at the next one's first word.
    private mutating func unescape(into result: inout [UInt8]) throws(PropertiesError) -> Bool {
        guard let byte = current else { return false }
        if Self.isLineEnd(byte) {
            skipLineEnd()
            skipBlanksOfLine()
            return false
        }
        position += 1
        switch byte {
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "n"): result.append(0x0a)
        case UInt8(ascii: "f"): result.append(0x0c)
        case UInt8(ascii: "r"): result.append(0x0d)
        case UInt8(ascii: "u"): result.append(contentsOf: String(try character()).utf8)
        default: result.append(byte)
        }
        return true
    }

    /// The character of one `\uXXXX`, or of two that are a surrogate pair; the position is after the first `u`.
    private mutating func character() throws(PropertiesError) -> Character {
        let first = try codeUnit()
        var units = [first]
        if UTF16.isLeadSurrogate(first), current == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            units.append(try codeUnit())
        }
        var decoder = UTF16()
        var iterator = units.makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            throw PropertiesError(
                line: line, message: "\\u\(hex(first)) is half of a surrogate pair without its other half")
        }
        return Character(scalar)
    }

    private mutating func codeUnit() throws(PropertiesError) -> UInt16 {
        let digits = bytes[position..<min(position + 4, bytes.count)]
        guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw PropertiesError(line: line, message: "\\u must be followed by four hexadecimal digits") }
        position += 4
        return unit
    }

    private func hex(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension PropertiesParser {
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0c }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0a || byte == 0x0d }

    /// Blanks, and escaped line ends among them.
    private mutating func skipBlanks() {
        while true {
            skipBlanksOfLine()
            guard current == UInt8(ascii: "\\"), position + 1 < bytes.count, Self.isLineEnd(bytes[position + 1]) else {
                return
            }
            position += 1
            skipLineEnd()
        }
    }

    private mutating func skipBlanksOfLine() {
        while let byte = current, Self.isBlank(byte) { position += 1 }
    }

    /// LF, CR or CR LF.
    private mutating func skipLineEnd() {
        if current == 0x0d, position + 1 < bytes.count, bytes[position + 1] == 0x0a { position += 1 }
        position += 1
        line += 1
    }

    private static func checkUTF8(_ bytes: [UInt8]) throws(PropertiesError) {
        guard String(validating: bytes, as: UTF8.self) == nil else { return }
        var line = 1
        for part in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil {
                throw PropertiesError(line: line, message: "the line is not UTF-8; write other characters as \\uXXXX")
            }
            line += 1
        }
    }
}
