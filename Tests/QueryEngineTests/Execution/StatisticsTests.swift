// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import QueryEngine

/// Aggregates that the statistics of files answer are what the points would give.
@Suite struct StatisticsTests {
    private static let forced = "(s is not null or s is null)"

    /// A type, and the functions that it has.
    private static let types: [(DataType, [String])] = [
        (.int32, ["sum", "avg", "min_value", "max_value", "extreme", "first_value", "last_value"]),
        (.int64, ["sum", "avg", "min_value", "max_value", "extreme", "first_value", "last_value"]),
        (.float, ["sum", "avg", "min_value", "max_value", "extreme", "first_value", "last_value", "stddev"]),
        (.double, ["sum", "avg", "min_value", "max_value", "extreme", "first_value", "last_value"]),
        (.boolean, ["first_value", "last_value"]), (.text, ["first_value", "last_value"]),
        (.string, ["min_value", "max_value", "first_value", "last_value"]),
        (.timestamp, ["min_value", "max_value", "first_value", "last_value"]),
        (.date, ["min_value", "max_value", "first_value", "last_value"]), (.blob, ["first_value", "last_value"]),
    ]

    private func literal(_ type: DataType, _ random: inout SeededGenerator) -> String {
        let number = random.below(200) - 100
        switch type {
        case .boolean: return random.chance(50) ? "true" : "false"
        case .int32: return "\(number)"
        // Far enough out that sums of doubles are not exact any more.
        case .int64: return random.chance(20) ? "\(Int64.max - Int64(random.below(9)))" : "\(number)"
        case .float, .double:
            // Halves, so that sums are exact in any order; a NaN may come first.
            return random.chance(10) ? "NaN" : "\(Double(number) / 2)"
        case .text, .string: return "'\(number)'"
        case .timestamp: return "\(number)"
        case .date: return "'2024-01-\(10 + random.below(20))'"
        case .blob: return "X'0\(random.below(10))'"
        }
    }

    /// Points at 0, 10, … in some files and the memtable, a few of them late.
    private func fill(_ world: QueryWorld, _ type: DataType, _ random: inout SeededGenerator) async throws {
        try await world.run("create timeseries root.a.d.s \(type.name)")
        for part in 0..<6 {
            let rows = (0..<40).map { "(\((part * 40 + $0) * 10), \(literal(type, &random)))" }
            try await world.run("insert into root.a.d(time, s) values \(rows.joined(separator: ", "))")
            if random.chance(20) {
                try await world.run(
                    "insert into root.a.d(time, s) values (\(random.below(1_000)), \(literal(type, &random)))")
            }
            if part < 5 { try await world.run("flush") }
            if random.chance(20) { try await world.run("delete from root.a.d.s where time >= 395 and time < 435") }
        }
    }

    @Test(arguments: types.indices, UInt64(1)...3)
    func statisticsGiveWhatPointsGive(_ type: Int, _ seed: UInt64) async throws {
        let (type, functions) = Self.types[type]
        var random = SeededGenerator(seed: seed)
        let world = try QueryWorld()
        try await fill(world, type, &random)
        let all = functions + ["count", "min_time", "max_time", "time_duration"]
        // Alone, because one function may keep the others from using statistics.
        let lists = all.map { "\($0)(s)" } + [all.map { "\($0)(s)" }.joined(separator: ", ")]
        for windows in [
            "", " group by ([0, 2400), 400ms)", " group by ([5, 2000), 370ms, 90ms)",
            " group by ([0, 3000), 100ms, 450ms)",
        ] {
            for list in lists {
                let sql = "select \(list) from root.a.d"
                let fast = try await world.run(sql + windows)
                let decoded = try await world.run("\(sql) where \(Self.forced)\(windows)")
                #expect(fast == decoded, "seed \(seed): \(sql)\(windows)")
            }
        }
        for range in ["time > 15 and time < 1300", "time = 500", "time > 5000"] {
            let sql = "select \(lists[lists.count - 1]) from root.a.d where \(range)"
            #expect(try await world.run(sql) == world.run("\(sql) and \(Self.forced)"), "seed \(seed): \(sql)")
        }
        try world.close()
    }

    /// The statistics of a file add as doubles, which loses ones beyond 2^53.
    @Test func sumsOfIntegersAreExact() async throws {
        let world = try QueryWorld()
        try await world.run("create timeseries root.a.d.s INT64")
        try await world.run(
            "insert into root.a.d(time, s) values (0, 9007199254740992), (1, 1), (2, 1), (3, 1), (4, 1)")
        try await world.run("flush")
        #expect(
            try await world.run("select sum(s), avg(s) from root.a.d").rows == [
                "9.007199254740996E15|1.8014398509481992E15"
            ])
        try world.close()
    }

    @Test func pointsAreNotRead() async throws {
        let world = try QueryWorld()
        for part in 0..<8 {
            let rows = (0..<2_000).map { "(\(part * 2_000 + $0), \($0 * 7919 % 1_000).5)" }.joined(separator: ", ")
            try await world.run("insert into root.a.d(time, s) values \(rows)")
            try await world.run("flush")
        }
        // Opened once, so that only the reads of points differ.
        try await world.run("select last s from root.a.d")
        try await world.run("select count(s) from root.a.d where \(Self.forced)")
        let before = world.disk.count(of: .read)
        #expect(
            try await world.run("select count(s), sum(s), max_value(s) from root.a.d").rows == ["16000|8000000.0|999.5"]
        )
        let fast = world.disk.count(of: .read) - before
        #expect(
            try await world.run("select count(s), sum(s), max_value(s) from root.a.d where \(Self.forced)").rows
                == ["16000|8000000.0|999.5"])
        let slow = world.disk.count(of: .read) - before - fast
        #expect(fast + 8 <= slow, "\(fast) reads with statistics, \(slow) without")
        try world.close()
    }
}
