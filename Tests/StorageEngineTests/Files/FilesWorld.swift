// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import Synchronization
import TimeSeriesModel
import TsFile

@testable import StorageEngine

/// A clock that the test owns.
final class ManualClock: WallClock, MonotonicClock {
    private let now: Atomic<Int64>

    init(nanoseconds: Int64) { now = Atomic(nanoseconds) }

    func nanosecondsSinceEpoch() -> Int64 { now.load(ordering: .relaxed) }
    func nanoseconds() -> Int64 { now.load(ordering: .relaxed) }
    func set(milliseconds: Int64) { now.store(milliseconds * 1_000_000, ordering: .relaxed) }
}

/// A catalog in memory that can be told to fail.
final class MemoryCatalog: StorageCatalog {
    struct Content {
        var state = CatalogState()
        var commits: [CheckpointTransaction] = []
        var failuresLeft = 0
        /// Records the transaction although it reports a failure.
        var recordsWhenFailing = false
    }

    let content = Mutex(Content())

    func load() -> CatalogState { content.withLock { $0.state } }

    func commit(_ transaction: CheckpointTransaction) throws(CatalogError) {
        let hasFailed = content.withLock { content in
            let fails = content.failuresLeft > 0
            if fails { content.failuresLeft -= 1 }
            if !fails || content.recordsWhenFailing { Self.record(transaction, in: &content) }
            return fails
        }
        if hasFailed { throw CatalogError(isTemporary: true, message: "told to fail") }
    }

    private static func record(_ transaction: CheckpointTransaction, in content: inout Content) {
        content.commits.append(transaction)
        content.state.databases += transaction.databases
        content.state.files.removeAll { file in
            transaction.removedFiles.contains(file.version)
                || transaction.addedFiles.contains { $0.version == file.version }
        }
        content.state.files += transaction.addedFiles
        if let flushed = transaction.flushedThrough { content.state.flushedThrough = flushed }
    }

    func entries(of participant: UInt8, after: [UInt8]?, limit: Int) -> [ParticipantEntry] { [] }
}

/// Stands for schema, participants and log.
final class RecordingCheckpointSource: CheckpointSource {
    let checkpoints = Mutex<[LogSequence]>([])

    func addChanges(through sequence: LogSequence, to transaction: inout CheckpointTransaction) {
        transaction.participantChanges.append(
            ParticipantChange(participant: 1, key: [UInt8(truncatingIfNeeded: sequence)], value: []))
    }

    func checkpointed(through sequence: LogSequence) { checkpoints.withLock { $0.append(sequence) } }
}

/// The files half of an engine on a disk in memory; the test is the writer.
struct FilesWorld {
    let disk: MemoryDisk
    let catalog: MemoryCatalog
    let clock: ManualClock
    let logs = LogLines()
    let source = RecordingCheckpointSource()
    let environment: StorageEnvironment
    let store: FileStore
    let memtables: MemtableSet
    let flusher: Flusher
    var sequence: LogSequence

    /// Opens what is on the disk.
    init(
        disk: MemoryDisk = MemoryDisk(), catalog: MemoryCatalog = MemoryCatalog(),
        settings: StorageSettings = StorageSettings(), milliseconds: Int64 = 1_700_000_000_000
    ) throws {
        self.disk = disk
        self.catalog = catalog
        clock = ManualClock(nanoseconds: milliseconds * 1_000_000)
        let logs = logs
        var logger = Logger(label: "test") { _ in logs }
        logger.logLevel = .debug
        environment = StorageEnvironment(
            settings: settings, fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            metrics: MetricsRegistry(), logger: logger)
        let state = catalog.load()
        let opened = try FileStore.open(environment: environment, state: state)
        store = opened.store
        memtables = MemtableSet(files: opened.files, now: 0)
        flusher = Flusher(
            environment: environment, memtables: memtables, store: opened.store, flushedThrough: state.flushedThrough,
            source: source, directory: { testSeries[$0] })
        sequence = state.flushedThrough
    }

    /// What a commit of the writer does.
    mutating func write(_ series: StoredSeries, _ points: PointColumn) {
        memtables.active.append(series: series.id, type: series.type, times: points.times, values: points.values)
        memtables.active.publish()
        sequence += 1
    }

    func freeze() { memtables.freeze(through: sequence, now: 0) }

    /// Freezes and flushes on this thread.
    @discardableResult
    func flush() -> Bool {
        freeze()
        return flusher.flushOldest()
    }

    func snapshot() -> Snapshot {
        Snapshot(view: memtables.view(), readers: store.readers, partitioning: store.partitioning, now: store.now)
    }

    /// The same data after a restart; what was not flushed is gone, for there is no log here.
    func reopened() throws -> FilesWorld {
        try FilesWorld(disk: disk, catalog: catalog, settings: environment.settings)
    }

    func points(
        _ series: StoredSeries, in range: TimeRange = .all, _ order: TimeOrder = .ascending
    ) throws -> [Point] {
        try readAll(snapshot().points(of: series, in: range, order: order))
    }
}

func readAll(_ cursor: SeriesCursor) throws -> [Point] {
    var cursor = cursor
    var points: [Point] = []
    while let block = try cursor.next() {
        guard (1...SeriesCursor.blockPointsMax).contains(block.count), block.values.count == block.count else {
            throw StorageError(.corrupt, "a block of \(block.count) points")
        }
        points += boxed(block)
    }
    return points
}

/// Series of two databases; the order of their ids is not the order of their names.
let testSeries: [SeriesID: StoredSeries] = {
    var all: [SeriesID: StoredSeries] = [:]
    for (index, type) in DataType.allCases.enumerated() {
        for (database, path) in ["root.plant", "root.`a/b`"].enumerated() {
            for device in 0..<2 {
                let id = SeriesID(rawValue: UInt32(index * 100 + database * 10 + device))
                all[id] = StoredSeries(
                    id: id, database: DatabaseID(rawValue: UInt32(database) + 1), databasePath: path,
                    device: TsFileDeviceID(path: [
                        "root", path.split(separator: ".").last.map(String.init) ?? "", "d\(9 - device)",
                    ]),
                    measurement: "s\(20 - index)", type: type, encoding: type.defaultTsFileEncoding, compressor: .lz4)
            }
        }
    }
    return all
}()

func testSeries(_ type: DataType, database: Int = 0, device: Int = 0) -> StoredSeries {
    let index = DataType.allCases.firstIndex(of: type) ?? 0
    guard let series = testSeries[SeriesID(rawValue: UInt32(index * 100 + database * 10 + device))] else {
        preconditionFailure("every type has its series")
    }
    return series
}
