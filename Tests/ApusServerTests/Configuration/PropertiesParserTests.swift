// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ApusServer

@Suite struct PropertiesParserTests {
    private func pairs(_ text: String) throws -> [String] {
        try PropertiesParser.parse(Array(text.utf8)).map { "\($0.line):\($0.key)=\($0.value)" }
    }

    @Test(arguments: [
        ("a=b", ["1:a=b"]),
        ("a = b \t", ["1:a=b"]),
        ("a: b", ["1:a=b"]),
        ("a b c", ["1:a=b c"]),
        ("  a\t=\tb=c:d", ["1:a=b=c:d"]),
        ("a", ["1:a="]),
        ("a=", ["1:a="]),
        ("= b", ["1:=b"]),
        ("# a=1\n! b=2\n\n  # c\nd=4", ["5:d=4"]),
        ("a=1 # no comment", ["1:a=1 # no comment"]),
        ("a=1\r\nb=2\rc=3\n", ["1:a=1", "2:b=2", "3:c=3"]),
        ("a=1\na=2", ["1:a=1", "2:a=2"]),
        ("\u{feff}a=1", ["1:a=1"]),
        ("\u{c}a=1", ["1:a=1"]),
    ])
    func syntax(text: String, expected: [String]) throws {
        #expect(try pairs(text) == expected)
    }

    @Test(arguments: [
        ("a=one, \\\n    two\nb=3", ["1:a=one, two", "3:b=3"]),
        ("a=one\\\r\n  two\nb=3", ["1:a=onetwo", "3:b=3"]),
        ("a\\\n  b=c", ["1:ab=c"]),
        ("a=\\\n  b", ["1:a=b"]),
        ("a=\\\n# no comment", ["1:a=# no comment"]),
        ("# comment \\\na=1", ["2:a=1"]),
        ("a=even \\\\\nb=1", ["1:a=even \\", "2:b=1"]),
        ("a=end\\", ["1:a=end"]),
    ])
    func continuation(text: String, expected: [String]) throws {
        #expect(try pairs(text) == expected)
    }

    @Test(arguments: [
        ("a\\=b=c", ["1:a=b=c"]),
        ("a\\ b c", ["1:a b=c"]),
        ("a=\\u00e9\\u20AC", ["1:a=é€"]),
        ("a=\\uD83D\\uDE00", ["1:a=😀"]),
        ("a=ünïcödé", ["1:a=ünïcödé"]),
        ("a=x\\ \\t", ["1:a=x \t"]),
        ("a=\\ x", ["1:a= x"]),
        ("a=\\q\\:", ["1:a=q:"]),
    ])
    func escapes(text: String, expected: [String]) throws {
        #expect(try pairs(text) == expected)
    }

    @Test(arguments: [
        ("a=1\nb=\\u12", 2), ("a=\\u12x4", 1), ("a=\\uD83Dx", 1), ("a=\\uDE00", 1), ("\na=\\uD83D\\u0041", 2),
        ("a=\\u+123", 1),
    ])
    func badEscapes(text: String, line: Int) {
        #expect { try pairs(text) } throws: { ($0 as? PropertiesError)?.line == line }
    }

    @Test func linesThatAreNotUTF8AreNamed() {
        let bytes = Array("a=1\nb=".utf8) + [0xe4, 0x0a]
        #expect { try PropertiesParser.parse(bytes) } throws: { ($0 as? PropertiesError)?.line == 2 }
    }

    /// No prefix of a file traps.
    @Test func everyTruncation() throws {
        let text = Array("# c\nkey\\u00e9 : va\\\n  lue\\ \\uD83D\\uDE00\r\nb=2 \\".utf8)
        for end in text.indices { _ = try? PropertiesParser.parse(Array(text[..<end])) }
        #expect(try PropertiesParser.parse(text).count == 2)
    }
}
