// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import QueryEngine

/// Blocks, limits, memory.
@Suite struct StreamingTests {
    /// `count` points in root.s.d.v at 0, 1, …
    private func insert(_ count: Int, into world: QueryWorld, device: String = "root.s.d") async throws {
        for start in stride(from: 0, to: count, by: 2_000) {
            let rows = (start..<min(count, start + 2_000)).map { "(\($0), \($0))" }.joined(separator: ",")
            try await world.run("insert into \(device)(time, v) values \(rows)")
        }
    }

    private func rows(_ sql: String, _ world: QueryWorld) async throws -> ResultSet {
        guard case .rows(let result) = try await world.session().execute(sql) else {
            throw StatementError(code: 0, message: "no rows")
        }
        return result
    }

    @Test func rowsComeInBlocks() async throws {
        let world = try QueryWorld()
        try await insert(10_000, into: world)
        let result = try await rows("select v from root.s.d", world)
        var sizes: [Int] = []
        var next: Int64 = 0
        while let block = try await result.next() {
            sizes.append(block.rowCount)
            #expect(block.times.first == next)
            next += Int64(block.rowCount)
        }
        #expect(next == 10_000)
        #expect(sizes.count >= 3 && sizes.allSatisfy { $0 <= ResultBlock.rowsMax })
        #expect(try await result.next() == nil)
        try world.close()
    }

    @Test func aSnapshotIsWhatItWas() async throws {
        let world = try QueryWorld()
        try await insert(6_000, into: world)
        let result = try await rows("select v from root.s.d", world)
        var count = try #require(try await result.next()).rowCount
        try await world.run("insert into root.s.d(time, v) values (5999, -1), (7000, 1)")
        try await world.run("flush")
        while let block = try await result.next() {
            count += block.rowCount
            let values = block.columns[0].cells(rowCount: block.rowCount)
            #expect(!values.contains(.double(-1)))
        }
        #expect(count == 6_000)
        try world.close()
    }

    @Test func limitStopsReading() async throws {
        let world = try QueryWorld()
        // A file for every partition of a week.
        let week: Int64 = 604_800_000
        for index in 0..<20 { try await world.run("insert into root.s.d(time, v) values (\(Int64(index) * week), 1)") }
        try await world.run("flush")
        let before = world.disk.count(of: .read)
        #expect(try await world.run("select v from root.s.d limit 2").rows.count == 2)
        let limited = world.disk.count(of: .read) - before
        #expect(try await world.run("select v from root.s.d").rows.count == 20)
        let all = world.disk.count(of: .read) - before - limited
        #expect(limited * 4 < all, "\(limited) reads for 2 rows, \(all) for 20")
        try world.close()
    }

    @Test func memoryIsBounded() async throws {
        var settings = QuerySettings()
        settings.memoryBytesMax = 40_000
        let world = try QueryWorld(settings: settings)
        try await insert(4_000, into: world)
        let result = try await rows("select v from root.s.d", world)
        let error = await #expect(throws: StatementError.self) { try await result.next() }
        #expect(error?.code == 709)
        #expect(error?.message.contains("query_memory_bytes_max") == true)
        #expect(try await result.next() == nil, "an error ends the result")
        #expect(try await world.run("select v from root.s.d where time < 100").rows.count == 100)
        try world.close()
    }

    @Test func combinationsAreBounded() async throws {
        var settings = QuerySettings()
        settings.memoryBytesMax = 1 << 20
        let world = try QueryWorld(settings: settings)
        let names = (0..<40).map { "s\($0)" }
        let values = names.map { _ in "1" }.joined(separator: ",")
        try await world.run("insert into root.s.d(time, \(names.joined(separator: ","))) values (1, \(values))")
        #expect(try await world.run("select * + * from root.s.d").lines[0].split(separator: "|").count == 1_601)
        let error = await #expect(throws: StatementError.self) {
            try await world.run("select * + * + * + * + * from root.s.d")
        }
        #expect(error?.code == 709)
        try world.close()
    }

    @Test func windowsAreBounded() async throws {
        var settings = QuerySettings()
        settings.windowsMax = 100
        let world = try QueryWorld(settings: settings)
        try await insert(10, into: world)
        #expect(try await world.run("select count(v) from root.s.d group by ([0, 100), 1ms)").rows.count == 100)
        for sql in ["group by ([0, 101), 1ms)", "group by ([0, 2024-01-01), 1mo)"] {
            let error = await #expect(throws: StatementError.self) {
                try await world.run("select count(v) from root.s.d \(sql)")
            }
            #expect(error?.code == 701)
        }
        try world.close()
    }

    @Test func manyWindowsComeInBlocks() async throws {
        let world = try QueryWorld()
        try await insert(10, into: world)
        let result = try await world.run(
            "select count(v) from root.s.d group by ([0, 9000), 1ms, 1ms) order by time desc")
        #expect(result.rows.count == 9_000)
        #expect(result.rows.first == "8999|0")
        #expect(result.rows.last == "0|1")
        try world.close()
    }

    @Test func gapsAreFilledAcrossBlocks() async throws {
        var settings = QuerySettings()
        settings.memoryBytesMax = 1 << 20
        let world = try QueryWorld(settings: settings)
        try await insert(10_000, into: world)
        try await world.run("insert into root.s.d(time, w) values (10, 0), (9990, 9980)")
        let filled = try await world.run("select w, v from root.s.d fill(linear)").rows
        #expect(filled.count == 10_000)
        #expect(filled[9] == "9|null|9.0" && filled[9_991] == "9991|null|9991.0")
        #expect((10...9_990).allSatisfy { filled[$0] == "\($0)|\(Double($0 - 10))|\(Double($0))" })
        let previous = try await world.run("select w, v from root.s.d fill(previous)").rows
        #expect(previous[9_989] == "9989|0.0|9989.0" && previous[9_999] == "9999|9980.0|9999.0")
        try world.close()
    }

    @Test func aGapThatDoesNotCloseIsBounded() async throws {
        var settings = QuerySettings()
        settings.memoryBytesMax = 220_000
        let world = try QueryWorld(settings: settings)
        try await insert(20_000, into: world)
        try await world.run("insert into root.s.d(time, w) values (10, 0)")
        #expect(try await world.run("select v from root.s.d fill(linear)").rows.count == 20_000)
        let error = await #expect(throws: StatementError.self) {
            try await world.run("select w, v from root.s.d fill(linear)")
        }
        #expect(error?.code == 709)
        try world.close()
    }

    @Test func aDamagedFileEndsTheResult() async throws {
        let world = try QueryWorld()
        try await insert(10, into: world)
        try await world.run("flush")
        let file = try #require(try files(world.disk, below: "tsfiles").first { $0.hasSuffix(".tsfile") })
        let content = try #require(world.disk.content(of: file))
        world.disk.overwrite(file, with: [UInt8](repeating: 0xff, count: content.count))
        let result = try await rows("select v from root.s.d", world)
        let error = await #expect(throws: StatementError.self) { try await result.next() }
        #expect(error?.code == 708)
        #expect(try await result.next() == nil, "an error ends the result")
        try world.close()
    }

    private func files(_ disk: SimulatedDisk, below folder: String) throws -> [String] {
        try disk.list(folder).flatMap { name in
            let path = "\(folder)/\(name)"
            return name.hasSuffix(".tsfile") ? [path] : try files(disk, below: path)
        }
    }
}
