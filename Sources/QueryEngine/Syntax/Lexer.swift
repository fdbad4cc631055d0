// SPDX-License-Identifier: Apache-2.0

/// Splits a statement into tokens.
struct Lexer {
    /// Largest number of tokens in a statement.
    static let tokensMax = 200_000

    private let bytes: [UInt8]
    private var offset = 0
    private var tokens: [Token] = []

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The tokens of a statement, the last of them `.end`. 700 for text that has none.
    static func tokens(of bytes: [UInt8]) throws(StatementError) -> [Token] {
        var lexer = Lexer(bytes)
        try lexer.run()
        return lexer.tokens
    }

    private mutating func run() throws(StatementError) {
        while true {
            skipBlanks()
            guard offset < bytes.count else { break }
            guard tokens.count < Self.tokensMax else {
                throw error(at: offset, "the statement has more than \(Self.tokensMax) words and symbols")
            }
            try readToken()
        }
        tokens.append(Token(kind: .end, range: offset..<offset, text: "<EOF>"))
    }

    private mutating func skipBlanks() {
        while offset < bytes.count, bytes[offset] <= 0x20 { offset += 1 }
    }

    private mutating func readToken() throws(StatementError) {
        let byte = bytes[offset]
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): try readQuoted(.string, from: offset)
        case UInt8(ascii: "`"): try readQuoted(.quotedWord, from: offset)
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            if peek(1) == UInt8(ascii: "'") { try readBinary() } else { readWord() }
        case 0x30...0x39: readNumber()
        case UInt8(ascii: "."):
            if !followsOperand, peek(1).isDigit { readNumber() } else { append(.symbol, length: 1) }
        default:
            if IdentifierRules.length(ofCharacterAt: offset, in: bytes) > 0 {
                readWord()
            } else {
                try readSymbol()
            }
        }
    }

    /// Whether the token before ends right here and may be followed by a path separator.
    private var followsOperand: Bool {
        guard let last = tokens.last, last.range.upperBound == offset else { return false }
        switch last.kind {
        case .word, .quotedWord, .integer, .duration: return true
        case .symbol: return last.text == "*" || last.text == "**"
        default: return false
        }
    }

    /// Whether a `.` stands right before: then a number is a path node, never a date.
    private var isInPath: Bool { offset > 0 && tokens.last?.text == "." && tokens.last?.range.upperBound == offset }

    private func peek(_ distance: Int) -> UInt8 {
        offset + distance < bytes.count ? bytes[offset + distance] : 0
    }

    private mutating func append(_ kind: Token.Kind, length: Int) {
        let range = offset..<offset + length
        tokens.append(Token(kind: kind, range: range, text: String(decoding: bytes[range], as: UTF8.self)))
        offset += length
    }

    private mutating func readWord() {
        append(.word, length: IdentifierRules.length(ofWordAt: offset, in: bytes))
    }

    private mutating func readNumber() {
        let number = NumberScanner(bytes: bytes, start: offset)
        let scanned = isInPath ? number.node() : number.scan()
        append(scanned.kind, length: scanned.length)
    }

    /// Reads up to the closing quote; a doubled quote stands for one.
    private mutating func readQuoted(_ kind: Token.Kind, from start: Int) throws(StatementError) {
        let quote = bytes[start]
        var content: [UInt8] = []
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == quote {
                guard index + 1 < bytes.count, bytes[index + 1] == quote else {
                    try checkContent(kind, content, start)
                    let text = String(decoding: content, as: UTF8.self)
                    tokens.append(Token(kind: kind, range: start..<index + 1, text: text))
                    offset = index + 1
                    return
                }
                index += 1
            }
            content.append(bytes[index])
            index += 1
        }
        let name = kind == .string ? "text" : "name"
        throw error(at: start, "the quoted \(name) that begins here does not end")
    }

    private func checkContent(_ kind: Token.Kind, _ content: [UInt8], _ start: Int) throws(StatementError) {
        guard kind == .quotedWord else { return }
        if content.isEmpty { throw error(at: start, "a name between back quotes is empty") }
        if content.contains(where: { $0 < 0x20 }) {
            throw error(at: start, "a name has a control character, which no name may have")
        }
    }

    /// `X'01ff'`: the token's text is the digits.
    private mutating func readBinary() throws(StatementError) {
        let start = offset
        var index = offset + 2
        while index < bytes.count, bytes[index].isHexadecimalDigit { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "'"), (index - start).isMultiple(of: 2) else {
            throw error(at: start, "a binary literal is X'…' with an even number of hexadecimal digits")
        }
        let digits = String(decoding: bytes[start + 2..<index], as: UTF8.self)
        tokens.append(Token(kind: .binary, range: start..<index + 1, text: digits))
        offset = index + 1
    }

    private mutating func readSymbol() throws(StatementError) {
        let pair = [bytes[offset], peek(1)]
        for symbol in ["<=", ">=", "==", "!=", "<>", "&&", "||", "**"] where Array(symbol.utf8) == pair {
            append(.symbol, length: 2)
            return
        }
        guard "=<>+-*/%!&|(),;.[]".utf8.contains(bytes[offset]) else {
            throw error(at: offset, "token recognition error at: '\(IdentifierRules.shown(at: offset, in: bytes))'")
        }
        append(.symbol, length: 1)
    }

    private func error(at offset: Int, _ message: String) -> StatementError {
        let position = SourcePosition(of: offset, in: bytes)
        return .parsing(line: position.line, column: position.column, message)
    }
}

extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }
    var isHexadecimalDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
}
