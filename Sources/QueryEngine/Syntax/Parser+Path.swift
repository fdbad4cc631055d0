// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Parser {
    /// Words that end an expression or stand between operands; no path may begin with one, and a `*` right before one is a
    /// pattern's, not a multiplication's.
    private static let clauseWords: Set<String> = [
        "FROM", "AS", "WHERE", "GROUP", "HAVING", "ORDER", "FILL", "LIMIT", "OFFSET", "SLIMIT", "SOFFSET", "ALIGN",
        "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "CONTAINS", "LIKE", "REGEXP", "ASC", "DESC",
        "NULLS",
    ]

    /// Whether the token is such a word.
    func isClauseWord(_ token: Token) -> Bool {
        token.kind == .word && Self.clauseWords.contains(token.text.uppercased())
    }

    /// A path that begins with `root` and may hold wildcards.
    mutating func pattern() throws(StatementError) -> PathText {
        guard isKeyword("ROOT") else { throw unexpected(expecting: "a path that begins with root") }
        return try path(inExpression: false)
    }

    /// A pattern if one comes next, else `fallback`.
    mutating func pattern(default fallback: [String]) throws(StatementError) -> PathText {
        isKeyword("ROOT") ? try pattern() : PathText(nodes: fallback)
    }

    /// A pattern without wildcards.
    mutating func fullPath() throws(StatementError) -> PathText {
        let token = current
        let path = try pattern()
        if path.hasWildcard { throw error(at: token, "a wildcard is not allowed in \(path.text)") }
        return path
    }

    /// Nodes joined by dots.
    mutating func path(inExpression: Bool) throws(StatementError) -> PathText {
        let start = current
        var nodes: [String] = []
        if accept("ROOT") {
            nodes.append("root")
        } else {
            nodes.append(try node(inExpression: inExpression))
        }
        while accept(symbol: ".") { nodes.append(try node(inExpression: inExpression)) }
        guard nodes.count <= PathLimits.nodesMax, nodes.allSatisfy({ $0.utf8.count <= PathLimits.nodeBytesMax }) else {
            throw error(
                at: start,
                "a path has at most \(PathLimits.nodesMax) nodes of at most \(PathLimits.nodeBytesMax) bytes")
        }
        return PathText(nodes: nodes)
    }

    private mutating func node(inExpression: Bool) throws(StatementError) -> String {
        let token = current
        switch token.kind {
        case .symbol where token.text == "**":
            advance()
            return "**"
        case .symbol where token.text == "*":
            advance()
            guard isAdjacentName(current), !(inExpression && isClauseWord(current)) else { return "*" }
            let name = try bareName(current)
            advance()
            return "*" + name + (acceptWildcardSuffix(inExpression: inExpression) ? "*" : "")
        case .word, .duration:
            let name = try bareName(token)
            advance()
            return acceptWildcardSuffix(inExpression: inExpression) ? name + "*" : name
        case .quotedWord:
            advance()
            return PathNode.canonical(content: token.text)
        case .integer, .decimal:
            throw error(at: token, "`\(token.text)` reads as a number; a node called so is written in back quotes")
        default:
            throw unexpected(expecting: "a path node")
        }
    }

    private func isAdjacentName(_ token: Token) -> Bool {
        (token.kind == .word || token.kind == .duration) && isAdjacent(token)
    }

    /// Whether nothing stands between the token and the one before.
    private func isAdjacent(_ token: Token) -> Bool {
        index > 0 && tokens[index - 1].range.upperBound == token.range.lowerBound
    }

    private func bareName(_ token: Token) throws(StatementError) -> String {
        if ["ROOT", "TIME", "TIMESTAMP"].contains(token.text.uppercased()) {
            throw error(at: token, "`\(token.text)` is a reserved word; a node called so is written in back quotes")
        }
        return token.text
    }

    /// Takes a `*` that belongs to the name before it. In an expression `s*` is a pattern only where no operand follows.
    private mutating func acceptWildcardSuffix(inExpression: Bool) -> Bool {
        guard isSymbol("*"), isAdjacent(current) else { return false }
        if inExpression, isOperandStart(peek(), behind: current) { return false }
        advance()
        return true
    }

    private func isOperandStart(_ token: Token, behind star: Token) -> Bool {
        switch token.kind {
        case .word: !isClauseWord(token)
        case .quotedWord, .string, .binary, .integer, .decimal, .dateTime, .duration: true
        case .symbol:
            switch token.text {
            case "(": true
            case "-", "+": token.range.lowerBound == star.range.upperBound
            default: false
            }
        case .end: false
        }
    }
}
