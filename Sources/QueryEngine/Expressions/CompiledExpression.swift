// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// An expression whose names and types are settled, ready to run over blocks of rows.
struct CompiledExpression: Sendable {
    indirect enum Node: Sendable {
        /// Nil = null.
        case constant(Value?)
        /// Column of the block.
        case input(Int)
        case time
        case arithmetic(BinaryOperator, CompiledExpression, CompiledExpression)
        case negation(CompiledExpression)
        case comparison(BinaryOperator, CompiledExpression, CompiledExpression, Domain)
        /// The operand against several others, each comparison a truth value of its own, joined by the operator. A node of
        /// its own because the operand must be evaluated once: nested it would double at every level.
        case comparisons(CompiledExpression, [Comparison], LogicOperator, isStrict: Bool)
        case logic(LogicOperator, [CompiledExpression], isStrict: Bool)
        case not(CompiledExpression)
        case isNull(CompiledExpression, isNegated: Bool)
        case like(CompiledExpression, LikePattern)
        case member(CompiledExpression, MemberSet)
    }

    /// What two values are compared as.
    enum Domain: Sendable {
        /// 64-bit integers; booleans, times and days among them.
        case integer
        case double
        case bytes
    }

    /// One of several comparisons of the same operand.
    struct Comparison: Sendable {
        var sign: BinaryOperator
        var other: CompiledExpression
        var domain: Domain
    }

    var node: Node
    /// The type of the result; for null that of its use.
    var type: DataType
}

extension CompiledExpression {
    /// The value of every row.
    func evaluate(_ block: borrowing RowBlock) -> CellColumn {
        switch node {
        case .constant(let value):
            guard let value else { return CellColumn(nulls: block.rowCount, type: type) }
            return CellColumn(repeating: value, count: block.rowCount)
        case .input(let index):
            return block.columns[index]
        case .time:
            var column = CellColumn(.timestamp)
            column.bits = block.times.map { UInt64(bitPattern: $0) }
            column.presence = Presence(repeating: true, count: block.rowCount)
            return column
        case .arithmetic(let sign, let left, let right):
            return Self.arithmetic(sign, left.evaluate(block), right.evaluate(block))
        case .negation(let operand):
            return Self.negated(operand.evaluate(block))
        case .comparison(let sign, let left, let right, let domain):
            return Self.compared(sign, left.evaluate(block), right.evaluate(block), domain)
        case .comparisons(let operand, let list, let sign, let isStrict):
            let column = operand.evaluate(block)
            var truth = Truth(sign, count: block.rowCount)
            for item in list {
                truth.join(Self.compared(item.sign, column, item.other.evaluate(block), item.domain))
            }
            return truth.column(isStrict: isStrict)
        case .logic(let sign, let operands, let isStrict):
            var truth = Truth(sign, count: block.rowCount)
            for operand in operands { truth.join(operand.evaluate(block)) }
            return truth.column(isStrict: isStrict)
        case .not(let operand):
            var column = operand.evaluate(block)
            for row in column.bits.indices where column.presence[row] { column.bits[row] ^= 1 }
            return column
        case .isNull(let operand, let isNegated):
            let presence = operand.evaluate(block).presence
            return Self.booleans(
                isNegated ? presence : presence.inverted, Presence(repeating: true, count: block.rowCount))
        case .like(let operand, let pattern):
            return Self.matched(operand.evaluate(block), pattern)
        case .member(let operand, let members):
            return members.membership(of: operand.evaluate(block))
        }
    }

    /// The rows for which a condition is true; null is not.
    func rows(of block: borrowing RowBlock) -> [Int] {
        let column = evaluate(block)
        return (0..<block.rowCount).filter { column.presence[$0] && column.bits[$0] != 0 }
    }

    private static func booleans(_ truth: Presence, _ presence: Presence) -> CellColumn {
        var column = CellColumn(.boolean)
        column.bits = (0..<truth.count).map { truth[$0] ? 1 : 0 }
        column.presence = presence
        return column
    }

    private static func arithmetic(_ sign: BinaryOperator, _ left: CellColumn, _ right: CellColumn) -> CellColumn {
        var result = CellColumn(nulls: left.count, type: .double)
        result.presence = left.presence.intersection(right.presence)
        for row in 0..<left.count where result.presence[row] {
            let (a, b) = (left.double(at: row), right.double(at: row))
            let value: Double
            switch sign {
            case .add: value = a + b
            case .subtract: value = a - b
            case .multiply: value = a * b
            case .divide: value = a / b
            default: value = a.truncatingRemainder(dividingBy: b)
            }
            result.bits[row] = value.bitPattern
        }
        return result
    }

    /// Integers wrap, as Java's do.
    private static func negated(_ operand: CellColumn) -> CellColumn {
        var result = operand
        for row in 0..<result.count where result.presence[row] {
            switch result.type {
            case .double: result.bits[row] ^= 1 << 63
            case .float: result.bits[row] ^= 1 << 31
            case .int32:
                let value = 0 &- Int32(truncatingIfNeeded: result.bits[row])
                result.bits[row] = UInt64(bitPattern: Int64(value))
            default: result.bits[row] = 0 &- result.bits[row]
            }
        }
        return result
    }

    private static func compared(
        _ sign: BinaryOperator, _ left: CellColumn, _ right: CellColumn, _ domain: Domain
    ) -> CellColumn {
        var result = CellColumn(nulls: left.count, type: .boolean)
        result.presence = left.presence.intersection(right.presence)
        for row in 0..<left.count where result.presence[row] {
            let isTrue: Bool
            switch domain {
            case .integer: isTrue = holds(sign, left.integer(at: row), right.integer(at: row))
            case .double: isTrue = holds(sign, left.double(at: row), right.double(at: row))
            case .bytes:
                let (a, b) = (left.text(at: row), right.text(at: row))
                isTrue =
                    sign == .equal || sign == .notEqual
                    ? a.elementsEqual(b) == (sign == .equal) : holds(sign, order(a, b), 0)
            }
            result.bits[row] = isTrue ? 1 : 0
        }
        return result
    }

    private static func order(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        left.elementsEqual(right) ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    }

    private static func holds<Operand: Comparable>(_ sign: BinaryOperator, _ left: Operand, _ right: Operand) -> Bool {
        switch sign {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        default: left >= right
        }
    }

    private static func matched(_ operand: CellColumn, _ pattern: LikePattern) -> CellColumn {
        var result = CellColumn(nulls: operand.count, type: .boolean)
        result.presence = operand.presence
        for row in 0..<operand.count where operand.presence[row] && pattern.matches(operand.text(at: row)) {
            result.bits[row] = 1
        }
        return result
    }
}

extension CellColumn {
    /// Row `row` of a numeric column.
    @inline(__always)
    func double(at row: Int) -> Double {
        switch type {
        case .double: Double(bitPattern: bits[row])
        case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits[row])))
        default: Double(Int64(bitPattern: bits[row]))
        }
    }

    /// Row `row` of a column of integers, booleans, times or days.
    @inline(__always)
    func integer(at row: Int) -> Int64 { Int64(bitPattern: bits[row]) }
}
