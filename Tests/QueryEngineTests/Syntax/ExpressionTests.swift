// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import QueryEngine

@Suite struct ExpressionTests {
    @Test(arguments: [
        ("s1+1", "s1 + 1"),
        ("s1*s2", "s1 * s2"),
        ("s1 * s2", "s1 * s2"),
        ("s1*2", "s1 * 2"),
        ("s1*-2", "s1 * -2"),
        ("s1* - 2", "s1* - 2"),
        ("s1*", "s1*"),
        ("*s1", "*s1"),
        ("*s1*", "*s1*"),
        ("*", "*"),
        ("**", "**"),
        ("d.*.s", "d.*.s"),
        ("d*.s1*", "d*.s1*"),
        ("COUNT( s1 )", "COUNT(s1)"),
        ("f(a,b , 'k'='v')", "f(a, b, \"k\"=\"v\")"),
        ("count_time(*)", "count_time(*)"),
        ("(a+b)*c", "(a + b) * c"),
        ("a+b*c", "a + b * c"),
        ("(a*b)+c", "a * b + c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("-a", "-a"),
        ("-(a+b)", "-(a + b)"),
        ("a - -1", "a - -1"),
        ("+a", "a"),
        ("1.50", "1.50"),
        ("'x'", "\"x\""),
        ("a = 'x'", "a = \"x\""),
        ("a <> 1", "a != 1"),
        ("a == 1", "a = 1"),
        ("`a b`", "`a b`"),
        ("`ab`", "ab"),
        ("`1`", "`1`"),
        ("1d", "1d"),
        ("root.a.1d", "root.a.1d"),
        ("ROOT.a.b", "root.a.b"),
        ("a is not null", "a IS NOT NULL"),
        ("a in (1, 'x')", "a IN (1,\"x\")"),
        ("a not between 1 and 2", "a NOT BETWEEN 1 AND 2"),
        ("a like 'x%'", "a LIKE 'x%'"),
        ("NaN", "NaN"),
        ("X'0A'", "X'0a'"),
    ])
    func printing(_ typed: String, _ shown: String) throws {
        #expect(try printed(typed) == shown)
    }

    @Test func andBindsTighterThanOr() throws {
        let condition = try parseSelect("select s from root.a where a=1 or b=2 and not c=3 || d=4 && e=5").condition
        guard case .logic(.or, let operands) = condition?.kind else {
            Issue.record("not an OR: \(String(describing: condition))")
            return
        }
        #expect(operands.map(\.printed) == ["a = 1", "b = 2 & !(c = 3)", "d = 4 & e = 5"])
    }

    @Test(
        arguments: [
            ("time > 5", 5), ("time > -5", -5), ("time > now()", 1_000), ("time > now() - 1s", 0),
            ("time > now() - 1s + 5ms", 5), ("time > 1970-01-01T00:00:01", 1_000),
            ("time > 1970-01-01T08:00:01+08:00", 1_000), ("time > 1970-01-31 + 1mo", 58 * 86_400_000),
            ("time > 1970.1.2", 86_400_000),
        ] as [(String, Int64)])
    func times(_ condition: String, _ time: Int64) throws {
        let parsed = try parseSelect("select s from root.a where \(condition)").condition
        guard case .binary(.greater, let left, let right) = parsed?.kind, left.kind == .time,
            case .literal(let literal) = right.kind
        else {
            Issue.record("\(String(describing: parsed))")
            return
        }
        switch literal {
        case .integer(let value, _), .timestamp(let value, _): #expect(value == time)
        default: Issue.record("\(literal)")
        }
    }

    @Test func theZoneOfTheSessionHolds() throws {
        let sql = "select s from root.a where time = 1970-01-01T01:00:00"
        let east = try parse(sql, zone: FixedZone(seconds: 3_600))
        #expect(
            east == .select(try parseSelect("select s from root.a where time = 1970-01-01T01:00:00").replacingTime(0)))
        #expect(parseErrorCode { _ = try parse(sql, zone: nil) } == 701)
        #expect(throws: Never.self) { try parse(sql + "Z", zone: nil) }
    }

    @Test func nestingIsBounded() throws {
        let deep = { (count: Int) in String(repeating: "(", count: count) + "s" + String(repeating: ")", count: count) }
        #expect(throws: Never.self) { try printed(deep(Parser.nestingMax)) }
        #expect(parseError("select \(deep(Parser.nestingMax + 1)) from root.a")?.code == 700)
        let minuses = { (count: Int) in String(repeating: "- ", count: count) + "s" }
        #expect(parseError("select \(minuses(100_000)) from root.a")?.code == 700)
        let sum = { (count: Int) in (0..<count).map { "s\($0)" }.joined(separator: "+") }
        #expect(throws: Never.self) { try printed(sum(Expression.depthMax)) }
        #expect(parseError("select \(sum(Expression.depthMax + 1)) from root.a")?.code == 700)
        // AND and OR are lists, so thousands of conditions are no depth.
        let conditions = (0..<5_000).map { "s\($0) > 1" }.joined(separator: " and ")
        #expect(throws: Never.self) { try parse("select s from root.a where \(conditions)") }
    }

    @Test func statementLengthIsBounded() {
        let sql = "select s from root.a"
        let times = TimeContext(precision: .milliseconds, zone: nil, zoneID: "x", now: 0)
        #expect(throws: Never.self) { try Parser.parse(sql, times: times, statementBytesMax: sql.utf8.count) }
        #expect(
            parseErrorCode { _ = try Parser.parse(sql, times: times, statementBytesMax: sql.utf8.count - 1) } == 700)
    }
}

/// The code of the statement error that the body throws.
func parseErrorCode(_ body: () throws -> Void) -> Int? {
    do {
        try body()
        return nil
    } catch {
        return (error as? StatementError)?.code
    }
}

extension SelectStatement {
    /// The same statement with another time on the right of its comparison.
    func replacingTime(_ time: Int64) -> SelectStatement {
        var copy = self
        if case .binary(let sign, let left, let right) = condition?.kind,
            case .literal(.timestamp(_, let text)) = right.kind
        {
            copy.condition = Expression(.binary(sign, left, Expression(.literal(.timestamp(time, text: text)))))
        }
        return copy
    }
}
