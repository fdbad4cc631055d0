// SPDX-License-Identifier: Apache-2.0

extension Expression {
    /// The expression as a result header shows it (`iotdb-sql.md` section 4.1): binary operators with a blank on both
    /// sides, parentheses only where precedence needs them, function names as typed.
    var printed: String {
        switch kind {
        case .literal(let literal): literal.printed
        case .time: "Time"
        case .endTime: "__endTime"
        case .path(let path): path.text
        case .negation(let operand): "-" + operand.printed(inside: .unary)
        case .not(let operand): "!" + operand.printed(inside: .unary)
        case .binary(let sign, let left, let right): Self.printed(sign, left, right)
        case .logic(let sign, let operands):
            operands.map { $0.printed(inside: sign == .and ? .negation : .conjunction) }
                .joined(separator: " \(sign.rawValue == "AND" ? "&" : "|") ")
        case .function(let call): call.printed
        case .isNull(let operand, let isNegated):
            operand.printed(inside: .sum) + (isNegated ? " IS NOT NULL" : " IS NULL")
        case .between(let operand, let low, let high, let isNegated):
            operand.printed(inside: .sum) + (isNegated ? " NOT BETWEEN " : " BETWEEN ") + low.printed(inside: .sum)
                + " AND " + high.printed(inside: .sum)
        case .isIn(let operand, let list, let isNegated):
            operand.printed(inside: .sum) + (isNegated ? " NOT IN (" : " IN (")
                + list.map(\.printed).joined(separator: ",") + ")"
        case .like(let operand, let pattern, let isNegated):
            operand.printed(inside: .sum) + (isNegated ? " NOT LIKE '" : " LIKE '") + pattern + "'"
        case .matches(let operand, let pattern, let isNegated):
            operand.printed(inside: .sum) + (isNegated ? " NOT REGEXP '" : " REGEXP '") + pattern + "'"
        }
    }

    private static func printed(_ sign: BinaryOperator, _ left: Expression, _ right: Expression) -> String {
        let level = Precedence(sign)
        // Left-associative: an equal level needs parentheses on the right only.
        return left.printed(inside: level) + " \(sign.rawValue) " + right.printed(inside: level.next)
    }

    /// Printed as an operand that must bind at least as tightly as `level`.
    private func printed(inside level: Precedence) -> String {
        precedence < level ? "(" + printed + ")" : printed
    }

    private var precedence: Precedence {
        switch kind {
        case .literal, .time, .endTime, .path, .function: .primary
        case .negation, .not: .unary
        case .binary(let sign, _, _): Precedence(sign)
        case .logic(let sign, _): sign == .and ? .conjunction : .disjunction
        case .isNull, .between, .isIn, .like, .matches: .predicate
        }
    }
}

/// How tightly operators bind, loosest first.
private enum Precedence: Int, Comparable {
    case disjunction, conjunction, negation, predicate, sum, product, unary, primary

    init(_ sign: BinaryOperator) {
        switch sign {
        case .add, .subtract: self = .sum
        case .multiply, .divide, .remainder: self = .product
        default: self = .predicate
        }
    }

    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension FunctionCall {
    /// `name(argument, argument)`, the name as typed.
    var printed: String {
        let pairs = attributes.map { "\"\($0.key)\"=\"\($0.value)\"" }
        return name + "(" + (arguments.map(\.printed) + pairs).joined(separator: ", ") + ")"
    }
}
