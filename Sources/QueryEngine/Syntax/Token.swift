// SPDX-License-Identifier: Apache-2.0

/// A lexical unit of a statement (`iotdb-sql.md` section 1).
struct Token: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// A bare identifier or keyword.
        case word
        /// An identifier between back quotes.
        case quotedWord
        /// `'…'` or `"…"`.
        case string
        /// `X'01ff'`.
        case binary
        case integer
        case decimal
        /// A date, with or without time and offset.
        case dateTime
        /// `1d2h`.
        case duration
        /// An operator or punctuation; the text tells which.
        case symbol
        /// After the last character.
        case end
    }

    var kind: Kind
    /// Bytes of the statement.
    var range: Range<Int>
    /// What it says: words and numbers as written, strings and quoted words without quotes, symbols as written.
    var text: String
}

/// A place in a statement, as IoTDB counts: lines from 1, columns from 0.
struct SourcePosition: Equatable, Sendable {
    var line: Int
    var column: Int

    /// The position of byte `offset`; columns count characters (code points).
    init(of offset: Int, in bytes: [UInt8]) {
        line = 1
        column = 0
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 0
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
    }
}
