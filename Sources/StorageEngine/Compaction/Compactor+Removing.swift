// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import Synchronization
import TimeSeriesModel

/// Removing files as a whole.
extension Compactor {
    /// Removes what nobody can see any more, then what is over the limit. False if there is nothing.
    func removeWhole() throws(StorageError) -> Bool {
        let files = memtables.files.all()
        var result = CompactionResult()
        var reasons: [String] = []
        let surveys = state.withLock { $0.surveys }
        let deletions = memtables.deletions.all()
        for file in files {
            let before = result.removed.count
            guard let database = schema.databaseEntry(of: DatabaseID(rawValue: file.record.databaseID)) else {
                // What was dropped and is not in the log yet may come back after a crash.
                guard !memtables.hasRequests else { continue }
                result.removed.append(file)
                reasons.append("its database was dropped")
                continue
            }
            if deletions.contains(where: { $0.covers(file, of: database) }) {
                result.removed.append(file)
            } else if let survey = surveys[file.record.version] {
                result.take(Set(file.record.partitions).subtracting(survey.visiblePartitions), from: file)
            }
            if result.removed.count > before { reasons.append("everything in it is deleted or expired") }
        }
        if result.isEmpty { return try evict(files) }
        try commit(result)
        for (file, reason) in zip(result.removed, reasons) { removed(file, reason) }
        return true
    }

    private func removed(_ file: StoredFile, _ reason: String) {
        metrics.filesRemoved.increment()
        metrics.bytesRemoved.increment(by: file.record.byteCount)
        environment.logger.info(
            "a data file is removed", metadata: ["file": "\(file.displayName)", "reason": "\(reason)"])
    }

    /// Removes the oldest partition if the files take more than `disk_usage_limit`; never the present one, nor the latest of a
    /// database.
    private func evict(_ files: [StoredFile]) throws(StorageError) -> Bool {
        let limit = settings.diskBytesMax
        guard limit > 0 else { return false }
        // What a file holds of partitions that others have taken over goes when it is written again.
        let used = planned(files).values.joined().reduce(0) { $0 + $1.bytesPerPartition * UInt64($1.partitions.count) }
        guard used > UInt64(limit) else { return false }
        guard let oldest = oldestEvictable(files) else { return false }
        var result = CompactionResult()
        for file in files where file.record.databaseID == oldest.database {
            result.take([oldest.partition], from: file)
        }
        try commit(result)
        environment.logger.warning(
            "the oldest partition is removed: disk_usage_limit is exceeded",
            metadata: [
                "database": "\(schema.databaseEntry(of: DatabaseID(rawValue: oldest.database))?.path ?? "?")",
                "partition": "\(oldest.partition)", "limit": "\(limit)", "used": "\(used)",
                "files": "\(result.removed.map(\.displayName).joined(separator: ", "))",
            ])
        metrics.filesEvicted.increment(by: UInt64(result.removed.count))
        for file in result.removed { removed(file, "disk_usage_limit=\(limit) is exceeded") }
        return true
    }

    private func oldestEvictable(_ files: [StoredFile]) -> (database: UInt32, partition: Int64)? {
        let present = store.partitioning.partition(of: store.now)
        var latest: [UInt32: Int64] = [:]
        for file in files {
            latest[file.record.databaseID] = max(
                latest[file.record.databaseID] ?? .min, file.record.partitions.last ?? .min)
        }
        var oldest: (database: UInt32, partition: Int64)?
        for file in files {
            guard let partition = file.record.partitions.first, partition < present,
                partition < latest[file.record.databaseID] ?? .min
            else { continue }
            if oldest.map({ (partition, file.record.databaseID) < ($0.partition, $0.database) }) ?? true {
                oldest = (file.record.databaseID, partition)
            }
        }
        return oldest
    }
}

extension MemtableSet {
    /// Whether deletions are on their way to the log.
    var hasRequests: Bool { state.withLock { !$0.requested.isEmpty } }
}
