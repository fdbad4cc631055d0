// SPDX-License-Identifier: Apache-2.0

/// The rules for strings and topics, on bytes (`mqtt-broker.md` sections 2 and 7).
package enum Text {
    /// Whether the bytes are well-formed UTF-8 without U+0000. Control characters and non-characters are accepted.
    package static func isLegal(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte &- 1 < 0x7f {
                index += 1
                continue
            }
            let length = sequenceLength(bytes, at: index)
            guard length > 0 else { return false }
            index += length
        }
        return true
    }

    /// What is wrong with a topic name, if anything: not text, empty, or with a wildcard. An empty one is legal where an
    /// alias stands for it, so it has its own case.
    package enum NameFault: Equatable, Sendable {
        /// No well-formed UTF-8, or U+0000 in it.
        case notText
        /// `+` or `#` in it.
        case wildcard
        /// No character at all.
        case empty
    }

    /// The first fault of a topic name.
    package static func fault(inTopicName bytes: Span<UInt8>) -> NameFault? {
        guard bytes.count > 0 else { return .empty }
        var index = 0, hasWildcard = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte &- 1 < 0x7f {
                if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#") { hasWildcard = true }
                index += 1
                continue
            }
            let length = sequenceLength(bytes, at: index)
            guard length > 0 else { return .notText }
            index += length
        }
        return hasWildcard ? .wildcard : nil
    }

    /// Whether text is a topic filter: not empty, `#` alone in the last level, `+` alone in its level.
    package static func isTopicFilter(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0 else { return false }
        for index in 0..<bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#") else { continue }
            if index > 0, bytes[index - 1] != UInt8(ascii: "/") { return false }
            let isLast = index == bytes.count - 1
            if byte == UInt8(ascii: "#") ? !isLast : !isLast && bytes[index + 1] != UInt8(ascii: "/") { return false }
        }
        return true
    }

    /// Whether text begins with these characters.
    package static func hasPrefix(_ prefix: String, _ bytes: Span<UInt8>) -> Bool {
        var index = 0
        for wanted in prefix.utf8 {
            guard index < bytes.count, bytes[index] == wanted else { return false }
            index += 1
        }
        return true
    }

    /// How many bytes the well-formed character at `index` takes; 0 = there is none, or it is U+0000.
    private static func sequenceLength(_ bytes: Span<UInt8>, at index: Int) -> Int {
        let first = bytes[index]
        var second: ClosedRange<UInt8> = 0x80...0xbf
        let length: Int
        switch first {
        case 0x01...0x7f: return 1
        case 0xc2...0xdf: length = 2
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: length = 3
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: length = 4
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for offset in 2..<max(2, length) where bytes[index + offset] & 0xc0 != 0x80 { return 0 }
        return length
    }
}
