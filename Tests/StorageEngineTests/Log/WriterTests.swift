// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct WriterTests {
    @Test func whatArrivesTogetherIsSyncedOnceAndToldOnce() throws {
        let world = LogWorld()
        try world.commit([("a", 0, 0)])
        let syncs = world.disk.count(of: .sync), calls = world.completion.calls
        for time in 1...20 { try world.append([("a", Int64(time), 1)]) }
        #expect(world.completion.acknowledged == 1)
        #expect(try world.engine().settle())
        #expect(world.disk.count(of: .sync) == syncs + 1)
        #expect(world.completion.calls == calls + 1)
        #expect(world.completion.acknowledged == 21)
    }

    @Test func thousandsOfNewDevicesCostNoSyncOfTheirOwn() throws {
        let world = LogWorld()
        try world.commit([("a", 0, 0)])
        let syncs = world.disk.count(of: .sync)
        try world.append((0..<3_000).map { ("d\($0)", 1, 1) })
        #expect(try world.engine().settle())
        #expect(world.disk.count(of: .sync) == syncs + 1)
        world.crash()
        #expect(try world.engine().engine.schema.deviceCount == 3_001)
        #expect(try world.value("d2999", 1) == 1)
    }

    @Test func nothingIsVisibleBeforeItIsSynced() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        try world.append([("a", 1, 2)])
        world.disk.failNext(.sync)
        #expect(try !world.engine().settle())
        #expect(try world.value("a", 1) == 1)
        #expect(try world.engine().settle())
        #expect(try world.value("a", 1) == 2)
    }

    @Test(arguments: [DiskOperation.write, .sync]) func aFailureEndsTheSegmentAndAcknowledgesNothing(
        kind: DiskOperation
    ) throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let end = try world.lastSegment().content.count
        world.disk.failNext(kind, count: 3, code: .full)
        try world.append([("a", 2, 2)])
        #expect(try !world.engine().settle())
        #expect(world.completion.acknowledged == 1)
        #expect(try !world.engine().engine.state.acceptsWrites)
        #expect(try world.engine().engine.state.failure?.code == .full)
        for _ in 0..<3 { try world.engine().settle() }
        #expect(world.completion.acknowledged == 2)
        #expect(try world.engine().engine.state.acceptsWrites)
        // However often the commit was written, its rows are in the memtable once.
        #expect(try world.engine().engine.memtables.active.pointCount == 2)
        // The failed segment was not written again; its successor's header says where it ended.
        let last = try world.lastSegment().content
        let header = try SegmentHeader(decoding: last.span)
        #expect(header.previousNumber == 1 && header.previousEnd == UInt64(end))
        world.crash()
        #expect(try world.value("a", 1) == 1 && world.value("a", 2) == 2)
    }

    @Test func theLogIsTriedAgainThoughNobodySendsAnything() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.disk.failNext(.create, count: 2)
        _ = try world.engine().engine.queue.requestFreeze()
        #expect(try !world.engine().settle())
        #expect(try !world.engine().engine.state.acceptsWrites)
        try world.engine().settle()
        try world.engine().settle()
        #expect(try world.engine().engine.state.acceptsWrites)
    }

    @Test func anEmptyBatchIsABarrierWithoutASync() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let syncs = world.disk.count(of: .sync)
        try world.commit([])
        #expect(world.completion.acknowledged == 2)
        #expect(world.disk.count(of: .sync) == syncs)
        // But what was defined before is safe with it.
        try world.engine().engine.schema.createDatabase(["root", "other"])
        try world.commit([])
        world.crash()
        #expect(try world.engine().engine.schema.databases().map(\.path) == ["root.other", "root.sg"])
    }

    @Test func aDefinitionIsLoggedThoughNoRowsFollow() throws {
        let world = LogWorld()
        try world.engine().engine.schema.createDatabase(["root", "x"])
        #expect(try world.engine().settle())
        world.crash()
        #expect(try world.engine().engine.schema.databases().map(\.path) == ["root.x"])
    }

    @Test func aCommitTakesNoMoreThanItsLimit() throws {
        let world = LogWorld()
        world.settings.commitBytesMax = 250
        for time in 1...6 { try world.append([("a", Int64(time), 1)]) }
        #expect(try world.engine().writer.step() == .goOn)
        let first = world.completion.acknowledged
        #expect(first > 0 && first < 6)
        #expect(try world.engine().settle())
        #expect(world.completion.acknowledged == 6)
    }

    @Test func theQueueIsBounded() throws {
        let world = LogWorld()
        world.settings.queueBytesMax = 300
        let error = #expect(throws: StorageError.self) {
            for time in 1...20 { try world.append([("a", Int64(time), 1)]) }
        }
        #expect(error?.code == .overloaded && error?.message.contains("log_queue_max_bytes") == true)
        #expect(try world.engine().settle())
        try world.commit([("a", 30, 1)])
        #expect(try world.value("a", 30) == 1)
    }

    @Test func aFullMemtableIsFrozenAndBeginsASegment() throws {
        let world = LogWorld()
        world.settings.memtableBytesMax = 1
        try world.commit([("a", 1, 1)])
        // Due after the commit: at the next step.
        #expect(try world.engine().engine.memtables.frozenCount == 1)
        #expect(try world.segments().count == 2)
        try world.commit([("a", 2, 1)])
        // The writer waits for room: with one thread, it flushes itself.
        try world.commit([("a", 3, 1)])
        #expect(try world.engine().engine.memtables.frozenCount <= world.settings.frozenMemtablesMax)
        for time in 1...3 { #expect(try world.value("a", Int64(time)) == 1) }
    }

    @Test func aLongLogWithoutPointsIsCheckpointed() throws {
        let world = LogWorld()
        world.settings.unflushedLogBytesMax = 1_000
        for number in 0..<40 {
            var batch = WriteBatch()
            batch.append(participant: 9, [UInt8(number), 7].span)
            try world.engine().engine.append(&batch, ticket: UInt64(number + 1), completion: world.completion)
            #expect(try world.engine().settle())
        }
        while try world.engine().engine.memtables.oldestFrozen != nil {
            #expect(try world.engine().engine.flusher.flushOldest())
        }
        #expect(try world.catalog.load().flushedThrough > 10)
        #expect(try world.catalog.entries(of: 9, after: nil, limit: 100).count > 10)
        world.crash()
        #expect(try world.engine().participant.values.count == 40)
    }

    @Test func participantsHearWhenItIsDurableAndNotBefore() throws {
        let world = LogWorld()
        var batch = WriteBatch()
        batch.append(participant: 9, [1, 2].span)
        try world.engine().engine.append(&batch, ticket: 1, completion: world.completion)
        world.disk.failNext(.sync)
        try world.engine().settle()
        #expect(try world.engine().participant.values.isEmpty)
        try world.engine().settle()
        #expect(try world.engine().participant.values == [1: 2])
    }

    @Test func aFailedFlushHoldsTheWriterBackWhenMemoryIsFull() throws {
        let world = LogWorld()
        world.settings.memtableBytesMax = 1
        world.settings.frozenMemtablesMax = 1
        _ = try world.engine()
        world.disk.failNext(.catalogCommit, count: 1_000)
        try world.append([("a", 1, 1)])
        try world.engine().settle()
        try world.append([("a", 2, 1)])
        #expect(try !world.engine().settle())
        #expect(try !world.engine().engine.state.acceptsWrites)
        #expect(try world.engine().engine.memtables.frozenCount == 1)
        world.crash()
        for time in 1...2 { #expect(try world.value("a", Int64(time)) == 1) }
    }

    @Test func closingWhileTheDiskFailsTellsEveryoneThatItIsNotDurable() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.disk.failNext(.write, count: 100)
        try world.append([("a", 2, 2)])
        try world.engine().engine.queue.close()
        while case .goOn = try world.engine().writer.step() {}
        #expect(world.completion.acknowledged == 1)
        #expect(world.completion.failure?.code == .io)
        #expect(throws: StorageError.self) { try world.append([("a", 3, 3)]) }
    }
}
