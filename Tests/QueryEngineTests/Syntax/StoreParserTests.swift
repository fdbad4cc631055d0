// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import QueryEngine

/// DELETE, DROP, TTL, LOAD.
@Suite struct StoreParserTests {
    private func deletion(_ sql: String) throws -> DeleteStatement {
        guard case .delete(let statement) = try parse(sql) else {
            throw StatementError(code: 0, message: "not a DELETE")
        }
        return statement
    }

    @Test func patternsOfDeletion() throws {
        #expect(
            try deletion("delete from root.a.*, root.b.c.s")
                == DeleteStatement(
                    patterns: [PathText(nodes: ["root", "a", "*"]), PathText(nodes: ["root", "b", "c", "s"])]))
    }

    @Test(arguments: [
        ("time = 5", TimeRange(5, 5)), ("time < 5", TimeRange(.min, 4)), ("time <= 5", TimeRange(.min, 5)),
        ("time > 5", TimeRange(6, .max)), ("timestamp >= 5", TimeRange(5, .max)), ("5 < time", TimeRange(6, .max)),
        ("time >= 10 and time <= 20", TimeRange(10, 20)), ("time > 1970-01-02", TimeRange(86_400_001, .max)),
        ("time < now() - 1ms", TimeRange(.min, 998)), ("(time > 1 and time < 9) and time < 5", TimeRange(2, 4)),
        ("time > 5 and time < 5", TimeRange(1, 0)), ("time > 9223372036854775807", TimeRange(1, 0)),
        ("time < -9223372036854775808", TimeRange(1, 0)),
    ])
    func timesOfDeletion(_ condition: String, _ range: TimeRange) throws {
        #expect(try deletion("delete from root.a.s where \(condition)").range == range)
    }

    @Test(arguments: [
        "time = 1 or time = 3", "s > 1", "time > 1 and s = 2", "time != 3", "not time < 3", "time in (1, 2)",
        "time between 1 and 3", "time > 'x'", "time = 1.5", "true", "time + 1 > 3",
    ])
    func otherConditions(_ condition: String) {
        #expect(parseError("delete from root.a.s where \(condition)")?.code == 701, "\(condition)")
    }

    @Test func drops() throws {
        let series = Statement.drop(
            .series([PathText(nodes: ["root", "a", "**"]), PathText(nodes: ["root", "b", "s"])]))
        #expect(try parse("delete timeseries root.a.**, root.b.s") == series)
        #expect(try parse("DROP TIMESERIES root.a.**, root.b.s;") == series)
        let databases = Statement.drop(.databases([PathText(nodes: ["root", "a"]), PathText(nodes: ["root", "*"])]))
        for sql in [
            "delete database root.a, root.*", "drop database root.a, root.*", "delete storage group root.a, root.*",
            "drop storage group root.a, root.*",
        ] {
            #expect(try parse(sql) == databases)
        }
        #expect(try parse("drop user bob") == .users(.drop(user: "bob")))
        #expect(parseError("delete root.a")?.code == 700)
        #expect(parseError("drop timeseries")?.code == 700)
    }

    @Test(
        arguments: [
            ("set ttl to root.a.b 3600000", ["root", "a", "b"], 3_600_000),
            ("set ttl to root.a.** INF", ["root", "a", "**"], .max),
            ("SET TTL TO root.** 1;", ["root", "**"], 1), ("unset ttl from root.a", ["root", "a"], nil),
            ("unset ttl to root.a.**", ["root", "a", "**"], nil),
        ] as [(String, [String], Int64?)])
    func timesToLive(_ sql: String, _ nodes: [String], _ milliseconds: Int64?) throws {
        let statement = TimeToLiveStatement(pattern: PathText(nodes: nodes), milliseconds: milliseconds)
        #expect(try parse(sql) == .timeToLive(statement))
    }

    @Test(arguments: [
        ("set ttl to root.a 0", 701), ("set ttl to root.a -1", 700), ("set ttl to root.*.b 5", 701),
        ("set ttl to root.a* 5", 701), ("set ttl to root.**.b 5", 701), ("set ttl to root 5", 701),
        ("set ttl to root.a", 700), ("set ttl root.a 5", 700), ("set ttl to root.a 99999999999999999999", 701),
        ("unset ttl root.a", 700),
    ])
    func wrongTimesToLive(_ sql: String, _ code: Int) {
        #expect(parseError(sql)?.code == code, "\(sql)")
    }

    @Test func showsTimesToLive() throws {
        #expect(try parse("show all ttl") == .show(.timesToLive(nil)))
        #expect(
            try parse("show ttl on root.a, root.b.**")
                == .show(.timesToLive([PathText(nodes: ["root", "a"]), PathText(nodes: ["root", "b", "**"])])))
    }

    @Test func loads() throws {
        #expect(try parse("load '/a/b.tsfile'") == .load(LoadStatement(path: "/a/b.tsfile")))
        #expect(
            try parse("LOAD \"/a\" WITH ('convert-on-type-mismatch'='false', 'verify'='true', 'on-success'='none')")
                == .load(LoadStatement(path: "/a", convertsTypes: false)))
        for (sql, code) in [
            ("load /a", 700), ("load '/a' with ('on-success'='delete')", 300), ("load '/a' with ('async'='true')", 300),
            ("load '/a' with ('database-level'='3')", 300), ("load '/a' with ('speed'='high')", 701),
            ("load '/a' with ()", 700),
        ] {
            #expect(parseError(sql)?.code == code, "\(sql)")
        }
    }
}
