// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Parser {
    /// After DELETE.
    mutating func delete() throws(StatementError) -> Statement {
        guard accept("FROM") else { return .drop(try drop()) }
        var statement = DeleteStatement(patterns: try patterns())
        if accept("WHERE") { statement.range = try Self.deletedTimes(try expression()) }
        return .delete(statement)
    }

    /// After DELETE or DROP.
    mutating func drop() throws(StatementError) -> DropStatement {
        if accept("TIMESERIES") { return .series(try patterns()) }
        guard accept("DATABASE") || accept("STORAGE", "GROUP") else {
            throw unexpected(expecting: "FROM, TIMESERIES, DATABASE or USER")
        }
        return .databases(try patterns())
    }

    /// After SET TTL.
    mutating func setTimeToLive() throws(StatementError) -> TimeToLiveStatement {
        try expect("TO")
        let pattern = try livingPattern()
        // INF is a rule of its own: longer than any time, it wins over the rules above it.
        return TimeToLiveStatement(pattern: pattern, milliseconds: accept("INF") ? .max : try milliseconds())
    }

    /// After UNSET.
    mutating func unsetTimeToLive() throws(StatementError) -> TimeToLiveStatement {
        try expect("TTL")
        guard accept("FROM") || accept("TO") else { throw unexpected(expecting: "FROM or TO") }
        return TimeToLiveStatement(pattern: try livingPattern(), milliseconds: nil)
    }

    /// A time to live: milliseconds, at least one.
    mutating func milliseconds() throws(StatementError) -> Int64 {
        let milliseconds = Int64(try count("a time to live in milliseconds"))
        guard milliseconds > 0 else { throw .semantic("a time to live is at least 1 ms; INF is for ever") }
        return milliseconds
    }

    /// A device, a database or `….**`.
    private mutating func livingPattern() throws(StatementError) -> PathText {
        let pattern = try pattern()
        let above = PathText(nodes: pattern.nodes.last == "**" ? Array(pattern.nodes.dropLast()) : pattern.nodes)
        guard !above.hasWildcard, pattern.nodes.count > 1 else {
            throw .semantic(
                "a time to live is set on a device, a database, or everything below a path (root.a.**), not on "
                    + pattern.text)
        }
        return pattern
    }

    private mutating func patterns() throws(StatementError) -> [PathText] {
        try list { (parser) throws(StatementError) in try parser.pattern() }
    }

    /// The times that AND-ed comparisons of time allow; 701 for any other condition.
    private static func deletedTimes(_ condition: Expression) throws(StatementError) -> TimeRange {
        var atoms = [condition]
        if case .logic(.and, let operands) = condition.kind { atoms = operands }
        var range = TimeRange.all
        for atom in atoms {
            if case .logic(.and, _) = atom.kind {
                range = range.intersection(try deletedTimes(atom))
                continue
            }
            guard case .binary(let sign, let left, let right) = atom.kind, sign.isComparison, sign != .notEqual,
                left.kind == .time || right.kind == .time
            else { throw .semantic("DELETE takes comparisons of time joined by AND, not `\(atom.printed)`") }
            let allowed = try TimeCondition(atom)
            guard allowed.rest.isEmpty else {
                throw .semantic("DELETE compares time with a date-time or a whole number, not `\(atom.printed)`")
            }
            range = range.intersection(allowed.times.hull ?? TimeRange(1, 0))
        }
        return range.isEmpty ? TimeRange(1, 0) : range
    }
}

extension Parser {
    /// After LOAD.
    mutating func load() throws(StatementError) -> LoadStatement {
        var statement = LoadStatement(path: try string("a path in quotes"))
        guard accept("WITH") else { return statement }
        try expect(symbol: "(")
        repeat {
            let key = try string("a key in quotes").lowercased()
            try expect(symbol: "=")
            try Self.take(key, try string("a value in quotes").lowercased(), &statement)
        } while accept(symbol: ",")
        try expect(symbol: ")")
        return statement
    }

    /// A property of LOAD. What would change what happens, and is not built, is refused.
    private static func take(
        _ key: String, _ value: String, _ statement: inout LoadStatement
    ) throws(StatementError) {
        switch (key, value) {
        case ("convert-on-type-mismatch", "true"): statement.convertsTypes = true
        case ("convert-on-type-mismatch", "false"): statement.convertsTypes = false
        case ("verify", "true"), ("async", "false"), ("on-success", "none"): return
        case ("tablet-conversion-threshold", _): return
        case ("convert-on-type-mismatch", _), ("verify", _), ("async", _), ("on-success", _), ("database-level", _):
            throw .unsupported("LOAD with '\(key)'='\(value.prefix(64))'")
        default: throw .semantic("`\(key.prefix(64))` is no property of LOAD")
        }
    }
}
