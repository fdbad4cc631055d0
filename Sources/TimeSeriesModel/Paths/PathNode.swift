// SPDX-License-Identifier: Apache-2.0

/// One node of a path, as text.
///
/// The *content* is what the node is called; the *canonical form* is the content, in back quotes (inner ones doubled) only
/// where it must be: it reads as a number, is one of `time`, `timestamp`, `root`, or has a character outside letters,
/// digits, `_` and U+2E80–U+9FFF. IoTDB drops the quotes of the three words, too; here they stay, so that every canonical
/// form can be written in a statement and means itself.
package enum PathNode {
    /// The canonical form of a node given as written (`` `abc` `` is `abc`) or as bare content (`a b` is `` `a b` ``).
    package static func canonical(_ raw: String) -> String {
        let bytes = Array(raw.utf8)
        if let content = unquoted(bytes.span) { return canonical(content: content.span) }
        return canonical(content: bytes.span)
    }

    /// The canonical form of a node called exactly so, back quotes included.
    package static func canonical(content: String) -> String {
        canonical(content: Array(content.utf8).span)
    }

    /// What a node in canonical form is called: without its quotes.
    package static func content(_ canonical: String) -> String {
        guard canonical.utf8.first == UInt8(ascii: "`") else { return canonical }
        let bytes = Array(canonical.utf8)
        return unquoted(bytes.span).map { String(decoding: $0, as: UTF8.self) } ?? canonical
    }

    static func canonical(content: Span<UInt8>) -> String {
        let isBare =
            NodeCharacters.classify(content) == .plain && !content.isEmpty && !NodeCharacters.isRealNumber(content)
            && !NodeCharacters.isReserved(content)
        return isBare ? string(content) : quoted(content)
    }

    /// The content of a correctly quoted text; nil for any other.
    static func unquoted(_ text: Span<UInt8>) -> [UInt8]? {
        let quote = UInt8(ascii: "`")
        guard text.count >= 2, text[0] == quote, text[text.count - 1] == quote else { return nil }
        var content: [UInt8] = []
        var index = 1
        while index < text.count - 1 {
            if text[index] == quote {
                guard index + 1 < text.count - 1, text[index + 1] == quote else { return nil }
                index += 1
            }
            content.append(text[index])
            index += 1
        }
        return content
    }

    static func quoted(_ content: Span<UInt8>) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "`")]
        for index in content.indices {
            if content[index] == UInt8(ascii: "`") { bytes.append(UInt8(ascii: "`")) }
            bytes.append(content[index])
        }
        bytes.append(UInt8(ascii: "`"))
        return String(decoding: bytes, as: UTF8.self)
    }

    static func string(_ bytes: Span<UInt8>) -> String {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        return String(decoding: copy, as: UTF8.self)
    }
}
