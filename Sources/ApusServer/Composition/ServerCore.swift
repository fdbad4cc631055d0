// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import Ingestion
import QueryEngine
import ServerMetrics
import StorageEngine
import Synchronization

/// Everything below the doors: catalog, users, storage, ingestion, queries.
final class ServerCore: Sendable {
    let metrics: MetricsRegistry
    let catalog: SQLiteCatalog
    let access: AccessController
    let storage: StorageEngine
    let ingestion: IngestionService
    let query: QueryService

    /// Opens the data folder and recovers; blocking. Nothing stays open when it throws.
    init(settings: ServerSettings, log: ServerLog) throws(StartError) {
        let folder = try OwnedFolder(settings.dataFolder)
        metrics = MetricsRegistry()
        catalog = try folder.openCatalog()
        do {
            let clock = SystemWallClock()
            access = try AccessController(
                catalog: catalog, settings: settings.access, wallClock: clock, logger: log("access"))
            let deadLetters = try DeadLetterStore(settings: settings.deadLetters, catalog: catalog)
            storage = try StorageEngine.open(
                settings: settings.storage, fileSystem: folder.fileSystem, catalog: catalog, wallClock: clock,
                monotonicClock: SystemMonotonicClock(), participants: [deadLetters], metrics: metrics,
                logger: log("storage"), folder: folder.claim)
            ingestion = IngestionService(
                settings: settings.ingestion, storage: storage, access: access, deadLetters: deadLetters,
                wallClock: clock)
            query = QueryService(
                storage: storage, ingestion: ingestion, access: access, settings: settings.query, wallClock: clock,
                views: [DeadLettersView(deadLetters, precision: settings.query.precision), MetricsView(metrics)],
                logger: log("query"))
        } catch {
            try? catalog.close()
            folder.claim.release()
            throw StartError("the data folder \(settings.dataFolder) cannot be opened: \(error)")
        }
        ProcessMetrics.register(in: metrics)
    }

    /// Finishes the commit under way, flushes and closes; blocking.
    func close() throws {
        query.close()
        // The catalog is closed in any case: SQLite then moves its log into the file.
        defer { try? catalog.close() }
        try storage.close()
    }
}
