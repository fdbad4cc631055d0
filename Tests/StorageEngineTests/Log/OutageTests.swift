// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// Outages of the disk that last.
@Suite struct OutageTests {
    /// A log that fails after the header of each segment was written, and everywhere else: however often, a few files.
    @Test(arguments: [DiskOperation.write, .sync, .create, .syncFolder, .remove], [true, false])
    func anOutageOfTenThousandRetriesLeavesAFewFiles(kind: DiskOperation, hasRecords: Bool) throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.disk.setFault { event in
            guard event.path.hasPrefix("wal/") || event.path == "wal" else { return nil }
            // Records fail, headers do not: the worst case. And where nothing can be removed, writing fails as well.
            let isRecord = event.byteCount >= SegmentHeader.byteCount + (event.kind == .sync ? 1 : 0)
            switch event.kind {
            case .write, .sync: return (kind == event.kind || kind == .remove) && isRecord ? .full : nil
            default: return event.kind == kind ? .io : nil
            }
        }
        let engine = try world.engine()
        if hasRecords { try world.append([("a", 2, 2)]) }
        // Where the segment at hand does not fail, its end does.
        engine.writer.chain.end()
        if !hasRecords { engine.writer.isFailing = true }
        // The worst case as often as in half an hour, the others less: they are slow without optimisation.
        for _ in 0..<(kind == .sync && hasRecords ? 10_000 : 500) { _ = engine.writer.step() }
        #expect(try world.segments().count <= 4 + (kind == .remove ? SegmentChain.abandonedMax : 0))
        #expect(engine.engine.segments.total.count <= 2)
        #expect(world.completion.acknowledged == 1)
        world.disk.setFault(nil)
        engine.settle()
        #expect(engine.engine.state.acceptsWrites)
        #expect(world.completion.acknowledged == (hasRecords ? 2 : 1))
        // And what could not be removed is gone as well.
        #expect(try world.segments().count <= 4)
        world.crash()
        #expect(try world.value("a", 1) == 1)
        if hasRecords { #expect(try world.value("a", 2) == 2) }
    }

    @Test func aFullDiskIsNotFullOfAbandonedSegments() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        // Room for two big attempts and no more.
        let used = try world.segments().reduce(0) { try $0 + world.content($1).count }
        world.disk.setCapacity(used + 30_000)
        let rows = (0..<1_000).map { (device: "d\($0)", time: Int64(1), value: 1.0) }
        try world.append(rows)
        for _ in 0..<20 { #expect(try !world.engine().settle()) }
        #expect(world.completion.acknowledged == 1)
        world.disk.setCapacity(.max)
        _ = try world.engine().settle()
        #expect(world.completion.acknowledged == 2)
        world.crash()
        #expect(try world.value("d999", 1) == 1)
    }

    @Test func barriersDoNotMakeALogThatCannotBeWrittenWritable() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.disk.failNext(.sync, count: 1)
        try world.append([("a", 2, 2)])
        #expect(try !world.engine().settle())
        // The commit itself succeeds, and then only barriers come while the disk fails again.
        try world.engine().settle()
        world.disk.failNext(.sync, count: 3)
        try world.append([("a", 3, 3)])
        #expect(try !world.engine().settle())
        try world.engine().settle()
        try world.engine().settle()
        try world.engine().settle()
        #expect(try world.engine().engine.state.acceptsWrites)

        world.disk.failNext(.create, count: 1_000)
        _ = try world.engine().engine.queue.requestFreeze()
        #expect(try !world.engine().settle())
        for _ in 0..<5 {
            try world.append([])
            try world.engine().settle()
            #expect(try !world.engine().engine.state.acceptsWrites)
        }
        #expect(world.completion.acknowledged == 3)
        world.disk.failNext(.create, count: 0)
        try world.engine().settle()
        #expect(world.completion.acknowledged == 8)
        #expect(try world.engine().engine.state.acceptsWrites)
    }

    /// Who hears of success finds the engine writable.
    @Test func theLogIsSaidToBeWritableBeforeAnyoneIsToldOfSuccess() throws {
        final class Asking: CommitCompletion {
            let engine: StorageEngine
            let seen = Mutex<[Bool]>([])
            init(_ engine: StorageEngine) { self.engine = engine }
            func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
                let isWritable = engine.state.acceptsWrites
                seen.withLock { $0.append(isWritable) }
            }
        }
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let engine = try world.engine()
        let asking = Asking(engine.engine)
        world.disk.failNext(.sync, count: 2)
        var batch = WriteBatch()
        batch.append(participant: 9, [1, 2].span)
        try engine.engine.append(&batch, ticket: 1, completion: asking)
        for _ in 0..<4 { engine.settle() }
        #expect(asking.seen.withLock { $0 } == [true])
    }

    // MARK: Flushes that fail

    @Test func aFlushThatFailsForHoursLeavesTheLogAlone() throws {
        let world = LogWorld()
        world.settings.memtableBytesMax = 1
        world.settings.frozenMemtablesMax = 1
        let engine = try world.engine()
        world.disk.setFault { $0.kind == .catalogCommit ? .io : nil }
        for time in 1...3 { try world.append([("a", Int64(time), 1)]) }
        engine.settle()
        for time in 4...6 {
            try world.append([("a", Int64(time), 1)])
            engine.settle()
        }
        let acknowledged = world.completion.acknowledged
        let segments = try world.segments()
        #expect(acknowledged < 6)
        #expect(!engine.engine.state.acceptsWrites)
        for _ in 0..<1_000 {
            engine.settle()
            world.clock.advance(milliseconds: 200)
        }
        #expect(try world.segments() == segments)
        #expect(world.completion.acknowledged == acknowledged && engine.engine.memtables.frozenCount == 1)
        // A line at first and then ever more seldom.
        let lines = world.log.lines.filter { $0.contains("a flush failed") }
        #expect(lines.count >= 3 && lines.count <= 8)
        // Who asks for a flush is told, and does not wait for hours.
        let request = try engine.engine.queue.requestFreeze()
        engine.settle()
        #expect(throws: StorageError.self) { try request.wait() }
        world.disk.setFault(nil)
        while world.completion.acknowledged < 6 { engine.settle() }
        #expect(engine.engine.state.acceptsWrites && engine.engine.state.failure == nil)
        #expect(world.log.lines.contains { $0.contains("flushes succeed again") })
        world.crash()
        for time in 1...6 { #expect(try world.value("a", Int64(time)) == 1) }
    }

    /// The same with threads: the writer waits, and goes on by itself.
    @Test func writingGoesOnByItselfWhenFlushesSucceedAgain() throws {
        let disk = SimulatedDisk()
        let catalog = SimulatedCatalog(disk: disk)
        var settings = StorageSettings()
        settings.memtableBytesMax = 1
        settings.frozenMemtablesMax = 1
        settings.flushRetryMilliseconds = 1
        let engine = try openEngine(disk, catalog, settings)
        let completion = WaitingCompletion()
        disk.setFault { $0.kind == .catalogCommit ? .io : nil }
        for ticket in 1...5 { try writeRow(engine, "a", Int64(ticket), 1, ticket: UInt64(ticket), completion) }
        #expect(throws: StorageError.self) { while true { try engine.flush() } }
        disk.setFault(nil)
        try completion.wait(for: 5)
        #expect(try pointCount(engine) == 5)
        try engine.close()
    }

    @Test func closingDoesNotWaitForFlushesThatFail() throws {
        let disk = SimulatedDisk()
        let catalog = SimulatedCatalog(disk: disk)
        var settings = StorageSettings()
        settings.memtableBytesMax = 1
        settings.frozenMemtablesMax = 1
        let engine = try openEngine(disk, catalog, settings)
        let completion = WaitingCompletion()
        disk.setFault { $0.kind == .catalogCommit ? .io : nil }
        for ticket in 1...5 { try writeRow(engine, "a", Int64(ticket), 1, ticket: UInt64(ticket), completion) }
        #expect(throws: StorageError.self) { while true { try engine.flush() } }
        #expect(throws: StorageError.self) { try engine.close() }
        // The log has them all.
        try completion.wait(for: 5)
        disk.setFault(nil)
        let again = try openEngine(disk, catalog)
        #expect(try pointCount(again) == 5)
        try again.close()
    }

    @Test func failuresAreLoggedFirstAndThenEverMoreSeldom() {
        var log = FailureLog()
        var lines: [Int64] = []
        for second in 0..<100_000 as Range<Int64> where log.failed(at: second * 1_000_000_000) != nil {
            lines.append(second)
        }
        #expect(lines.prefix(5) == [0, 10, 30, 70, 150])
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $1 - $0 <= 3_600 })
        #expect(lines.count < 40)
        #expect(log.succeeded() == 100_000)
        #expect(log.succeeded() == 0)
        #expect(log.failed(at: 0) == FailureLog.Line(failures: 1))
    }
}
