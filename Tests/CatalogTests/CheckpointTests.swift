// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing

@Suite struct CheckpointTests {
    @Test func aNewCatalogIsEmpty() throws {
        #expect(try SQLiteCatalog.inMemory().load() == CatalogState())
    }

    @Test func aCheckpointIsThereAfterReopening() throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteCatalog(path: folder.catalog)
        try first.commit(Samples.checkpoint())
        #expect(try first.load() == Samples.state())
        try first.close()
        let second = try SQLiteCatalog(path: folder.catalog)
        #expect(try second.load() == Samples.state())
        #expect(
            try second.entries(of: 3, after: nil, limit: 10) == [ParticipantEntry(key: [1], value: [2, 3])])
        try second.close()
    }

    @Test func aRepeatedCheckpointChangesNothing() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.commit(Samples.checkpoint())
        try catalog.commit(Samples.checkpoint())
        #expect(try catalog.load() == Samples.state())
    }

    @Test func whatIsNotNamedStays() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.commit(Samples.checkpoint())
        try catalog.commit(CheckpointTransaction())
        #expect(try catalog.load() == Samples.state())
    }

    @Test func compactionReplacesFilesAndKeepsTheSequence() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.commit(Samples.checkpoint())
        var compaction = CheckpointTransaction()
        compaction.removedFiles = [1, 2, 77]
        // The name of a removed file may be taken again in the same transaction.
        compaction.addedFiles = [Samples.file(3, name: Samples.file(1).name)]
        try catalog.commit(compaction)
        let state = try catalog.load()
        #expect(state.files == compaction.addedFiles)
        #expect(state.flushedThrough == 99)
    }

    @Test func factsAreReplacedByName() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.commit(Samples.checkpoint())
        var transaction = CheckpointTransaction()
        transaction.facts = ["timestamp_precision": "ns", "other": ""]
        try catalog.commit(transaction)
        #expect(try catalog.load().facts == ["timestamp_precision": "ns", "other": ""])
    }

    @Test func numbersKeepAll64BitsAndFilesComeInVersionOrder() throws {
        let catalog = try SQLiteCatalog.inMemory()
        var transaction = CheckpointTransaction()
        var file = Samples.file(.max)
        file.byteCount = .max
        file.minTime = .min
        file.maxTime = .max
        transaction.addedFiles = [file, Samples.file(1 << 63), Samples.file(5)]
        transaction.flushedThrough = .max
        try catalog.commit(transaction)
        let state = try catalog.load()
        #expect(state.files == transaction.addedFiles.reversed())
        #expect(state.flushedThrough == .max)
    }

    @Test func aHundredThousandSeriesAreLoaded() throws {
        let catalog = try SQLiteCatalog.inMemory()
        var transaction = CheckpointTransaction()
        transaction.series = (1...100_000).map {
            SeriesRecord(id: $0, deviceID: $0 / 10, measurement: "s\($0 % 10)", type: 3, encoding: 2, compressor: 7)
        }
        try catalog.commit(transaction)
        #expect(try catalog.load().series == transaction.series)
    }
}
