// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import StorageTestSupport
import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

/// A disk with an engine whose steps the test decides.
final class LogWorld {
    let disk = SimulatedDisk()
    let catalog: SimulatedCatalog
    let clock = TestClock()
    var settings = StorageSettings()
    let log = LogLines()
    let metrics = MetricsRegistry()
    var stepped: SteppedEngine?
    var completion = RecordingCompletion()
    private var ticket: UInt64 = 0

    init() { catalog = SimulatedCatalog(disk: disk) }

    func engine() throws -> SteppedEngine {
        if let stepped { return stepped }
        let opened = try SteppedEngine(
            disk, catalog, settings, clock, logger: Logger(label: "test") { _ in log }, metrics: metrics)
        stepped = opened
        completion = RecordingCompletion()
        return opened
    }

    /// Appends one row for each device name: (device, value at time).
    func append(_ rows: [(device: String, time: Int64, value: Double)], limit: Int = .max) throws {
        var batch = WriteBatch(recordBytesMax: limit)
        let engine = try engine()
        for row in rows {
            let device = DevicePath(canonical: ["root", "sg", row.device])
            let series = try engine.engine.schema.createSeries(
                device: device, isAligned: false, measurements: [("s", .double)])[0].get()
            var tablet = Tablet()
            tablet.times = [row.time]
            tablet.addColumn(series: series.id, type: .double)
            tablet.columns[0].values.append(.double(row.value))
            batch.append(tablet)
        }
        ticket += 1
        try engine.engine.append(&batch, ticket: ticket, completion: completion)
    }

    func commit(_ rows: [(device: String, time: Int64, value: Double)], limit: Int = .max) throws {
        try append(rows, limit: limit)
        #expect(try engine().settle())
    }

    /// Value of a device at a time, as a query sees it.
    func value(_ device: String, _ time: Int64) throws -> Double? {
        guard case .double(let value) = try engine().contents().points["root.sg.\(device).s"]?[time] else { return nil }
        return value
    }

    func crash() {
        stepped = nil
        disk.crash()
    }

    func kill() {
        stepped = nil
        disk.kill()
    }

    /// The newest segment and its content.
    func lastSegment() throws -> (path: String, content: [UInt8]) {
        let path = try #require(try segments().last)
        return (path, try content(path))
    }

    func content(_ path: String) throws -> [UInt8] { try #require(disk.content(of: path)) }

    func segments() throws -> [String] { try disk.list("wal").map { "wal/" + $0 } }
}

@Suite struct RecoveryTests {
    @Test func acknowledgedRowsAreBackAfterACrash() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("b", 1, 2)])
        try world.commit([("a", 1, 3)])
        #expect(world.completion.acknowledged == 2)
        world.crash()
        #expect(try world.value("a", 1) == 3)
        #expect(try world.value("b", 1) == 2)
        world.crash()
        #expect(try world.value("a", 1) == 3)
    }

    @Test func idsGoOnAfterACrashAndTypesStay() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("b", 1, 2)])
        let before = try world.engine().engine.schema.device(at: "root.sg.b")?.series(named: "s")
        world.crash()
        let after = try world.engine().engine.schema.device(at: "root.sg.b")?.series(named: "s")
        #expect(after?.id == before?.id && after?.type == .double && after?.encoding == .gorilla)
        try world.commit([("c", 1, 2)])
        let new = try world.engine().engine.schema.device(at: "root.sg.c")?.series(named: "s")
        #expect(new.map { $0.id.rawValue } == before.map { $0.id.rawValue + 1 })
    }

    /// A batch is one record or several: cut anywhere, all of it is there or none.
    @Test(arguments: [Int.max, 120]) func aTornTailTakesItsBatchWhole(limit: Int) throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let before = try world.lastSegment().content
        try world.commit([("a", 2, 2), ("b", 2, 3), ("c", 2, 4)], limit: limit)
        world.kill()
        let (path, after) = try world.lastSegment()
        for length in stride(from: before.count, to: after.count, by: 3) {
            world.kill()
            for segment in try world.segments() where segment != path { try world.disk.remove(segment) }
            world.disk.overwrite(path, with: Array(after[..<length]))
            #expect(try world.value("a", 1) == 1, "cut at \(length)")
            #expect(try world.value("a", 2) == nil && world.value("b", 2) == nil && world.value("c", 2) == nil)
        }
        world.kill()
        for segment in try world.segments() where segment != path { try world.disk.remove(segment) }
        world.disk.overwrite(path, with: after)
        #expect(try world.value("a", 2) == 2 && world.value("b", 2) == 3 && world.value("c", 2) == 4)
    }

    @Test func whatATornTailLeftIsNotReadAgainLater() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.kill()
        let (path, content) = try world.lastSegment()
        world.disk.overwrite(path, with: content + [1, 2, 3])
        try world.commit([("a", 2, 2)])
        world.crash()
        #expect(try world.value("a", 1) == 1 && world.value("a", 2) == 2)
    }

    @Test func damageBeforeTheTailIsAnErrorThatNamesFileAndOffset() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let (path, begun) = try world.lastSegment()
        let first = begun.count
        try world.commit([("a", 2, 2)])
        try world.commit([("a", 3, 3)])
        world.kill()
        var content = try world.content(path)
        content[first + 40] ^= 1
        world.disk.overwrite(path, with: content)
        let error = #expect(throws: StorageError.self) { try world.engine() }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("disk:/\(path)") == true)
        #expect(error?.message.contains("offset \(first)") == true)
    }

    @Test func damageInASegmentThatHasASuccessorIsAnError() throws {
        let world = LogWorld()
        world.settings.segmentBytesMax = 1
        try world.commit([("a", 1, 1)])
        try world.commit([("a", 2, 2)])
        try world.commit([("a", 3, 3)])
        world.kill()
        let paths = try world.segments()
        #expect(paths.count == 3)
        let whole = try world.content(paths[1])
        for damage in [SegmentHeader.byteCount + 9, whole.count - 1] {
            var content = whole
            content[damage] ^= 0x80
            world.disk.overwrite(paths[1], with: content)
            let error = #expect(throws: StorageError.self) { try world.engine() }
            #expect(error?.code == .corrupt && error?.message.contains(paths[1]) == true)
            world.kill()
        }
        world.disk.overwrite(paths[1], with: Array(whole[..<(whole.count - 1)]))
        #expect(throws: StorageError.self) { try world.engine() }
        world.kill()
        world.disk.overwrite(paths[1], with: whole)
        #expect(try world.value("a", 3) == 3)
    }

    @Test func aMissingSegmentIsAnError() throws {
        let world = LogWorld()
        world.settings.segmentBytesMax = 1
        for time in 1...3 { try world.commit([("a", Int64(time), 1)]) }
        world.kill()
        let path = try world.segments()[1]
        try world.disk.remove(path)
        let error = #expect(throws: StorageError.self) { try world.engine() }
        #expect(error?.code == .corrupt && error?.message.contains(path) == true)
    }

    @Test func aDamagedHeaderWithRecordsIsAnErrorAndWithoutALeftover() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.kill()
        let (path, content) = try world.lastSegment()
        var damaged = content
        damaged[20] ^= 1
        world.disk.overwrite(path, with: damaged)
        let error = #expect(throws: StorageError.self) { try world.engine() }
        #expect(error?.code == .corrupt && error?.message.contains("offset 0") == true)
        world.disk.overwrite(path, with: content)
        world.kill()
        // A successor that was begun and not finished.
        let file = try world.disk.createFile("wal/0000000002.wal")
        try file.append([1, 2, 3].span)
        try file.sync()
        #expect(try world.value("a", 1) == 1)
        #expect(try world.segments() == ["wal/0000000001.wal", "wal/0000000003.wal"])
    }

    @Test func aNewerFormatIsRefused() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.kill()
        let (path, original) = try world.lastSegment()
        var content = original
        content[8] = 3
        let covered = Array(content[..<60])
        let checksum = Checksum.crc32c(covered.span)
        for index in 0..<4 { content[60 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
        world.disk.overwrite(path, with: content)
        #expect(throws: StorageError.self) { try world.engine() }
    }

    @Test func changesOfAnUnknownParticipantAreNotDropped() throws {
        let world = LogWorld()
        var batch = WriteBatch()
        batch.append(participant: 77, [1].span)
        try world.engine().engine.append(&batch, ticket: 1, completion: world.completion)
        #expect(try world.engine().settle())
        world.kill()
        let error = #expect(throws: StorageError.self) { try world.engine() }
        #expect(error?.message.contains("participant 77") == true)
    }

    @Test func segmentsGoWhenTheyAreCheckpointed() throws {
        let world = LogWorld()
        world.settings.segmentBytesMax = 1
        for time in 1...5 { try world.commit([("a", Int64(time), 1)]) }
        #expect(try world.segments().count == 5)
        #expect(try world.engine().flush())
        #expect(try world.segments().count == 1)
        try world.commit([("a", 6, 1)])
        world.crash()
        for time in 1...6 { #expect(try world.value("a", Int64(time)) == 1) }
        #expect(try world.catalog.load().flushedThrough >= 5)
    }

    @Test func aLogLongerThanMemoryIsFlushedWhileItIsReplayed() throws {
        let world = LogWorld()
        for time in 1...60 { try world.commit([("a", Int64(time), Double(time))]) }
        world.kill()
        world.settings.memtableBytesMax = 1
        #expect(try world.value("a", 60) == 60)
        #expect(try world.catalog.load().files.count > 1)
    }

    /// Truncations and bit flips anywhere in the log: rows or an error, never a trap, and never a row that was not written.
    @Test func garbageInTheLogIsNeverBelieved() throws {
        let world = LogWorld()
        for time in 1...3 { try world.commit([("a", Int64(time), 5), ("b", Int64(time), 5)]) }
        world.kill()
        let (path, whole) = try world.lastSegment()
        var random = SeededGenerator(seed: 4)
        for _ in 0..<400 {
            var content = whole
            if random.chance(40) { content.removeLast(random.below(content.count)) }
            if random.chance(70), !content.isEmpty {
                for _ in 0..<1 + random.below(3) { content[random.below(content.count)] ^= 1 << UInt8(random.below(8)) }
            }
            for segment in try world.segments() where segment != path { try world.disk.remove(segment) }
            world.disk.overwrite(path, with: content)
            if let seen = try? world.engine().contents() {
                for (_, points) in seen.points { #expect(points.values.allSatisfy { $0 == .double(5) }) }
            }
            world.kill()
        }
    }
}
