// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Settles names and types of an expression.
struct ExpressionCompiler {
    /// What a leaf stands for: a path or an aggregate function; nil = neither is known here.
    let resolve: (Expression) throws(StatementError) -> CompiledExpression?
    /// The select list's rule: any null operand makes null (`iotdb-sql.md` section 4.1). WHERE decides as SQL does.
    var isStrict = false
    let precision: TimestampPrecision

    func compile(_ expression: Expression) throws(StatementError) -> CompiledExpression {
        if let leaf = try resolve(expression) { return leaf }
        switch expression.kind {
        case .literal(let literal): return constant(literal)
        case .time: return CompiledExpression(node: .time, type: .timestamp)
        case .endTime: throw .semantic("__endTime exists only with GROUP BY windows, as the first column")
        case .path(let path): throw .semantic("`\(path.text)` is not a series here")
        case .negation(let operand): return try negation(operand)
        case .not(let operand):
            return CompiledExpression(node: .not(try condition(operand)), type: .boolean)
        case .binary(let sign, let left, let right): return try binary(sign, left, right)
        case .logic(let sign, let operands):
            var compiled: [CompiledExpression] = []
            for operand in operands { compiled.append(try condition(operand)) }
            return CompiledExpression(node: .logic(sign, compiled, isStrict: isStrict), type: .boolean)
        case .isNull(let operand, let isNegated):
            return CompiledExpression(node: .isNull(try compile(operand), isNegated: isNegated), type: .boolean)
        case .between(let operand, let low, let high, let isNegated):
            let value = try compile(operand)
            let bounds = [
                try comparison(.greaterOrEqual, value, operand, try compile(low), low),
                try comparison(.lessOrEqual, value, operand, try compile(high), high),
            ]
            let both = CompiledExpression(
                node: .comparisons(value, bounds, .and, isStrict: isStrict), type: .boolean)
            return isNegated ? CompiledExpression(node: .not(both), type: .boolean) : both
        case .isIn(let operand, let list, let isNegated): return try membership(operand, list, isNegated: isNegated)
        case .like(let operand, let pattern, let isNegated):
            let text = try compile(operand)
            guard text.type == .text || text.type == .string || text.isNull else {
                throw .semantic("LIKE is for TEXT and STRING, and `\(operand.printed)` is \(text.type.name)")
            }
            let match = CompiledExpression(node: .like(text, LikePattern(pattern)), type: .boolean)
            return isNegated ? CompiledExpression(node: .not(match), type: .boolean) : match
        case .matches: throw .unsupported("REGEXP")
        case .function(let call): throw .unsupported("the function \(call.name)")
        }
    }

    /// An expression that must be true or false.
    func condition(_ expression: Expression) throws(StatementError) -> CompiledExpression {
        var compiled = try compile(expression)
        if compiled.isNull { compiled.type = .boolean }
        guard compiled.type == .boolean else {
            throw .semantic("a condition is BOOLEAN, and `\(expression.printed)` is \(compiled.type.name)")
        }
        return compiled
    }

    private func constant(_ literal: Literal) -> CompiledExpression {
        let value: Value?
        switch literal {
        case .null: return CompiledExpression(node: .constant(nil), type: .boolean)
        case .boolean(let flag): value = .boolean(flag)
        case .integer(let number, _): value = .int64(number)
        case .decimal(let number, _): value = .double(number)
        case .string(let text): value = .text(Array(text.utf8))
        case .binary(let bytes): value = .blob(bytes)
        case .timestamp(let time, _): value = .timestamp(time)
        }
        return CompiledExpression(node: .constant(value), type: value?.type ?? .boolean)
    }

    private func negation(_ operand: Expression) throws(StatementError) -> CompiledExpression {
        let compiled = try compile(operand)
        guard compiled.type.isNumeric || compiled.isNull else {
            throw .semantic("`-` is for numbers, and `\(operand.printed)` is \(compiled.type.name)")
        }
        return CompiledExpression(node: .negation(compiled), type: compiled.isNull ? .double : compiled.type)
    }

    private func binary(
        _ sign: BinaryOperator, _ left: Expression, _ right: Expression
    ) throws(StatementError) -> CompiledExpression {
        var a = try compile(left)
        let b = try compile(right)
        guard sign.isComparison else {
            for (operand, compiled) in [(left, a), (right, b)] where !compiled.type.isNumeric && !compiled.isNull {
                throw .semantic("`\(sign.rawValue)` is for numbers, and `\(operand.printed)` is \(compiled.type.name)")
            }
            return CompiledExpression(node: .arithmetic(sign, a, b), type: .double)
        }
        a = adapted(a, to: b.type)
        let comparison = try comparison(sign, a, left, b, right)
        return CompiledExpression(
            node: .comparison(sign, a, comparison.other, comparison.domain), type: .boolean)
    }

    /// The comparison of two compiled expressions, of which only the right one may be adapted to the other's type.
    private func comparison(
        _ sign: BinaryOperator, _ a: CompiledExpression, _ left: Expression, _ b: CompiledExpression,
        _ right: Expression
    ) throws(StatementError) -> CompiledExpression.Comparison {
        let b = adapted(b, to: a.type)
        guard let domain = domain(sign, a, b) else {
            throw .semantic(
                "`\(left.printed)` (\(a.type.name)) and `\(right.printed)` (\(b.type.name)) cannot be compared by "
                    + "\(sign.rawValue)")
        }
        return CompiledExpression.Comparison(sign: sign, other: b, domain: domain)
    }

    /// A text constant beside a time or a day is read as one.
    private func adapted(_ constant: CompiledExpression, to type: DataType) -> CompiledExpression {
        guard case .constant(.some(.text(let bytes))) = constant.node else { return constant }
        if type == .date, let day = DateTimeText.date(bytes.span) {
            return CompiledExpression(node: .constant(.date(day)), type: .date)
        }
        if type == .timestamp,
            let time = DateTimeText.timestamp(bytes.span, precision: precision, defaultOffsetSeconds: 0)
        {
            return CompiledExpression(node: .constant(.timestamp(time)), type: .timestamp)
        }
        return constant
    }

    private func domain(
        _ sign: BinaryOperator, _ left: CompiledExpression, _ right: CompiledExpression
    ) -> CompiledExpression.Domain? {
        if left.isNull || right.isNull { return .integer }
        switch (left.type.comparisonClass, right.type.comparisonClass) {
        case (.integer, .integer): return .integer
        case (.integer, .decimal), (.decimal, .integer), (.decimal, .decimal): return .double
        case (.bytes, .bytes): return .bytes
        case (.boolean, .boolean): return sign == .equal || sign == .notEqual ? .integer : nil
        default: return nil
        }
    }

    private func membership(
        _ operand: Expression, _ list: [Literal], isNegated: Bool
    ) throws(StatementError) -> CompiledExpression {
        let value = try compile(operand)
        var members = MemberSet()
        var isEmpty = true
        for literal in list where literal != .null {
            let test = try comparison(.equal, value, operand, constant(literal), Expression(.literal(literal)))
            guard case .constant(let constant?) = test.other.node else { continue }
            members.insert(constant, as: test.domain)
            isEmpty = false
        }
        guard !isEmpty else { return CompiledExpression(node: .constant(nil), type: .boolean) }
        let any = CompiledExpression(node: .member(value, members), type: .boolean)
        return isNegated ? CompiledExpression(node: .not(any), type: .boolean) : any
    }
}

extension CompiledExpression {
    /// Whether it is the constant null.
    var isNull: Bool { if case .constant(nil) = node { true } else { false } }
}

private enum ComparisonClass {
    case integer, decimal, bytes, boolean
}

extension DataType {
    fileprivate var comparisonClass: ComparisonClass {
        switch self {
        case .boolean: .boolean
        case .int32, .int64, .timestamp, .date: .integer
        case .float, .double: .decimal
        case .text, .string, .blob: .bytes
        }
    }
}
