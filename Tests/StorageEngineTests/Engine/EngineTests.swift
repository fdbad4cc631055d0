// SPDX-License-Identifier: Apache-2.0

import Catalog
import Glibc
import Logging
import ServerMetrics
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// Waits for a ticket on the test's thread.
final class WaitingCompletion: CommitCompletion {
    private let state = Mutex<(through: UInt64, failure: StorageError?)>((0, nil))
    private let wakeUp = WakeUp()

    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
        state.withLock { state in
            state.through = ticket
            if case .failure(let error) = result { state.failure = error }
        }
        wakeUp.signal()
    }

    func wait(for ticket: UInt64) throws {
        while true {
            let (through, failure) = state.withLock { $0 }
            if let failure { throw failure }
            if through >= ticket { return }
            wakeUp.wait()
        }
    }
}

/// An engine with its threads, on any file system.
func openEngine(
    _ fileSystem: any StorageFileSystem, _ catalog: SimulatedCatalog, _ settings: StorageSettings = StorageSettings(),
    metrics: MetricsRegistry = MetricsRegistry()
) throws -> StorageEngine {
    let clock = TestClock()
    return try StorageEngine.open(
        settings: settings, fileSystem: fileSystem, catalog: catalog, wallClock: clock, monotonicClock: clock,
        participants: [], metrics: metrics, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

func writeRow(
    _ engine: StorageEngine, _ device: String, _ time: Int64, _ value: Double, ticket: UInt64,
    _ completion: any CommitCompletion
) throws {
    let series = try engine.schema.createSeries(
        device: DevicePath(canonical: ["root", "sg", device]), isAligned: false, measurements: [("s", .double)])
    var tablet = Tablet()
    tablet.times = [time]
    tablet.addColumn(series: try series[0].get().id, type: .double)
    tablet.columns[0].values.append(.double(value))
    var batch = WriteBatch()
    batch.append(tablet)
    try engine.append(&batch, ticket: ticket, completion: completion)
}

func pointCount(_ engine: StorageEngine) throws -> Int {
    var count = 0
    for series in engine.schema.series(matching: .all) {
        var cursor = engine.snapshot().points(of: series, in: .all, order: .ascending)
        while let block = try cursor.next() { count += block.count }
    }
    return count
}

/// A folder below the system's temporary one, removed at the end.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/apus-storage-XXXXXX".utf8CString)
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) } ?? "/tmp"
        }
    }

    deinit {
        precondition(path.hasPrefix("/tmp/apus-storage-"))
        Self.remove(POSIXFileSystem(folder: path), "")
        unsafe rmdir(path)
    }

    private static func remove(_ fileSystem: POSIXFileSystem, _ folder: String) {
        for name in (try? fileSystem.list(folder)) ?? [] {
            let path = folder.isEmpty ? name : folder + "/" + name
            if (try? fileSystem.remove(path)) == nil {
                remove(fileSystem, path)
                try? fileSystem.removeFolder(path)
            }
        }
    }
}

@Suite struct EngineTests {
    @Test func rowsAreDurableVisibleAndBackOnARealDisk() throws {
        let folder = TemporaryFolder()
        let catalog = SimulatedCatalog(disk: SimulatedDisk())
        let metrics = MetricsRegistry()
        let engine = try openEngine(POSIXFileSystem(folder: folder.path + "/a/b"), catalog, metrics: metrics)
        let completion = WaitingCompletion()
        for ticket in 1...200 {
            try writeRow(engine, "d\(ticket % 7)", Int64(ticket), 1, ticket: UInt64(ticket), completion)
        }
        try completion.wait(for: 200)
        #expect(try pointCount(engine) == 200)
        try engine.flush()
        #expect(try catalog.load().files.reduce(0) { $0 + $1.pointCount } == 200)
        try writeRow(engine, "d1", 1_000, 1, ticket: 201, completion)
        try completion.wait(for: 201)
        #expect(try pointCount(engine) == 201)
        let commits = metrics.samples().first { $0.name == "apus_log_commits_total" }?.value ?? 0
        #expect(commits >= 2 && commits <= 201)
        try engine.close()
        #expect(!engine.state.acceptsWrites && engine.state.isClosed)
        #expect(throws: StorageError.self) { try writeRow(engine, "d1", 1, 1, ticket: 202, completion) }
        try engine.close()
        let again = try openEngine(POSIXFileSystem(folder: folder.path + "/a/b"), catalog)
        #expect(try pointCount(again) == 201)
        // Closing flushed: nothing was left to replay.
        #expect(try catalog.load().files.reduce(0) { $0 + $1.pointCount } == 201)
        try again.close()
    }

    @Test func manyThreadsWriteAtOnce() throws {
        let disk = SimulatedDisk()
        var settings = StorageSettings()
        settings.memtableBytesMax = 64 * 1024
        settings.segmentBytesMax = 20_000
        let engine = try openEngine(disk, SimulatedCatalog(disk: disk), settings)
        let failures = Mutex(0)
        let threads = try (0..<4).map { worker in
            try WorkerThread(name: "worker") {
                let completion = WaitingCompletion()
                do {
                    for ticket in 1...300 {
                        try writeRow(engine, "w\(worker)", Int64(ticket), 1, ticket: UInt64(ticket), completion)
                        if ticket % 50 == 0 { try completion.wait(for: UInt64(ticket)) }
                    }
                    try completion.wait(for: 300)
                } catch { failures.withLock { $0 += 1 } }
            }
        }
        for thread in threads { thread.join() }
        #expect(failures.withLock { $0 } == 0)
        #expect(try pointCount(engine) == 1_200)
        try engine.close()
    }

    @Test func flushAndSyncWorkFromTasks() async throws {
        let disk = SimulatedDisk()
        let catalog = SimulatedCatalog(disk: disk)
        let engine = try openEngine(disk, catalog)
        try engine.schema.createDatabase(["root", "x"])
        try await engine.sync()
        try writeRow(engine, "d", 1, 1, ticket: 1, WaitingCompletion())
        try await engine.flush()
        #expect(try catalog.load().files.count == 1)
        #expect(try catalog.load().databases.map(\.path) == ["root.x", "root.sg"])
        try await engine.flush()
        #expect(try catalog.load().files.count == 1)
        try engine.close()
        await #expect(throws: StorageError.self) { try await engine.flush() }
    }

    @Test func onlyOneOwner() throws {
        let folder = TemporaryFolder()
        let catalog = SimulatedCatalog(disk: SimulatedDisk())
        let fileSystem = POSIXFileSystem(folder: folder.path)
        let engine = try openEngine(fileSystem, catalog)
        let error = #expect(throws: StorageError.self) { try openEngine(fileSystem, catalog) }
        #expect(error?.code == .locked && error?.message.contains("\(folder.path)/LOCK") == true)
        try engine.close()
        try openEngine(fileSystem, catalog).close()
    }

    @Test func aFolderOfANewerVersionIsRefused() throws {
        let disk = SimulatedDisk()
        let catalog = SimulatedCatalog(disk: disk)
        try openEngine(disk, catalog).close()
        #expect(disk.content(of: "format-version") == Array("1\n".utf8))
        for content in ["2\n", "x", ""] {
            disk.overwrite("format-version", with: Array(content.utf8))
            let error = #expect(throws: StorageError.self) { try openEngine(disk, catalog) }
            #expect(error?.code == .incompatible)
        }
        disk.overwrite("format-version", with: Array("1\n".utf8))
        try openEngine(disk, catalog).close()
    }

    @Test func precisionAndPartitionAreFixedOnceThereIsData() throws {
        let disk = SimulatedDisk()
        let catalog = SimulatedCatalog(disk: disk)
        try openEngine(disk, catalog).close()
        var settings = StorageSettings()
        settings.precision = .nanoseconds
        settings.partitionIntervalMilliseconds = 3_600_000
        // No data yet.
        var engine = try openEngine(disk, catalog, settings)
        let completion = WaitingCompletion()
        try writeRow(engine, "d", 1, 1, ticket: 1, completion)
        try completion.wait(for: 1)
        // Even when the data is only in the log.
        disk.kill()
        var changed = settings
        changed.precision = .milliseconds
        var error = #expect(throws: StorageError.self) { try openEngine(disk, catalog, changed) }
        #expect(error?.code == .incompatible && error?.message.contains("timestamp_precision=ms") == true)
        changed = settings
        changed.partitionIntervalMilliseconds = 7_200_000
        error = #expect(throws: StorageError.self) { try openEngine(disk, catalog, changed) }
        #expect(error?.code == .incompatible && error?.message.contains("time_partition_interval") == true)
        engine = try openEngine(disk, catalog, settings)
        #expect(try pointCount(engine) == 1)
        try engine.close()
    }

    @Test func anOldMemtableIsFrozenByItsAge() throws {
        let world = LogWorld()
        world.settings.memtableAgeMaxMilliseconds = 1_000
        try world.commit([("a", 1, 1)])
        #expect(try world.engine().engine.memtables.frozenCount == 0)
        let writer = try world.engine().writer
        #expect(writer.nanosecondsUntilOld == 1_000_000_000)
        world.clock.advance(milliseconds: 1_000)
        #expect(try world.engine().settle())
        #expect(try world.engine().engine.memtables.frozenCount == 1)
    }
}
