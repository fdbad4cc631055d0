// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import Logging
package import ServerMetrics
package import TimeSeriesModel

/// Durable, queryable time series: log, memtables, files, schema (design section 4). One owner a data folder.
package final class StorageEngine: Sendable {
    let environment: StorageEnvironment
    package let schema: SchemaStore

    init(environment: StorageEnvironment, schema: SchemaStore) {
        self.environment = environment
        self.schema = schema
    }
    /// Opens the data folder: lock, catalog, log; blocks until everything acknowledged is back.
    package static func open(
        settings: StorageSettings, fileSystem: any StorageFileSystem, catalog: any StorageCatalog,
        wallClock: any WallClock, monotonicClock: any MonotonicClock, participants: [any LogParticipant],
        metrics: MetricsRegistry, logger: Logger
    ) throws(StorageError) -> StorageEngine {
        throw StorageError(.closed, "not built yet")
    }

    /// What the engine can do now.
    package var state: EngineState { EngineState(acceptsWrites: false, failure: nil, isClosed: false) }

    /// Takes the content of `batch` (which stays empty, with memory) to the log; `completion` hears when everything up
    /// to `ticket` is durable and visible. Tickets of one completion object rise. An empty batch is a barrier.
    package func append(_ batch: inout WriteBatch, ticket: UInt64, completion: any CommitCompletion)
        throws(StorageError)
    {
        throw StorageError(.closed, "not built yet")
    }

    /// Blocks until everything acknowledged before is in TsFiles.
    package func flush() throws(StorageError) {}

    /// Finishes the commit under way, flushes, closes; blocking.
    package func close() throws(StorageError) {}
}
