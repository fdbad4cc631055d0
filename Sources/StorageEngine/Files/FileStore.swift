// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Synchronization
import TimeSeriesModel

/// The folder of TsFiles: gives new files their names, and keeps the readers.
final class FileStore: Sendable {
    private struct State {
        var latestTime: Int64
        var latestVersion: UInt64
    }

    let environment: StorageEnvironment
    let readers: FileReaders
    let partitioning: Partitioning
    /// For everything that commits to the catalog.
    let gate = CommitGate()
    private let state: Mutex<State>

    init(environment: StorageEnvironment, latestTime: Int64, latestVersion: UInt64) {
        self.environment = environment
        partitioning = Partitioning(interval: environment.settings.partitionInterval)
        readers = FileReaders(openFilesMax: environment.settings.openFilesMax, logger: environment.logger)
        state = Mutex(State(latestTime: latestTime, latestVersion: latestVersion))
    }

    var fileSystem: any StorageFileSystem { environment.fileSystem }

    /// The name of a new file. Versions rise by one; times never run back, whatever the clock does (design section 4.7).
    func newName() -> FileName {
        let now = environment.wallClock.nanosecondsSinceEpoch() / 1_000_000
        return state.withLock { state in
            state.latestTime = max(state.latestTime, now)
            state.latestVersion += 1
            return FileName(time: state.latestTime, version: state.latestVersion)
        }
    }

    /// The moment, in the server's precision, for what expires.
    var now: Timestamp {
        environment.wallClock.nanosecondsSinceEpoch()
            / (1_000_000_000 / environment.settings.precision.unitsPerSecond)
    }

    /// The name of a file that takes the place of others: their latest time and their order, compacted once more. A version for
    /// its record comes with it.
    func newName(
        time: Int64, order: UInt64, innerCompactions: Int, crossCompactions: Int
    ) -> (name: FileName, version: UInt64) {
        let version = newName().version
        let name = FileName(
            time: time, version: order, innerCompactions: innerCompactions, crossCompactions: crossCompactions)
        return (name, version)
    }

    /// The file that the catalog is to name.
    func storedFile(_ record: FileRecord) -> StoredFile { StoredFile(record: record, fileSystem: fileSystem) }
}
