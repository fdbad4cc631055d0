// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Parser {
    /// Any expression.
    mutating func expression() throws(StatementError) -> Expression {
        var operands = [try conjunction()]
        while accept("OR") || accept(symbol: "|") || accept(symbol: "||") { operands.append(try conjunction()) }
        return try joined(.or, operands)
    }

    private mutating func conjunction() throws(StatementError) -> Expression {
        var operands = [try negated()]
        while accept("AND") || accept(symbol: "&") || accept(symbol: "&&") { operands.append(try negated()) }
        return try joined(.and, operands)
    }

    private func joined(_ sign: LogicOperator, _ operands: [Expression]) throws(StatementError) -> Expression {
        operands.count == 1 ? operands[0] : try checked(.logic(sign, operands))
    }

    private mutating func negated() throws(StatementError) -> Expression {
        guard accept("NOT") || accept(symbol: "!") else { return try predicate() }
        let operand = try nested { (parser) throws(StatementError) in try parser.negated() }
        return try checked(.not(operand))
    }

    private mutating func predicate() throws(StatementError) -> Expression {
        let left = try sum()
        if current.kind == .symbol, let sign = BinaryOperator(comparison: current.text) {
            advance()
            return try checked(.binary(sign, left, try sum()))
        }
        if accept("IS") {
            let isNegated = accept("NOT")
            try expect("NULL")
            return try checked(.isNull(left, isNegated: isNegated))
        }
        let isNegated =
            isKeyword("NOT") && ["LIKE", "REGEXP", "BETWEEN", "IN", "CONTAINS"].contains { isKeyword($0, peek()) }
        if isNegated { advance() }
        return try predicate(on: left, isNegated: isNegated)
    }

    private mutating func predicate(on left: Expression, isNegated: Bool) throws(StatementError) -> Expression {
        if accept("LIKE") {
            return try checked(.like(left, pattern: try string("a pattern in quotes"), isNegated: isNegated))
        }
        if accept("REGEXP") {
            return try checked(.matches(left, pattern: try string("a pattern in quotes"), isNegated: isNegated))
        }
        if accept("BETWEEN") {
            let low = try sum()
            try expect("AND")
            return try checked(.between(left, low: low, high: try sum(), isNegated: isNegated))
        }
        if accept("IN") || accept("CONTAINS") {
            try expect(symbol: "(")
            let list = try list { (parser) throws(StatementError) in try parser.literal() }
            try expect(symbol: ")")
            return try checked(.isIn(left, list, isNegated: isNegated))
        }
        return left
    }

    private mutating func sum() throws(StatementError) -> Expression {
        var left = try product()
        while isSymbol("+") || isSymbol("-") {
            let sign = current.text == "+" ? BinaryOperator.add : .subtract
            if peek().kind == .duration, peek(2).text != "." {
                throw error("a duration can only be added to a date-time or now()")
            }
            advance()
            left = try checked(.binary(sign, left, try product()))
        }
        return left
    }

    private mutating func product() throws(StatementError) -> Expression {
        var left = try unary()
        while let sign = productSign {
            advance()
            left = try checked(.binary(sign, left, try unary()))
        }
        return left
    }

    private var productSign: BinaryOperator? {
        guard current.kind == .symbol else { return nil }
        switch current.text {
        case "*": return .multiply
        case "/": return .divide
        case "%": return .remainder
        default: return nil
        }
    }

    private mutating func unary() throws(StatementError) -> Expression {
        guard isSymbol("-") || isSymbol("+") else { return try primary() }
        if peek().kind == .integer || peek().kind == .decimal { return Expression(.literal(try number())) }
        let isNegative = isSymbol("-")
        advance()
        let operand = try nested { (parser) throws(StatementError) in try parser.unary() }
        return isNegative ? try checked(.negation(operand)) : operand
    }

    private mutating func primary() throws(StatementError) -> Expression {
        if accept(symbol: "(") {
            let inner = try nested { (parser) throws(StatementError) in try parser.expression() }
            try expect(symbol: ")")
            return inner
        }
        if let start = try timeStart() {
            let moved = try withDurations(start)
            return Expression(.literal(.timestamp(moved.time, text: moved.text)))
        }
        switch current.kind {
        case .integer, .decimal, .string, .binary: return Expression(.literal(try literal()))
        case .word where ["TRUE", "FALSE", "NULL", "NAN"].contains { isKeyword($0) } && !isSymbol(".", peek()):
            return Expression(.literal(try literal()))
        case .word, .quotedWord, .duration, .symbol: return try name()
        default: throw unexpected(expecting: "an expression")
        }
    }

    /// TIME, a function or a path.
    private mutating func name() throws(StatementError) -> Expression {
        let token = current
        if token.kind == .word {
            if isClauseWord(token) { throw unexpected(expecting: "an expression") }
            if isSymbol("(", peek()) { return try function() }
            if accept("TIME") || accept("TIMESTAMP") { return Expression(.time) }
            if token.text == "__endTime" {
                advance()
                return Expression(.endTime)
            }
        } else if token.kind == .symbol, token.text != "*", token.text != "**" {
            throw unexpected(expecting: "an expression")
        }
        return Expression(.path(try path(inExpression: true)))
    }

    private mutating func function() throws(StatementError) -> Expression {
        var call = FunctionCall(name: current.text, arguments: [])
        advance()
        try expect(symbol: "(")
        try nested { (parser) throws(StatementError) in
            repeat {
                if parser.current.kind == .string, parser.isSymbol("=", parser.peek()) {
                    call.attributes.append(try parser.attribute())
                } else if call.attributes.isEmpty {
                    call.arguments.append(try parser.expression())
                } else {
                    throw parser.unexpected(expecting: "'key'='value'")
                }
            } while parser.accept(symbol: ",")
        }
        try expect(symbol: ")")
        guard !call.arguments.isEmpty else { throw error("\(call.name) needs an argument") }
        return try checked(.function(call))
    }

    private mutating func attribute() throws(StatementError) -> FunctionCall.Attribute {
        let key = try string("a key in quotes")
        try expect(symbol: "=")
        return FunctionCall.Attribute(key: key, value: try string("a value in quotes"))
    }

    /// An expression of this kind, unless its tree is too deep.
    private func checked(_ kind: Expression.Kind) throws(StatementError) -> Expression {
        let expression = Expression(kind)
        guard expression.depth <= Expression.depthMax else {
            throw error("the expression has more than \(Expression.depthMax) levels; split it")
        }
        return expression
    }

    /// A constant.
    mutating func literal() throws(StatementError) -> Literal {
        if let start = try timeStart() {
            let moved = try withDurations(start)
            return .timestamp(moved.time, text: moved.text)
        }
        let token = current
        switch token.kind {
        case .integer, .decimal: return try number()
        case .symbol where token.text == "-" || token.text == "+": return try number()
        case .string:
            advance()
            return .string(token.text)
        case .binary:
            advance()
            return .binary(HexText.bytes(Array(token.text.utf8).span) ?? [])
        case .word:
            if accept("TRUE") { return .boolean(true) }
            if accept("FALSE") { return .boolean(false) }
            if accept("NULL") { return .null }
            if accept("NAN") { return .decimal(.nan, text: token.text) }
            throw unexpected(expecting: "a constant")
        default: throw unexpected(expecting: "a constant")
        }
    }

    /// A number with an optional sign.
    private mutating func number() throws(StatementError) -> Literal {
        var text = ""
        if isSymbol("-") || isSymbol("+") {
            if isSymbol("-") { text = "-" }
            advance()
        }
        guard current.kind == .integer || current.kind == .decimal else { throw unexpected(expecting: "a number") }
        text += current.text
        let isInteger = current.kind == .integer
        advance()
        if isInteger, let value = Int64(text) { return .integer(value, text: text) }
        guard let value = NumberText.double(Array(text.utf8).span), value.magnitude != .infinity else {
            throw .semantic("the number \(text.prefix(64)) is out of range")
        }
        return .decimal(value, text: text)
    }
}
