// SPDX-License-Identifier: Apache-2.0

package import Catalog
import StorageEngine
import Synchronization

/// A catalog on a ``SimulatedDisk``: a commit is one atomic, durable step there. One that fails may still have happened.
package final class SimulatedCatalog: StorageCatalog {
    fileprivate struct Contents {
        var state = CatalogState()
        var participants: [UInt8: [[UInt8]: [UInt8]]] = [:]
    }

    private let disk: SimulatedDisk
    private let contents = Mutex(Contents())

    package init(disk: SimulatedDisk) { self.disk = disk }

    package func load() throws(CatalogError) -> CatalogState {
        do throws(StorageError) {
            try disk.state.withLock { state throws(StorageError) in try state.askFault(.read, "catalog") }
        } catch {
            throw CatalogError(isTemporary: true, message: error.message)
        }
        return contents.withLock { $0.state }
    }

    package func commit(_ transaction: CheckpointTransaction) throws(CatalogError) {
        var failure: CatalogError?
        let isDoneAnyway = disk.state.withLock { state in
            do throws(StorageError) {
                try state.begin(.catalogCommit, "catalog")
                return true
            } catch {
                failure = CatalogError(isTemporary: true, message: error.message)
                return state.random.chance(50)
            }
        }
        if isDoneAnyway { contents.withLock { $0.apply(transaction) } }
        if let failure { throw failure }
    }

    package func entries(
        of participant: UInt8, after: [UInt8]?, limit: Int
    ) throws(CatalogError) -> [ParticipantEntry] {
        contents.withLock { contents in
            let entries = (contents.participants[participant] ?? [:]).sorted {
                $0.key.lexicographicallyPrecedes($1.key)
            }
            let rest = entries.filter { entry in after.map { $0.lexicographicallyPrecedes(entry.key) } ?? true }
            return rest.prefix(limit).map { ParticipantEntry(key: $0.key, value: $0.value) }
        }
    }
}

extension SimulatedCatalog.Contents {
    fileprivate mutating func apply(_ transaction: CheckpointTransaction) {
        state.databases = Self.merged(state.databases, transaction.databases, by: \.id)
        state.devices = Self.merged(state.devices, transaction.devices, by: \.id)
        state.series = Self.merged(state.series, transaction.series, by: \.id)
        applyRemovals(transaction)
        let removed = Set(transaction.removedFiles)
        state.files.removeAll { removed.contains($0.version) }
        state.files = Self.merged(state.files, transaction.addedFiles, by: \.version)
        for change in transaction.participantChanges {
            participants[change.participant, default: [:]][change.key] = change.value
        }
        if let sequence = transaction.flushedThrough { state.flushedThrough = sequence }
        state.facts.merge(transaction.facts) { $1 }
    }

    private mutating func applyRemovals(_ transaction: CheckpointTransaction) {
        let series = Set(transaction.removedSeries), devices = Set(transaction.removedDevices)
        let databases = Set(transaction.removedDatabases)
        state.series.removeAll { series.contains($0.id) }
        state.devices.removeAll { devices.contains($0.id) }
        state.databases.removeAll { databases.contains($0.id) }
        let removed = Set(transaction.removedDeletions)
        let deletions = Set(state.deletions).union(transaction.addedDeletions).subtracting(removed)
        state.deletions = deletions.sorted {
            ($0.sequence, $0.pattern, $0.lower, $0.upper) < ($1.sequence, $1.pattern, $1.lower, $1.upper)
        }
        state.timeToLives = Self.merged(state.timeToLives, transaction.timeToLives, by: \.pattern)
        state.timeToLives.removeAll { transaction.removedTimeToLives.contains($0.pattern) }
    }

    /// A commit may be repeated after one that was said to have failed: the same keys, put twice.
    private static func merged<Record, Key: Hashable & Comparable>(
        _ old: [Record], _ new: [Record], by key: (Record) -> Key
    ) -> [Record] {
        var records = Dictionary(uniqueKeysWithValues: old.map { (key($0), $0) })
        for record in new { records[key(record)] = record }
        return records.sorted { $0.key < $1.key }.map(\.value)
    }
}
