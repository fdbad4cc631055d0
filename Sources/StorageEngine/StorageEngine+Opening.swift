// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import Logging
package import ServerMetrics
package import TimeSeriesModel

extension StorageEngine {
    /// Opens the data folder: lock, catalog, files, log; blocks until everything acknowledged is back.
    ///
    /// `folder` is the claim on the data folder where the caller made it first (to open its catalog safely). Throws
    /// ``StorageError/Code/locked``, ``StorageError/Code/incompatible`` (a newer version's folder, or other values of settings
    /// that cannot change), ``StorageError/Code/corrupt`` (naming file and offset), or what the disk says.
    package static func open(
        settings: StorageSettings, fileSystem: any StorageFileSystem, catalog: any StorageCatalog,
        wallClock: any WallClock, monotonicClock: any MonotonicClock, participants: [any LogParticipant],
        metrics: MetricsRegistry, logger: Logger, folder: DataFolder? = nil
    ) throws(StorageError) -> StorageEngine {
        let environment = StorageEnvironment(
            settings: settings, fileSystem: fileSystem, catalog: catalog, wallClock: wallClock,
            monotonicClock: monotonicClock, metrics: metrics, logger: logger)
        return try open(environment, participants: participants, folder: folder)
    }

    static func open(
        _ environment: StorageEnvironment, participants: [any LogParticipant], folder: DataFolder? = nil
    ) throws(StorageError) -> StorageEngine {
        let claim = if let folder { folder } else { try DataFolder.claim(environment.fileSystem) }
        do throws(StorageError) {
            let (engine, writer) = try recover(environment, claim, participants, isSingleThreaded: false)
            try engine.start(writer)
            return engine
        } catch {
            claim.release()
            throw error
        }
    }

    /// Everything but the threads: the engine as the last stop left it, and the writer to go on with.
    static func recover(
        _ environment: StorageEnvironment, _ folder: DataFolder, _ participants: [any LogParticipant],
        isSingleThreaded: Bool
    ) throws(StorageError) -> (engine: StorageEngine, writer: LogWriter) {
        let state: CatalogState
        do throws(CatalogError) {
            state = try environment.catalog.load()
        } catch {
            throw StorageError(.catalog, error.message)
        }
        try state.checkNumbers()
        let schema = SchemaStore(settings: environment.settings)
        try schema.load(state)
        let found = try SegmentFolder(
            fileSystem: environment.fileSystem, flushedThrough: state.flushedThrough, logger: environment.logger)
        try FixedFacts(environment.settings).check(
            state, hasData: !state.series.isEmpty || !state.files.isEmpty || !found.hasNoRecords,
            catalog: environment.catalog)
        let (files, fileSet) = try FileStore.open(environment: environment, state: state)
        let memtables = MemtableSet(
            files: fileSet, now: environment.monotonicClock.nanoseconds(),
            deletions: try DeletionSet(records: state.deletions))
        let segments = SegmentRegistry(fileSystem: environment.fileSystem, logger: environment.logger)
        let flusher = Flusher(
            environment: environment, memtables: memtables, store: files, flushedThrough: state.flushedThrough,
            source: LogCheckpoint(
                schema: schema, memtables: memtables, participants: participants, segments: segments),
            directory: { [schema] in schema.storableEntry(of: $0).map(StoredSeries.init) },
            isDropped: { [schema] in schema.wasGiven($0) })
        var recovery = LogRecovery(
            environment: environment, schema: schema, memtables: memtables, flusher: flusher,
            participants: participants, flushedThrough: state.flushedThrough)
        let replayed = try recovery.replay(found, registry: segments)
        let engine = StorageEngine(
            environment: environment, folder: folder, schema: schema, memtables: memtables, files: files,
            flusher: flusher, segments: segments)
        // First what is not needed any more: a full disk may have no room for a new segment.
        found.removeLeftovers()
        segments.remove(through: flusher.flushedThrough)
        var chain = SegmentChain(
            fileSystem: environment.fileSystem, registry: segments, after: replayed.end,
            abandoned: replayed.abandoned, random: environment.random)
        try chain.start(firstSequence: replayed.nextSequence)
        let writer = LogWriter(
            environment: environment, schema: schema, memtables: memtables, flusher: flusher, queue: engine.queue,
            health: engine.health, participants: participants, chain: chain, nextSequence: replayed.nextSequence,
            lastFrozen: recovery.lastFrozen, isSingleThreaded: isSingleThreaded)
        engine.registerMetrics()
        return (engine, writer)
    }

    private func registerMetrics() {
        registerFileMetrics()
        compactor.registerMetrics()
        let metrics = environment.metrics
        metrics.observe("apus_log_queue_bytes", help: "Bytes of batches that wait for the log.") { [queue] in
            Double(queue.byteCount)
        }
        metrics.observe("apus_log_sealed_bytes", help: "Bytes of log segments that wait for a checkpoint.") {
            [segments] in
            Double(segments.total.bytes)
        }
        metrics.observe("apus_memtable_bytes", help: "Bytes of the memtables.") { [memtables] in
            Double(memtables.byteCount)
        }
        metrics.observe("apus_databases", help: "Databases.") { [schema] in Double(schema.databaseCount) }
        metrics.observe("apus_devices", help: "Devices.") { [schema] in Double(schema.deviceCount) }
        metrics.observe("apus_series", help: "Series.") { [schema] in Double(schema.seriesCount) }
        metrics.observe("apus_schema_bytes", help: "Estimated memory of the schema.") { [schema] in
            Double(schema.byteCount)
        }
        metrics.observe("apus_log_writable", help: "1 while the log can be written, else 0.") { [health] in
            health.state.acceptsWrites ? 1 : 0
        }
    }
}
