// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A WHERE condition, parted: when (ranges that steer the reading) and what (to be evaluated row by row).
struct TimeCondition {
    var times = TimeRangeSet.all
    /// Conditions that all must hold; empty = none.
    var rest: [Expression] = []

    /// More ranges than this are not read one by one.
    static let rangesMax = 256

    init(_ condition: Expression?) throws(StatementError) {
        guard let condition else { return }
        var conjuncts = [condition]
        if case .logic(.and, let operands) = condition.kind { conjuncts = operands }
        for conjunct in conjuncts {
            if let set = try Self.ranges(conjunct), set.ranges.count <= Self.rangesMax {
                let common = times.intersection(set)
                if common.ranges.count <= Self.rangesMax {
                    times = common
                    continue
                }
            }
            rest.append(conjunct)
        }
    }

    /// The times that an expression allows which speaks of nothing but time; nil for any other.
    private static func ranges(_ expression: Expression) throws(StatementError) -> TimeRangeSet? {
        switch expression.kind {
        case .binary(let sign, let left, let right) where sign.isComparison:
            if left.kind == .time { return TimeRangeSet(sign, try time(right)) }
            if right.kind == .time { return TimeRangeSet(sign.mirrored, try time(left)) }
            return nil
        case .between(let operand, let low, let high, let isNegated) where operand.kind == .time:
            let set = TimeRangeSet(TimeRange(try time(low), try time(high)))
            return isNegated ? set.complement : set
        case .isIn(let operand, let list, let isNegated) where operand.kind == .time:
            var set = TimeRangeSet.none
            for literal in list {
                let time = try time(Expression(.literal(literal)))
                set = set.union(TimeRangeSet(TimeRange(time, time)))
                // Too many to be worth it; each union costs as much as the set is long.
                if set.ranges.count > rangesMax { return nil }
            }
            return isNegated ? set.complement : set
        case .not(let operand):
            return try ranges(operand)?.complement
        case .logic(let sign, let operands):
            var result: TimeRangeSet?
            for operand in operands {
                guard let set = try ranges(operand) else { return nil }
                result = result.map { sign == .and ? $0.intersection(set) : $0.union(set) } ?? set
                if let count = result?.ranges.count, count > rangesMax { return nil }
            }
            return result
        default:
            return nil
        }
    }

    private static func time(_ expression: Expression) throws(StatementError) -> Timestamp {
        switch expression.kind {
        case .literal(.integer(let value, _)), .literal(.timestamp(let value, _)): return value
        case .time, .path, .function, .endTime:
            throw .unsupported("comparing time with `\(expression.printed)`")
        default: throw .semantic("time is compared with a date-time or a whole number, not with \(expression.printed)")
        }
    }
}
