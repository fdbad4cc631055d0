// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import StorageTestSupport
import TimeSeriesModel

@testable import StorageEngine

/// A data folder on the real disk with an engine, and folders for backups beside it.
final class BackupWorld {
    let folder = TemporaryFolder()
    private(set) var engine: StorageEngine
    private let catalog: SQLiteCatalog
    private let completion = WaitingCompletion()
    private var ticket: UInt64 = 0

    init(_ settings: StorageSettings = StorageSettings()) throws {
        (engine, catalog) = try Self.open(POSIXFileSystem(folder: "\(folder.path)/data"), settings)
    }

    deinit { close() }

    func close() {
        try? engine.close()
        try? catalog.close()
    }

    static func open(
        _ fileSystem: POSIXFileSystem, _ settings: StorageSettings = StorageSettings()
    ) throws -> (StorageEngine, SQLiteCatalog) {
        try fileSystem.makeFolder("")
        let catalog = try SQLiteCatalog(path: fileSystem.displayName(of: FolderCheck.catalogName))
        let clock = TestClock()
        let engine = try StorageEngine.open(
            settings: settings, fileSystem: fileSystem, catalog: catalog, wallClock: clock, monotonicClock: clock,
            participants: [], metrics: MetricsRegistry(), logger: CheckSilence.logger)
        return (engine, catalog)
    }

    /// A row that is acknowledged.
    func write(_ device: String, at time: Int64, _ value: Double = 1) throws {
        ticket += 1
        try writeRow(engine, device, time, value, ticket: ticket, completion)
        try completion.wait(for: ticket)
    }

    func target(_ name: String) -> POSIXFileSystem { POSIXFileSystem(folder: "\(folder.path)/\(name)") }

    func backup(to name: String, base: String? = nil) throws -> BackupManifest {
        try engine.backup(
            BackupRequest(target: target(name), base: base.map(target), program: "test"))
    }

    /// Restores a backup into a new folder and returns the times of the series `s` of a device that a server finds there.
    func restoredTimes(of manifest: BackupManifest, in name: String, device: String) throws -> [Int64] {
        let new = target("\(name)-restored")
        try BackupReader(source: target(name), manifest: manifest).restore(to: new)
        let (engine, catalog) = try Self.open(new)
        defer {
            try? engine.close()
            try? catalog.close()
        }
        var times: [Int64] = []
        for series in engine.schema.series(matching: .all) where series.device.path.nodes.last == device {
            var cursor = engine.snapshot().points(of: series, in: .all, order: .ascending)
            while let block = try cursor.next() { times += block.times }
        }
        return times
    }
}
