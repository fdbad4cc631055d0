// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import QueryEngine

/// Times at the ends of what a timestamp holds, and blocks that must not take memory by the row.
@Suite struct ExtremeTests {
    private struct UTC: ZoneRules {
        func offsetSeconds(atSeconds seconds: Int64) -> Int { 0 }
        func offsetSeconds(atLocalSeconds seconds: Int64) -> Int { 0 }
    }

    private final class OneBlock: RowSource {
        private var block: RowBlock?
        init(_ block: RowBlock) { self.block = block }
        func next(limit: Int) throws(StatementError) -> RowBlock? { block.take() }
    }

    private let times = TimeContext(precision: .milliseconds, zone: nil, zoneID: "", now: 0)

    private func schedule(_ step: Int64, closesRight: Bool) throws -> WindowSchedule {
        let span = TimeSpan(months: 0, units: step)
        let range = SelectStatement.Windows.Range(start: .min, end: .max, closesRight: closesRight)
        return try WindowSchedule(
            SelectStatement.Windows(range: range, interval: span, step: span), times: times, countMax: 1_000_000_000)
    }

    @Test func windowsCoverAllTimes() throws {
        let open = try schedule(5_000_000_000_000_000_000, closesRight: false)
        #expect(open.count == 4)
        #expect(open.window(3).range == TimeRange(5_776_627_963_145_224_192, .max - 1))
        let closed = try schedule(5_000_000_000_000_000_000, closesRight: true)
        let windows = (0..<closed.count).map { closed.window($0).range }
        #expect(windows.first?.lower == .min + 1 && windows.last?.upper == .max)
        for (a, b) in zip(windows, windows.dropFirst()) { #expect(a.upper + 1 == b.lower) }
    }

    @Test func groupByAllTimesAnswers() async throws {
        let world = try QueryWorld()
        try await world.run("insert into root.sg.d1(time, s1) values (1, 1)")
        let rows = try await world.run(
            "select count(s1) from root.sg.d1 group by "
                + "((-9223372036854775808, 9223372036854775807], 5000000000000000000ms)"
        ).rows
        #expect(rows.count == 4 && rows[1] == "776627963145224192|1")
        try world.close()
    }

    @Test func monthsFromTheFirstTimestamp() throws {
        let times = TimeContext(precision: .nanoseconds, zone: UTC(), zoneID: "UTC", now: 0)
        // The second that holds the first timestamp begins before it. It is in a September, of 30 days.
        let later = try times.adding(TimeSpan(months: 1, units: 0), to: .min)
        #expect(later == .min + 30 * 86_400_000_000_000)
        #expect(throws: StatementError.self) { try times.adding(TimeSpan(months: -1, units: 0), to: .min) }
    }

    private func column(_ values: [Value?], _ type: DataType) -> CellColumn {
        var column = CellColumn(type)
        for value in values { column.append(value) }
        return column
    }

    @Test func lateNeighboursAreFilledInProportion() throws {
        let start: Int64 = .max - 4
        let block = RowBlock(
            times: [start, start + 1, start + 4],
            columns: [
                column([.int32(0), nil, .int32(8)], .int32), column([.int64(8), nil, .int64(0)], .int64),
                column([.double(0), nil, .double(1)], .double),
            ])
        let fill = LinearFill(OneBlock(block), memory: QueryMemory(limit: 1 << 20))
        let filled = try #require(try fill.next(limit: 10))
        #expect(filled.columns.map { $0.value(at: 1) } == [.int32(2), .int64(6), .double(0.25)])
    }

    @Test(arguments: [SelectStatement.Fill.literal(.string("abcd")), .previous(nil)])
    func aFillTextIsThereOnce(_ fill: SelectStatement.Fill) throws {
        let values: [Value?] = [.text("abcd")] + [Value?](repeating: nil, count: 1_000)
        let block = RowBlock(times: Array(0...1_000), columns: [column(values, .text)])
        let source = FilledRows.make(fill, over: OneBlock(block), times: times, memory: QueryMemory(limit: 1 << 20))
        let filled = try #require(try source.next(limit: 2_000)).columns[0]
        #expect(filled.bytes.count <= 8)
        #expect((0...1_000).allSatisfy { filled.value(at: $0) == .text("abcd") })
    }

    @Test func keptTextsAreCharged() async throws {
        var settings = QuerySettings()
        settings.memoryBytesMax = 180_000
        let world = try QueryWorld(settings: settings)
        let text = String(repeating: "x", count: 1_000)
        for time in 0..<100 { try await world.run("insert into root.s.d(time, t) values (\(time), '\(text)')") }
        #expect(try await world.run("select last_value(t) from root.s.d group by ([0, 100), 50ms)").rows.count == 2)
        let error = await #expect(throws: StatementError.self) {
            try await world.run("select last_value(t) from root.s.d group by ([0, 100), 1ms)")
        }
        #expect(error?.code == 709)
        try world.close()
    }

    @Test func truthsAreJoinedOneByOne() {
        let a = column([.boolean(true), .boolean(false), nil, .boolean(false)], .boolean)
        let b = column([nil, .boolean(false), nil, .boolean(true)], .boolean)
        var either = CompiledExpression.Truth(.or, count: 4)
        either.join(a)
        either.join(b)
        let loose = either.column(isStrict: false), strict = either.column(isStrict: true)
        #expect((0..<4).map { loose.value(at: $0) } == [.boolean(true), .boolean(false), nil, .boolean(true)])
        #expect((0..<4).map { strict.value(at: $0) } == [nil, .boolean(false), nil, .boolean(true)])
    }
}
