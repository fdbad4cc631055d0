// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Replaces the paths of expressions by the series that they stand for (`iotdb-sql.md` section 4.1).
struct PathExpander {
    /// What an expanded expression costs, for the memory of the query.
    private static let expressionBytes = 512

    private let context: StatementContext
    private let memory: QueryMemory
    private let from: [PathText]
    private var found: [PathText: [PathText]] = [:]
    /// The series of every path that an expansion gave.
    private(set) var series: [PathText: SeriesEntry] = [:]

    init(_ context: StatementContext, from: [PathText], memory: QueryMemory) {
        self.context = context
        self.from = from
        self.memory = memory
    }

    /// One expression for every combination of series; by operand, then by FROM pattern, then by path. Paths without a
    /// series make none.
    mutating func expand(_ expression: Expression) throws(StatementError) -> [Expression] {
        try expand(expression, missing: nil)
    }

    /// As ``expand(_:)``, but a path without a series is null: what a condition makes of it.
    mutating func expandCondition(_ expression: Expression) throws(StatementError) -> [Expression] {
        try expand(expression, missing: Expression(.literal(.null)))
    }

    private mutating func expand(
        _ expression: Expression, missing: Expression?
    ) throws(StatementError) -> [Expression] {
        if case .path(let path) = expression.kind {
            let paths = try paths(of: path)
            if paths.isEmpty, let missing { return [missing] }
            try memory.charge(paths.count * Self.expressionBytes)
            return paths.map { Expression(.path($0)) }
        }
        let children = expression.children
        guard !children.isEmpty else { return [expression] }
        var combinations: [[Expression]] = [[]]
        for child in children {
            let variants = try expand(child, missing: missing)
            if variants.count == 1 {
                // In place, because a condition may have thousands of operands.
                for index in combinations.indices { combinations[index].append(variants[0]) }
                continue
            }
            let (count, overflowed) = combinations.count.multipliedReportingOverflow(by: variants.count)
            guard !overflowed, count <= memory.limit / Self.expressionBytes else {
                throw .outOfMemory(limit: memory.limit)
            }
            try memory.charge(count * Self.expressionBytes)
            combinations = combinations.flatMap { head in variants.map { head + [$0] } }
        }
        return combinations.map { expression.replacingChildren(with: $0) }
    }

    /// The readable series of a path, under every FROM pattern if it is relative.
    private mutating func paths(of path: PathText) throws(StatementError) -> [PathText] {
        if let known = found[path] { return known }
        var paths: [PathText] = []
        let full = path.isAbsolute ? [path.nodes] : from.map { $0.nodes + path.nodes }
        for nodes in full {
            guard nodes.count <= PathLimits.nodesMax else {
                throw .semantic("a path has at most \(PathLimits.nodesMax) nodes")
            }
            for entry in context.schema.series(matching: PathPattern(nodes: nodes)) where context.mayRead(entry) {
                let path = PathText(nodes: entry.nodes)
                series[path] = entry
                paths.append(path)
            }
        }
        try memory.charge(paths.count * Self.expressionBytes)
        found[path] = paths
        return paths
    }
}

extension Expression {
    /// The same with other operands, as many.
    func replacingChildren(with children: [Expression]) -> Expression {
        switch kind {
        case .literal, .time, .endTime, .path: self
        case .negation: Expression(.negation(children[0]))
        case .not: Expression(.not(children[0]))
        case .binary(let sign, _, _): Expression(.binary(sign, children[0], children[1]))
        case .logic(let sign, _): Expression(.logic(sign, children))
        case .function(var call):
            Self.function(&call, children)
        case .isNull(_, let isNegated): Expression(.isNull(children[0], isNegated: isNegated))
        case .between(_, _, _, let isNegated):
            Expression(.between(children[0], low: children[1], high: children[2], isNegated: isNegated))
        case .isIn(_, let list, let isNegated): Expression(.isIn(children[0], list, isNegated: isNegated))
        case .like(_, let pattern, let isNegated):
            Expression(.like(children[0], pattern: pattern, isNegated: isNegated))
        case .matches(_, let pattern, let isNegated):
            Expression(.matches(children[0], pattern: pattern, isNegated: isNegated))
        }
    }

    private static func function(_ call: inout FunctionCall, _ arguments: [Expression]) -> Expression {
        call.arguments = arguments
        return Expression(.function(call))
    }

    /// Whether any part of the expression satisfies the test.
    func contains(_ test: (Expression) -> Bool) -> Bool { test(self) || children.contains { $0.contains(test) } }
}
