// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import Synchronization

/// What a piece of maintenance changes, all at once: files that go, others that give partitions away, and new ones.
struct CompactionResult: Sendable {
    var removed: [StoredFile] = []
    /// As they were, and as they are to be.
    var shrunk: [(before: StoredFile, after: StoredFile)] = []
    var added: [FileRecord] = []
    var deletions: [Deletion] = []
    var pointsDropped: UInt64 = 0
    var bytesRead: UInt64 = 0

    var isEmpty: Bool { removed.isEmpty && shrunk.isEmpty && added.isEmpty && deletions.isEmpty }

    var transaction: CheckpointTransaction {
        var transaction = CheckpointTransaction()
        transaction.addedFiles = added + shrunk.map(\.after.record)
        transaction.removedFiles = removed.map(\.record.version)
        transaction.removedDeletions = deletions.map(\.record)
        return transaction
    }

    /// Takes partitions away from a file, which goes if none is left.
    mutating func take(_ partitions: Set<Int64>, from file: StoredFile) {
        let kept = file.record.partitions.filter { !partitions.contains($0) }
        guard kept.count < file.record.partitions.count else { return }
        if kept.isEmpty { removed.append(file) } else { shrunk.append((file, file.keeping(kept))) }
    }
}

extension Compactor {
    /// Makes a change durable and visible in one step. An error leaves everything as it was, though the catalog may have taken
    /// it: what it names must stay on the disk.
    func commit(_ result: CompactionResult) throws(StorageError) {
        try store.gate.run { () throws(StorageError) in
            do throws(CatalogError) {
                try environment.catalog.commit(result.transaction)
            } catch {
                throw StorageError(.catalog, "the catalog did not take a compaction: \(error)")
            }
            memtables.replace(
                result.removed + result.shrunk.map(\.before),
                with: result.added.map(store.storedFile) + result.shrunk.map(\.after))
            if !result.deletions.isEmpty { memtables.removeDeletions(result.deletions) }
        }
        for file in result.removed { store.readers.close(file) }
    }

    /// Tries a commit again that may have happened; nothing else is done before it has.
    func finishUncertain() throws(StorageError) -> Bool {
        guard let result = state.withLock({ $0.uncertain }) else { return false }
        try commit(result)
        state.withLock { $0.uncertain = nil }
        succeeded(result)
        return true
    }

    /// Counts a merge.
    func succeeded(_ result: CompactionResult) {
        metrics.tasks.increment()
        metrics.bytesRead.increment(by: result.bytesRead)
        metrics.bytesWritten.increment(by: result.added.reduce(0) { $0 + $1.byteCount })
        metrics.filesIn.increment(by: UInt64(result.removed.count + result.shrunk.count))
        metrics.filesOut.increment(by: UInt64(result.added.count))
        metrics.pointsDropped.increment(by: result.pointsDropped)
        let failures = state.withLock { state in
            state.running = nil
            state.latestFailure = nil
            return state.log.succeeded()
        }
        if failures > 0 {
            environment.logger.notice("compactions succeed again", metadata: ["failed": "\(failures)"])
        }
    }
}
