// SPDX-License-Identifier: Apache-2.0

package import AccessControl
package import Ingestion
package import Logging
package import StorageEngine
package import TimeSeriesModel

/// SQL for all doors: one way to parse, judge and execute statements.
package final class QueryService: Sendable {
    let storage: StorageEngine
    let ingestion: IngestionService
    let access: AccessController
    let settings: QuerySettings
    let wallClock: any WallClock
    let views: [any SystemView]
    let logger: Logger
    let pools: StatementPools
    let loading = LoadGate()

    /// Starts the query threads.
    package init(
        storage: StorageEngine, ingestion: IngestionService, access: AccessController, settings: QuerySettings,
        wallClock: any WallClock, views: [any SystemView], logger: Logger
    ) {
        self.storage = storage
        self.ingestion = ingestion
        self.access = access
        self.settings = settings
        self.wallClock = wallClock
        self.views =
            views + [
                VariablesView(settings), FilesView(storage: storage), StorageView(storage: storage),
                CompactionsView(storage: storage),
            ]
        self.logger = logger
        pools = StatementPools(settings)
    }

    /// A session of an authenticated user. `zoneID` is the zone of date-times without an offset (nil = the server's);
    /// an unknown one fails the statements that need it.
    package func session(for principal: Principal, zoneID: String?) -> QuerySession {
        QuerySession(service: self, principal: principal, zoneID: zoneID ?? settings.defaultZoneID)
    }

    /// Ends the threads after the work under way; blocking. Later statements are refused.
    package func close() {
        loading.close()
        pools.close()
    }
}
