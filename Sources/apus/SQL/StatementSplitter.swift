// SPDX-License-Identifier: Apache-2.0

/// Cuts text into statements at `;`, but not inside quotes (`'…'`, `"…"`, `` `…` ``; a doubled quote stays inside).
struct StatementSplitter {
    private var text = ""
    private var quote: Character?

    /// Takes more text; returns the statements that end in it, without `;` and blank ones.
    mutating func append(_ more: some StringProtocol) -> [String] {
        var statements: [String] = []
        for character in more {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" || character == "`" {
                quote = character
            } else if character == ";" {
                if let statement = take() { statements.append(statement) }
                continue
            }
            text.append(character)
        }
        return statements
    }

    /// What is left without a `;`.
    mutating func finish() -> String? {
        quote = nil
        return take()
    }

    /// Whether text ends inside quotes, so that a line break belongs to it.
    var isInsideQuotes: Bool { quote != nil }

    private mutating func take() -> String? {
        let statement = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        text = ""
        return statement.isEmpty ? nil : statement
    }
}
