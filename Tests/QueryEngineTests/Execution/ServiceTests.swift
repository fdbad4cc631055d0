// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import QueryEngine

/// Threads, sessions, zones.
@Suite struct ServiceTests {
    @Test func aClosedServiceRefuses() async throws {
        let world = try QueryWorld()
        let session = try world.session()
        world.query.close()
        let error = await #expect(throws: StatementError.self) { try await session.execute("show version") }
        #expect(error?.code == 301)
        try world.close()
    }

    @Test func manyStatementsAtOnce() async throws {
        let world = try QueryWorld()
        try await world.run("insert into root.s.d(time, v) values (1, 1)")
        let session = try world.session()
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask { try await RenderedResult(of: "select v from root.s.d", in: session).rows.count }
            }
            return try await group.reduce(0, +)
        }
        #expect(counts == 64)
        try world.close()
    }

    @Test(arguments: [
        ("select s from root.a", StatementPlace.reading), ("show databases", .reading), ("list user", .reading),
        ("insert into root.a.d(time, s) values (1, 1)", .storing), ("delete from root.a.s", .storing),
        ("drop database root.a", .storing), ("create timeseries root.a.d.s INT32", .storing),
        ("set ttl to root.a 5", .storing), ("create database root.a", .storing), ("flush", .lasting),
        ("load '/a'", .lasting), ("backup to '/a'", .lasting),
    ])
    func whatWaitsForStorageDoesNotHoldReadingThreads(_ sql: String, _ place: StatementPlace) throws {
        #expect(try parse(sql).place == place)
    }

    @Test func theQueueIsBounded() async throws {
        let threads = QueryThreads(count: 1, queueMax: 1)
        let gate = Semaphore(), started = Semaphore()
        let first = Task {
            try await threads.run { () throws(StatementError) in
                started.signal()
                gate.wait()
            }
        }
        // On another thread of ours, because Swift's pool must not be blocked.
        let helper = QueryThreads(count: 1, queueMax: 1)
        try await helper.run { () throws(StatementError) in started.wait() }
        helper.close()
        // The thread is busy: one may wait, the others are refused.
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do throws(StatementError) {
                        try await threads.run { () throws(StatementError) in }
                        return true
                    } catch {
                        gate.signal()
                        return false
                    }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        try await first.value
        #expect(outcomes.filter { $0 }.count <= 2 && outcomes.contains(false))
        threads.close()
    }

    @Test func zones() async throws {
        struct Shifting: ZoneRules {
            // An hour east until 1970-01-10, two from then on.
            func offsetSeconds(atLocalSeconds seconds: Int64) -> Int { seconds < 777_600 + 3_600 ? 3_600 : 7_200 }
            func offsetSeconds(atSeconds seconds: Int64) -> Int { seconds < 777_600 ? 3_600 : 7_200 }
        }
        let world = try QueryWorld(zones: ["Test/Shifting": Shifting()])
        try await world.run("insert into root.s.d(time, v) values (0, 1), (777600000, 2), (3456000000, 3)")
        let sql = "select v from root.s.d where time = 1970-01-01T01:00:00"
        #expect(try await RenderedResult(of: sql, in: try world.session(zone: "Test/Shifting")).rows == ["0|1.0"])
        #expect(try await RenderedResult(of: sql, in: try world.session(zone: "+01:00")).rows == ["0|1.0"])
        #expect(try await RenderedResult(of: sql, in: try world.session()).rows == [])
        let error = await #expect(throws: StatementError.self) {
            try await world.session(zone: "Mars/Base").execute(sql)
        }
        #expect(error?.code == 701)
        #expect(try await RenderedResult(of: "show version", in: try world.session(zone: "Mars/Base")).rows.count == 1)
        // Windows of a month begin at local midnight, whatever the offset is by then.
        let months = try await RenderedResult(
            of: "select count(v) from root.s.d group by ([1970-01-01, 1970-02-15), 1mo)",
            in: try world.session(zone: "Test/Shifting"))
        #expect(months.rows == ["-3600000|2", "2671200000|1"])
        try world.close()
    }

    @Test(arguments: [
        ("Z", 0), ("UTC", 0), ("gmt", 0), ("+08:00", 28_800), ("-03:30", -12_600), ("-0330", -12_600),
        ("UTC+8", 28_800),
        ("GMT+08:00", 28_800), ("+18:00", 64_800),
    ])
    func fixedZones(_ id: String, _ seconds: Int) { #expect(FixedZone(id: id)?.seconds == seconds) }

    @Test(arguments: ["", "+", "Europe/Berlin", "+19:00", "+08:60", "+080000", "8", "UTC8", "+-8"])
    func noFixedZones(_ id: String) { #expect(FixedZone(id: id) == nil) }

    @Test func hostileStatementsNeverTrapTheServer() async throws {
        let world = try QueryWorld()
        try await world.run("insert into root.ln.d(time, s, s1, a) values (1, 1, true, 'x'), (2, null, false, null)")
        let session = try world.session()
        for statement in HostileTextTests.corpus {
            // Not the ones that change users: those are slow and change who may do what.
            guard !statement.hasPrefix("alter"), !statement.hasPrefix("grant") else { continue }
            let bytes = Array(statement.utf8)
            for count in stride(from: bytes.count, to: 0, by: -3) {
                let sql = String(decoding: bytes.prefix(count), as: UTF8.self)
                do {
                    _ = try await RenderedResult(of: sql, in: session)
                } catch let error as StatementError {
                    #expect(error.code != 200 && !error.message.contains("\n"))
                }
            }
        }
        try world.close()
    }
}
