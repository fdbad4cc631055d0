// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import QueryEngine

@Suite struct LexerTests {
    private func kinds(_ text: String) throws -> [Token.Kind] {
        try Lexer.tokens(of: Array(text.utf8)).dropLast().map(\.kind)
    }

    private func texts(_ text: String) throws -> [String] {
        try Lexer.tokens(of: Array(text.utf8)).dropLast().map(\.text)
    }

    @Test(arguments: [
        ("1", Token.Kind.integer), ("1.5", .decimal), (".5", .decimal), ("1.", .decimal), ("1e3", .decimal),
        ("1.5E-3", .decimal), ("1d", .duration), ("1h30m", .duration), ("500MS", .duration), ("1mo", .duration),
        ("2nd_pump", .word), ("abc", .word), ("a:b@c#d$e{f}", .word), ("温度", .word), ("`a b`", .quotedWord),
        ("'it''s'", .string), ("\"x\"", .string), ("X'01fF'", .binary), ("2024-01-02", .dateTime),
        ("2024/1/2", .dateTime), ("2024.1.2", .dateTime), ("2017-11-01T00:08:00", .dateTime),
        ("2017-11-01 00:08:00.123+08:00", .dateTime), ("2017-11-01t00:08:00Z", .dateTime), ("<=", .symbol),
    ])
    func oneToken(_ text: String, _ kind: Token.Kind) throws {
        let tokens = try Lexer.tokens(of: Array(text.utf8))
        #expect(tokens.map(\.kind) == [kind, .end])
        #expect(tokens.first?.range == 0..<text.utf8.count)
    }

    @Test func quotesAreDoubledInside() throws {
        #expect(try texts("'it''s' \"say \"\"x\"\"\" `a``b` 'a\\n'") == ["it's", "say \"x\"", "a`b", "a\\n"])
    }

    @Test func dotsInPathsAreNoDecimals() throws {
        #expect(try texts("root.sg.1d.s1") == ["root", ".", "sg", ".", "1d", ".", "s1"])
        #expect(try texts("`1`.5") == ["1", ".", "5"])
        #expect(try texts("root.*.**.s") == ["root", ".", "*", ".", "**", ".", "s"])
    }

    @Test func minusBetweenSmallNumbersIsArithmetic() throws {
        #expect(try texts("10-1-1") == ["10", "-", "1", "-", "1"])
        #expect(try texts("2024-01-01 + 1mo") == ["2024-01-01", "+", "1mo"])
        #expect(try texts("2024-01-01 1") == ["2024-01-01", "1"])
    }

    @Test(arguments: [
        ("select ~", "line 1:7 token recognition error at: '~'"),
        ("select\n  'abc", "line 2:2 the quoted text that begins here does not end"),
        ("select `", "line 1:7 the quoted name that begins here does not end"),
        ("``", "line 1:0 a name between back quotes is empty"),
        ("X'0'", "line 1:0 a binary literal"),
        ("温 ü", "line 1:2 token recognition error at: 'ü'"),
    ])
    func errorsNameLineAndColumn(_ text: String, _ message: String) {
        #expect {
            try Lexer.tokens(of: Array(text.utf8))
        } throws: { error in
            let error = error as? StatementError
            return error?.code == 700
                && error?.message.hasPrefix("Error occurred while parsing SQL to physical plan: " + message) == true
        }
    }

    @Test func tokensAreBounded() {
        let text = String(repeating: "(", count: Lexer.tokensMax + 1)
        #expect(throws: StatementError.self) { try Lexer.tokens(of: Array(text.utf8)) }
        #expect(throws: Never.self) { try Lexer.tokens(of: Array(text.utf8.dropLast())) }
    }
}
