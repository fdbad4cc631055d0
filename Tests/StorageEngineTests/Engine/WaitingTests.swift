// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// Who waits for durability does not wait for ever.
@Suite struct WaitingTests {
    @Test func aSyncGivesUpWhileNothingCanBeStored() throws {
        let disk = SimulatedDisk()
        let engine = try openEngine(disk, SimulatedCatalog(disk: disk))
        try engine.schema.createDatabase(["root", "a"])
        try engine.sync()
        disk.failNext(.write, count: 1_000_000)
        try engine.schema.createDatabase(["root", "b"])
        for _ in 0..<2 {
            let error = #expect(throws: StorageError.self) { try engine.sync() }
            #expect(error?.code == .readOnly)
        }
        var refused: (any Error)?
        do { try engine.delete([(.all, .all)]) } catch { refused = error }
        #expect((refused as? StorageError)?.code == .readOnly)
        #expect(engine.memtables.state.withLock { $0.requested.isEmpty })
        _ = try? engine.close()
    }

    @Test func aBarrierNeedsNoRoom() throws {
        let queue = BatchQueue(bytesMax: 100)
        var big = WriteBatch()
        big.append(participant: 1, [UInt8](repeating: 0, count: 1_000).span)
        try queue.append(&big, ticket: 1, completion: RecordingCompletion())
        var barrier = WriteBatch()
        try queue.append(&barrier, ticket: 2, completion: RecordingCompletion())
        var more = WriteBatch()
        more.append(participant: 1, [1].span)
        let error = #expect(throws: StorageError.self) {
            try queue.append(&more, ticket: 3, completion: RecordingCompletion())
        }
        #expect(error?.code == .overloaded)
        #expect(queue.take(bytesMax: .max).batches.count == 2)
    }

    @Test func statementsAreDurableWhenTheyReturn() throws {
        let disk = SimulatedDisk()
        let catalog = SimulatedCatalog(disk: disk)
        let engine = try openEngine(disk, catalog)
        let completion = WaitingCompletion()
        for (ticket, device) in ["a", "b", "c"].enumerated() {
            try writeRow(engine, device, 1, 1, ticket: UInt64(ticket + 1), completion)
        }
        try completion.wait(for: 3)
        try engine.delete([(PathPattern(nodes: ["root", "sg", "a", "s"]), .all)])
        #expect(try engine.dropSeries(matching: [PathPattern(nodes: ["root", "sg", "b", "*"])]) == 1)
        #expect(try engine.dropSeries(matching: [PathPattern(nodes: ["root", "none", "*"])]) == 0)
        try engine.setTimeToLive(PathPattern(nodes: ["root", "x", "**"]), milliseconds: 77)
        #expect(try pointCount(engine) == 1)
        disk.crash()
        let again = try openEngine(disk, catalog)
        #expect(try pointCount(again) == 1)
        #expect(again.schema.timeToLives().map(\.milliseconds) == [77])
        #expect(try again.dropDatabases(matching: [.all]) == 1)
        #expect(again.schema.seriesCount == 0)
        try again.close()
    }

    @Test func aCatalogWithImpossibleNumbersIsRefused() throws {
        let changes: [(inout CheckpointTransaction) -> Void] = [
            { $0.flushedThrough = .max },
            {
                $0.addedFiles = [
                    FileRecord(
                        version: .max, databaseID: 1, partition: 0, name: "x", byteCount: 0, pointCount: 0, minTime: 0,
                        maxTime: 0, creationTime: 0)
                ]
            },
            { $0.addedDeletions = [DeletionRecord(sequence: 1 << 63, pattern: "root.a.s", lower: 0, upper: 0)] },
        ]
        for change in changes {
            let disk = SimulatedDisk()
            let catalog = SimulatedCatalog(disk: disk)
            var transaction = CheckpointTransaction()
            change(&transaction)
            try catalog.commit(transaction)
            let error = #expect(throws: StorageError.self) { try openEngine(disk, catalog) }
            #expect(error?.code == .catalog && error?.message.contains("damaged") == true)
        }
    }
}
