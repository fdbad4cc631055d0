// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import QueryEngine

@Suite struct ParserTests {
    @Test func allClausesOfSelect() throws {
        let select = try parseSelect(
            """
            SELECT count(s1) AS c, max_value(s2) FROM root.ln.*.d, root.x.** WHERE time > 1 AND s1 > 2.5
            GROUP BY ([0, 1970-01-02), 1h, 30m), LEVEL = 1, 2 HAVING c > 3 ORDER BY TIME DESC, s1 ASC NULLS LAST
            FILL(PREVIOUS, 1d) LIMIT 10 OFFSET 5 SLIMIT 2 SOFFSET 1 ALIGN BY DEVICE;
            """)
        #expect(select.items.map(\.alias) == ["c", nil])
        #expect(select.from.map(\.text) == ["root.ln.*.d", "root.x.**"])
        #expect(select.grouping?.windows?.range?.end == 86_400_000)
        #expect(select.grouping?.windows?.range?.closesRight == false)
        #expect(select.grouping?.windows?.step == TimeSpan(months: 0, units: 1_800_000))
        #expect(select.grouping?.levels == [1, 2])
        #expect(select.order.map(\.isDescending) == [true, false])
        #expect(select.order.last?.nullsFirst == false)
        #expect(select.fill == .previous(TimeSpan(months: 0, units: 86_400_000)))
        #expect(select.page == Page(limit: 10, offset: 5))
        #expect(select.seriesPage == Page(limit: 2, offset: 1))
        #expect(select.alignment == .device)
    }

    @Test func orderAndFillInEitherOrder() throws {
        #expect(try parseSelect("select s from root.a fill(linear) order by time desc").fill == .linear)
        #expect(try parseSelect("select s from root.a order by time fill(1.5)").order.count == 1)
    }

    @Test func leftOpenWindows() throws {
        let windows = try parseSelect("select count(s) from root.a group by ((1, 5], 2ms)").grouping?.windows
        #expect(windows?.range == SelectStatement.Windows.Range(start: 1, end: 5, closesRight: true))
        #expect(windows?.step == TimeSpan(months: 0, units: 2))
    }

    @Test func lastIsAKeywordOnlyInFrontOfAColumn() throws {
        #expect(try parseSelect("select last s from root.a").isLast)
        #expect(try parseSelect("select LAST * from root.a").isLast)
        #expect(try !parseSelect("select last from root.a").isLast)
        #expect(try !parseSelect("select last, s from root.a").isLast)
    }

    @Test(arguments: [
        ("show databases", ShowStatement.databases(PathText(nodes: ["root", "**"]), details: false)),
        ("show storage group root.a.*", .databases(PathText(nodes: ["root", "a", "*"]), details: false)),
        ("SHOW DATABASES DETAILS", .databases(PathText(nodes: ["root", "**"]), details: true)),
        (
            "show devices root.a.** with database limit 3",
            .devices(PathText(nodes: ["root", "a", "**"]), withDatabase: true, Page(limit: 3))
        ),
        ("show timeseries offset 2", .timeseries(PathText(nodes: ["root", "**"]), Page(offset: 2))),
        ("show child paths", .childPaths(PathText(nodes: ["root"]))),
        ("show child nodes root.a", .childNodes(PathText(nodes: ["root", "a"]))),
        ("show version", .version),
        ("show current_timestamp", .currentTimestamp),
    ])
    func shows(_ sql: String, _ statement: ShowStatement) throws {
        #expect(try parse(sql) == .show(statement))
    }

    @Test(arguments: [
        ("count databases", CountStatement.databases(PathText(nodes: ["root", "**"]))),
        ("count devices root.a.*", .devices(PathText(nodes: ["root", "a", "*"]))),
        ("count timeseries", .timeseries(PathText(nodes: ["root", "**"]), level: nil)),
        ("count timeseries group by level = 2", .timeseries(PathText(nodes: ["root", "**"]), level: 2)),
        ("count nodes root.** level=1", .nodes(PathText(nodes: ["root", "**"]), level: 1)),
    ])
    func counts(_ sql: String, _ statement: CountStatement) throws {
        #expect(try parse(sql) == .count(statement))
    }

    @Test(arguments: [
        ("create user alice 'secret'", UserStatement.create(user: "alice", password: "secret")),
        ("drop user `a b`", .drop(user: "a b")),
        ("alter user root set password 'x''y'", .setPassword(user: "root", password: "x'y")),
        (
            "grant read_data, write on root.a.**, root.b.c to user bob with grant option",
            .grant(
                ["READ_DATA", "WRITE"],
                on: [PathText(nodes: ["root", "a", "**"]), PathText(nodes: ["root", "b", "c"])],
                user: "bob", withGrantOption: true)
        ),
        ("revoke all on root.** from user bob", .revoke(["ALL"], on: [PathText(nodes: ["root", "**"])], user: "bob")),
        ("list user", .list),
        ("list privileges of user bob", .listPrivileges(user: "bob")),
    ])
    func users(_ sql: String, _ statement: UserStatement) throws {
        #expect(try parse(sql) == .users(statement))
    }

    @Test(arguments: ["flush", "FLUSH;", "flush root.a.b, root.c.d true", "flush on local", "flush true on cluster"])
    func flushes(_ sql: String) throws {
        #expect(try parse(sql) == .flush)
    }

    @Test func createsDatabases() throws {
        let database = Statement.createDatabase(PathText(nodes: ["root", "a"]), timeToLive: nil)
        #expect(try parse("create database root.a") == database)
        #expect(try parse("CREATE STORAGE GROUP root.a") == database)
        #expect(try parse("set storage group to root.a") == database)
        #expect(
            try parse("create database root.a with schema_replication_factor=1, TIME_PARTITION_INTERVAL=3") == database)
        #expect(
            try parse("create database root.a with data_replication_factor=1 ttl=3")
                == .createDatabase(PathText(nodes: ["root", "a"]), timeToLive: 3))
        #expect(parseError("create database root.a with ttl=0")?.code == 701)
        #expect(parseError("create database root.a with size=3")?.code == 700)
        #expect(parseError("create database root.*")?.code == 700)
    }

    @Test func inserts() throws {
        let sql = "insert into root.a.d(timestamp, s1, `s 2`) aligned values (1, 1.5, 'x'), (2, null, true)"
        guard case .insert(let insert) = try parse(sql) else {
            Issue.record("not an INSERT")
            return
        }
        #expect(insert.device.text == "root.a.d")
        #expect(insert.measurements == ["s1", "`s 2`"])
        #expect(insert.isAligned)
        #expect(insert.rows.map(\.time) == [1, 2])
        #expect(insert.rows.map(\.values) == [[.decimal(1.5, text: "1.5"), .string("x")], [.null, .boolean(true)]])
        #expect(parseError("insert into root.a.d(time, s) values (1, 2, 3)")?.code == 701)
        #expect(parseError("insert into root.a.d(s) values (1), (2)")?.code == 701)
    }

    @Test(arguments: [
        "list role", "kill query 'x'", "clear cache", "alter timeseries root.a.s add tags k=v",
        "explain select s from root.a",
    ])
    func recognisedButNotBuilt(_ sql: String) throws {
        guard case .unsupported = try parse(sql) else {
            Issue.record("\(sql) is not recognised")
            return
        }
    }

    @Test(arguments: [
        ("", "line 1:0 mismatched input '<EOF>' expecting a statement"),
        ("selec", "line 1:0 mismatched input 'selec' expecting a statement such as SELECT or SHOW"),
        ("select from root.a", "line 1:7 mismatched input 'from' expecting an expression"),
        ("select s", "line 1:8 mismatched input '<EOF>' expecting FROM"),
        ("select s\nfrom sg.d", "line 2:5 mismatched input 'sg' expecting a path that begins with root"),
        ("select s from root.a where", "line 1:26 mismatched input '<EOF>' expecting an expression"),
        ("select s from root.a limit x", "line 1:27 mismatched input 'x' expecting a number of rows"),
        ("select s from root.a limit 1 limit 2", "line 1:29 LIMIT occurs twice"),
        ("select s from root.a; select", "line 1:22 mismatched input 'select' expecting the end of the statement"),
        ("select s from root.1", "line 1:19 `1` reads as a number"),
        ("select s from root.time", "line 1:19 `time` is a reserved word"),
        ("select s from root..a", "line 1:19 mismatched input '.' expecting a path node"),
        ("select (s from root.a", "line 1:10 mismatched input 'from' expecting ')'"),
        ("show", "line 1:4 mismatched input '<EOF>' expecting what to show"),
        ("grant read on root.a to bob", "line 1:24 mismatched input 'bob' expecting USER"),
        ("select s - 1d from root.a", "line 1:9 a duration can only be added to a date-time or now()"),
    ])
    func errorsNameThePlace(_ sql: String, _ message: String) {
        let error = parseError(sql)
        #expect(error?.code == 700)
        let expected = "Error occurred while parsing SQL to physical plan: " + message
        #expect(error?.message.hasPrefix(expected) == true, "\(error?.message ?? "no error")")
    }

    @Test(arguments: [
        "select s from root.a where time > 2024-13-01",
        "select count(s) from root.a group by ([0, 1), 1us)", "select s from root.a limit 99999999999999999999",
        "select s from root.a fill(linear, 1d)", "select s from root.a where s > 1e999",
        "select s from root.a where time > now() + 99999999999999999999d",
        "select s from root.a where time > now() + 999999999999999999mo",
    ])
    func valuesWithoutSense(_ sql: String) {
        #expect(parseError(sql)?.code == 701)
    }
}
