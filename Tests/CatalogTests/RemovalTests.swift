// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing

@Suite struct RemovalTests {
    @Test func whatIsDroppedGoesAndItsNameIsFree() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.commit(Samples.checkpoint())
        var transaction = CheckpointTransaction()
        transaction.removedDatabases = [1, 70]
        transaction.removedDevices = [1]
        transaction.removedSeries = [1, 4_294_967_295]
        // The same path, in the same transaction.
        transaction.databases = [DatabaseRecord(id: 2, path: "root.sg")]
        transaction.devices = [DeviceRecord(id: 2, databaseID: 2, path: "root.sg.`d.1`", isAligned: false)]
        for _ in 0..<2 {
            try catalog.commit(transaction)
            let state = try catalog.load()
            #expect(state.databases == transaction.databases && state.devices == transaction.devices)
            #expect(state.series.isEmpty && state.files.count == 2)
        }
    }

    @Test func whatIsPutAndRemovedIsRemoved() throws {
        let catalog = try SQLiteCatalog.inMemory()
        var transaction = Samples.checkpoint()
        transaction.removedDatabases = [1]
        transaction.removedDevices = [1]
        transaction.removedSeries = [1]
        transaction.addedDeletions = [DeletionRecord(sequence: 1, pattern: "root.a.**", lower: 1, upper: 2)]
        transaction.removedDeletions = transaction.addedDeletions
        transaction.timeToLives = [TimeToLiveRecord(pattern: "root.**", milliseconds: 1)]
        transaction.removedTimeToLives = ["root.**"]
        try catalog.commit(transaction)
        let state = try catalog.load()
        #expect(state.databases.isEmpty && state.devices.isEmpty && state.series.map(\.id) == [4_294_967_295])
        #expect(state.deletions.isEmpty && state.timeToLives.isEmpty)
    }

    @Test func deletionsAreKeptByAllTheirFields() throws {
        let catalog = try SQLiteCatalog.inMemory()
        let deletions = [
            DeletionRecord(sequence: 5, pattern: "root.a.d.s", lower: .min, upper: .max),
            DeletionRecord(sequence: 7, pattern: "root.a.**", lower: 1, upper: 2),
            DeletionRecord(sequence: 7, pattern: "root.a.**", lower: 3, upper: 4),
            DeletionRecord(sequence: 7, pattern: "root.b.*.s", lower: 3, upper: 4),
        ]
        var transaction = CheckpointTransaction()
        transaction.addedDeletions = deletions.reversed()
        for _ in 0..<2 {
            try catalog.commit(transaction)
            #expect(try catalog.load().deletions == deletions)
        }
        transaction = CheckpointTransaction()
        transaction.removedDeletions = [deletions[1], DeletionRecord(sequence: 9, pattern: "x", lower: 0, upper: 0)]
        try catalog.commit(transaction)
        #expect(try catalog.load().deletions == [deletions[0], deletions[2], deletions[3]])
    }

    @Test func rulesAreReplacedByPattern() throws {
        let catalog = try SQLiteCatalog.inMemory()
        var transaction = CheckpointTransaction()
        transaction.timeToLives = [
            TimeToLiveRecord(pattern: "root.b.**", milliseconds: 5),
            TimeToLiveRecord(pattern: "root.a.d", milliseconds: .max),
        ]
        try catalog.commit(transaction)
        transaction.timeToLives = [TimeToLiveRecord(pattern: "root.b.**", milliseconds: 6)]
        transaction.removedTimeToLives = ["root.none"]
        try catalog.commit(transaction)
        #expect(
            try catalog.load().timeToLives == [
                TimeToLiveRecord(pattern: "root.a.d", milliseconds: .max),
                TimeToLiveRecord(pattern: "root.b.**", milliseconds: 6),
            ])
    }

    @Test func whatFilesHoldBesideIsKept() throws {
        let catalog = try SQLiteCatalog.inMemory()
        var files = [Samples.file(1), Samples.file(2), Samples.file(3)]
        files[0].partitions = [.min, -1, 0, 256, .max]
        files[0].order = .max
        files[0].throughSequence = 1 << 63
        files[0].sha256 = (0..<32).map { $0 }
        files[1].partitions = []
        var transaction = CheckpointTransaction()
        transaction.addedFiles = files
        try catalog.commit(transaction)
        #expect(try catalog.load().files == files)
        // A partition is taken over by another file.
        files[0].partitions.removeFirst()
        files[1].partitions = [7]
        transaction.addedFiles = Array(files[..<2])
        try catalog.commit(transaction)
        #expect(try catalog.load().files == files)
    }

    @Test func whatWasDeclaredIsKept() throws {
        let catalog = try SQLiteCatalog.inMemory()
        var transaction = CheckpointTransaction()
        transaction.series = (0..<4).map { number in
            SeriesRecord(
                id: number + 1, deviceID: 1, measurement: "s\(number)", type: 4, encoding: 8, compressor: 7,
                isEncodingDeclared: number & 1 != 0, isCompressorDeclared: number & 2 != 0)
        }
        try catalog.commit(transaction)
        #expect(try catalog.load().series == transaction.series)
    }
}
