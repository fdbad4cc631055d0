// SPDX-License-Identifier: Apache-2.0

package import AccessControl
package import StorageEngine
import Synchronization
package import TimeSeriesModel

/// The one way to write: what all doors share of it. Each worker has an ``Ingestor`` of its own.
package final class IngestionService: Sendable {
    package let settings: IngestionSettings
    package let storage: StorageEngine
    package let access: AccessController
    /// Refused payloads, kept for repair.
    package let deadLetters: DeadLetterStore
    private let wallClock: any WallClock
    private let arrivalTimes: Mutex<ArrivalTimes>

    package init(
        settings: IngestionSettings, storage: StorageEngine, access: AccessController, deadLetters: DeadLetterStore,
        wallClock: any WallClock
    ) {
        self.settings = settings
        self.storage = storage
        self.access = access
        self.deadLetters = deadLetters
        self.wallClock = wallClock
        arrivalTimes = Mutex(ArrivalTimes(devicesMax: settings.arrivalDevicesMax))
    }

    /// Milliseconds since the epoch, for reports.
    package func arrivalMilliseconds() -> Int64 { wallClock.nanosecondsSinceEpoch() / 1_000_000 }

    /// The wall clock in the server's precision.
    func now() -> Timestamp {
        wallClock.nanosecondsSinceEpoch() / (1_000_000_000 / settings.precision.unitsPerSecond)
    }

    /// An arrival time for a row of `device`: now, but at least one more than the last one given to it, because two
    /// values of one tick would overwrite each other.
    func arrivalTime(for device: DevicePath) -> Timestamp {
        let now = now()
        return arrivalTimes.withLock { $0.next(for: device.text, now: now) }
    }
}
