// SPDX-License-Identifier: Apache-2.0

/// Reads one statement by recursive descent; the grammar is `iotdb-sql.md` section 3. Depth, length and the number of
/// tokens are bounded, so that no text can exhaust stack or memory.
struct Parser {
    /// Deepest nesting of parentheses, signs and functions.
    static let nestingMax = 64

    let bytes: [UInt8]
    let tokens: [Token]
    let times: TimeContext
    private(set) var index = 0
    private var nesting = 0

    /// Parses a whole statement; a trailing `;` is allowed. 700 for anything the grammar rejects, 701 where it is the
    /// value of a time, a duration or a number that makes no sense.
    static func parse(
        _ sql: String, times: TimeContext, statementBytesMax: Int = 1 << 20
    ) throws(StatementError) -> Statement {
        let bytes = Array(sql.utf8)
        guard bytes.count <= statementBytesMax else {
            throw .parsing(
                line: 1, column: 0,
                "the statement has \(bytes.count) bytes, more than query_statement_bytes_max (\(statementBytesMax))")
        }
        var parser = Parser(bytes: bytes, tokens: try Lexer.tokens(of: bytes), times: times)
        let statement = try parser.statement()
        if case .unsupported = statement { return statement }
        _ = parser.accept(symbol: ";")
        guard parser.current.kind == .end else { throw parser.unexpected(expecting: "the end of the statement") }
        return statement
    }

    init(bytes: [UInt8], tokens: [Token], times: TimeContext) {
        self.bytes = bytes
        self.tokens = tokens
        self.times = times
    }

    // MARK: Tokens

    var current: Token { tokens[min(index, tokens.count - 1)] }

    /// The token `distance` ahead, the last one beyond the end.
    func peek(_ distance: Int = 1) -> Token { tokens[min(index + distance, tokens.count - 1)] }

    mutating func advance() { index += 1 }

    /// Whether `token` is the bare word `keyword` (upper case).
    func isKeyword(_ keyword: String, _ token: Token? = nil) -> Bool {
        let token = token ?? current
        return token.kind == .word && token.text.utf8.count == keyword.utf8.count && token.text.uppercased() == keyword
    }

    func isSymbol(_ symbol: String, _ token: Token? = nil) -> Bool {
        let token = token ?? current
        return token.kind == .symbol && token.text == symbol
    }

    /// Takes the keywords if they all come next.
    mutating func accept(_ keywords: String...) -> Bool {
        for (distance, keyword) in keywords.enumerated() where !isKeyword(keyword, peek(distance)) { return false }
        index += keywords.count
        return true
    }

    mutating func accept(symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        index += 1
        return true
    }

    mutating func expect(_ keywords: String...) throws(StatementError) {
        for keyword in keywords {
            guard accept(keyword) else { throw unexpected(expecting: keyword) }
        }
    }

    mutating func expect(symbol: String) throws(StatementError) {
        guard accept(symbol: symbol) else { throw unexpected(expecting: "'\(symbol)'") }
    }

    // MARK: Errors

    func error(at token: Token? = nil, _ message: String) -> StatementError {
        let position = position(of: token ?? current)
        return .parsing(line: position.line, column: position.column, message)
    }

    func position(of token: Token) -> SourcePosition { SourcePosition(of: token.range.lowerBound, in: bytes) }

    /// The error for a token that fits nowhere.
    func unexpected(expecting what: String) -> StatementError {
        error("mismatched input '\(shown(current))' expecting \(what)")
    }

    private func shown(_ token: Token) -> String {
        guard token.kind != .end else { return token.text }
        let text = bytes[token.range].prefix(64).map { $0 < 0x20 ? 0x20 : $0 }
        return String(decoding: text, as: UTF8.self) + (token.range.count > 64 ? "…" : "")
    }

    // MARK: Nesting

    /// Runs `body` one level deeper.
    mutating func nested<Result>(
        _ body: (inout Parser) throws(StatementError) -> Result
    ) throws(StatementError) -> Result {
        guard nesting < Self.nestingMax else {
            throw error("the expression is nested more than \(Self.nestingMax) levels deep")
        }
        nesting += 1
        let result = try body(&self)
        nesting -= 1
        return result
    }

    // MARK: Lists and small values

    /// One or more, separated by commas.
    mutating func list<Element>(
        _ element: (inout Parser) throws(StatementError) -> Element
    ) throws(StatementError) -> [Element] {
        var elements = [try element(&self)]
        while accept(symbol: ",") { elements.append(try element(&self)) }
        return elements
    }

    /// A bare or quoted name, without quotes.
    mutating func identifier(_ what: String) throws(StatementError) -> String {
        let token = current
        switch token.kind {
        case .word, .quotedWord, .duration:
            advance()
            return token.text
        default:
            throw unexpected(expecting: what)
        }
    }

    mutating func string(_ what: String) throws(StatementError) -> String {
        let token = current
        guard token.kind == .string else { throw unexpected(expecting: what) }
        advance()
        return token.text
    }

    /// A count: digits that fit.
    mutating func count(_ what: String) throws(StatementError) -> Int {
        let token = current
        guard token.kind == .integer else { throw unexpected(expecting: what) }
        guard let value = Int(token.text) else { throw .semantic("\(what) \(token.text) is out of range") }
        advance()
        return value
    }
}
