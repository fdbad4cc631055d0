// SPDX-License-Identifier: Apache-2.0

/// An expression of the select list, WHERE, HAVING or ORDER BY.
struct Expression: Hashable, Sendable {
    /// Deepest nesting that the parser builds, so that no later recursion can exhaust a stack.
    static let depthMax = 128

    indirect enum Kind: Hashable, Sendable {
        case literal(Literal)
        /// TIME, TIMESTAMP.
        case time
        /// `__endTime`.
        case endTime
        case path(PathText)
        case negation(Expression)
        case not(Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// Two or more operands joined by AND or OR.
        case logic(LogicOperator, [Expression])
        case function(FunctionCall)
        case isNull(Expression, isNegated: Bool)
        case between(Expression, low: Expression, high: Expression, isNegated: Bool)
        case isIn(Expression, [Literal], isNegated: Bool)
        /// LIKE.
        case like(Expression, pattern: String, isNegated: Bool)
        /// REGEXP.
        case matches(Expression, pattern: String, isNegated: Bool)
    }

    var kind: Kind
    /// Levels of the tree, 1 for a leaf.
    var depth: Int

    init(_ kind: Kind) {
        self.kind = kind
        depth = 1 + (Self.children(of: kind).map(\.depth).max() ?? 0)
    }

    /// The operands, in order.
    var children: [Expression] { Self.children(of: kind) }

    private static func children(of kind: Kind) -> [Expression] {
        switch kind {
        case .literal, .time, .endTime, .path: []
        case .negation(let operand), .not(let operand): [operand]
        case .binary(_, let left, let right): [left, right]
        case .logic(_, let operands): operands
        case .function(let call): call.arguments
        case .isNull(let operand, _), .isIn(let operand, _, _), .like(let operand, _, _), .matches(let operand, _, _):
            [operand]
        case .between(let operand, let low, let high, _): [operand, low, high]
        }
    }
}

/// A function as written.
struct FunctionCall: Hashable, Sendable {
    /// As typed.
    var name: String
    var arguments: [Expression]
    /// `'key'='value'` pairs behind the arguments.
    var attributes: [Attribute] = []

    struct Attribute: Hashable, Sendable {
        var key: String
        var value: String
    }
}

/// A path as written: absolute (`root.…`) or relative to FROM.
struct PathText: Equatable, Sendable, Hashable {
    /// Canonical nodes; patterns keep their `*`.
    var nodes: [String]

    var isAbsolute: Bool { nodes.first == "root" }
    var text: String { nodes.joined(separator: ".") }
    /// Whether a node is a pattern.
    var hasWildcard: Bool {
        nodes.contains { $0.utf8.first != UInt8(ascii: "`") && $0.utf8.contains(UInt8(ascii: "*")) }
    }
}

enum LogicOperator: String, Sendable {
    case and = "AND"
    case or = "OR"
}

/// Comparison and arithmetic; the raw value is how it is printed.
enum BinaryOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The operator of a comparison symbol, aliases included; nil for any other text.
    init?(comparison text: String) {
        switch text {
        case "=", "==": self = .equal
        case "!=", "<>": self = .notEqual
        case "<": self = .less
        case "<=": self = .lessOrEqual
        case ">": self = .greater
        case ">=": self = .greaterOrEqual
        default: return nil
        }
    }

    var isComparison: Bool {
        switch self {
        case .add, .subtract, .multiply, .divide, .remainder: false
        default: true
        }
    }

    /// The operator with its operands exchanged; comparisons only.
    var mirrored: BinaryOperator {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: self
        }
    }
}
