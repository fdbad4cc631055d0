// SPDX-License-Identifier: Apache-2.0

/// What the characters of a node allow (`mqtt-payloads.md` sections 6.1 and 6.2).
enum NodeCharacters {
    /// How freely a text may stand without back quotes.
    enum Class {
        /// Letters, digits, `_`, U+2E80–U+9FFF: never needs quotes for its characters.
        case plain
        /// Also `: @ # $ { }`: legal unquoted in a device path, kept quoted where it came quoted.
        case extended
        /// Anything else.
        case other
    }

    /// The class of the whole text, which must be UTF-8.
    static func classify(_ text: Span<UInt8>) -> Class {
        var result = Class.plain
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f:
                index += 1
            case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "{"),
                UInt8(ascii: "}"):
                result = .extended
                index += 1
            case 0xe2...0xe9:
                guard isIdeograph(text, at: index) else { return .other }
                index += 3
            default:
                return .other
            }
        }
        return result
    }

    /// U+2E80–U+9FFF, three bytes in UTF-8.
    private static func isIdeograph(_ text: Span<UInt8>, at index: Int) -> Bool {
        guard index + 2 < text.count else { return false }
        let scalar =
            UInt32(text[index] & 0x0f) << 12 | UInt32(text[index + 1] & 0x3f) << 6 | UInt32(text[index + 2] & 0x3f)
        return (0x2e80...0x9fff).contains(scalar)
    }

    /// Whether the text reads as a number: optional sign, digits with an optional dot, optional exponent. `1e5`, `007` and
    /// `.5` do, `1d` and `0x1` do not.
    static func isRealNumber(_ text: Span<UInt8>) -> Bool {
        var index = 0
        var digits = 0
        if index < text.count, isSign(text[index]) { index += 1 }
        while index < text.count, isDigit(text[index]) { (index, digits) = (index + 1, digits + 1) }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < text.count, isDigit(text[index]) { (index, digits) = (index + 1, digits + 1) }
        }
        guard digits > 0 else { return false }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, isSign(text[index]) { index += 1 }
            let first = index
            while index < text.count, isDigit(text[index]) { index += 1 }
            guard index > first else { return false }
        }
        return index == text.count
    }

    /// `time`, `timestamp` and `root` in any case: words of the query language.
    static func isReserved(_ text: Span<UInt8>) -> Bool {
        isWord("time", text) || isWord("timestamp", text) || isWord("root", text)
    }

    /// Whether a quoted node may hold the text: it is not empty and has neither tab nor newline.
    static func isQuotable(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty else { return false }
        for index in text.indices where text[index] == 0x09 || text[index] == 0x0a || text[index] == 0x0d {
            return false
        }
        return true
    }

    private static func isWord(_ word: StaticString, _ text: Span<UInt8>) -> Bool {
        guard text.count == word.utf8CodeUnitCount else { return false }
        let start = unsafe word.utf8Start
        for index in text.indices {
            let byte = text[index]
            let folded = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
            if unsafe folded != start[index] { return false }
        }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
}
