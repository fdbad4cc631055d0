// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import Logging
package import ServerMetrics
package import TimeSeriesModel

/// The world of a storage engine, handed down to its parts: everything outside is injected, so that tests own it.
package struct StorageEnvironment: Sendable {
    package let settings: StorageSettings
    package let fileSystem: any StorageFileSystem
    package let catalog: any StorageCatalog
    package let wallClock: any WallClock
    package let monotonicClock: any MonotonicClock
    package let metrics: MetricsRegistry
    package let logger: Logger
    /// 64 random bits.
    package let random: @Sendable () -> UInt64
    /// How threads begin.
    var threads = ThreadStart.system

    package init(
        settings: StorageSettings, fileSystem: any StorageFileSystem, catalog: any StorageCatalog,
        wallClock: any WallClock, monotonicClock: any MonotonicClock, metrics: MetricsRegistry, logger: Logger,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) }
    ) {
        self.settings = settings
        self.fileSystem = fileSystem
        self.catalog = catalog
        self.wallClock = wallClock
        self.monotonicClock = monotonicClock
        self.metrics = metrics
        self.logger = logger
        self.random = random
    }
}
