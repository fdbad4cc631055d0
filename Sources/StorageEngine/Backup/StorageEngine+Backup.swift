// SPDX-License-Identifier: Apache-2.0

package import Catalog
import ServerMetrics
import TimeSeriesModel

/// A catalog that can copy itself while it is used.
package protocol CopyableCatalog {
    /// Writes a consistent copy to a new file; blocking.
    func backup(to path: String) throws(CatalogError)
}

extension SQLiteCatalog: CopyableCatalog {}

extension StorageEngine {
    /// Writes everything that was acknowledged before into a backup folder; blocking, other work goes on. The folder holds a backup when
    /// the call returns, and the one before until then. Throws ``StorageError/Code/locked`` if another backup is written there.
    package func backup(_ request: BackupRequest) throws(StorageError) -> BackupManifest {
        guard let catalog = environment.catalog as? any CopyableCatalog else {
            throw StorageError(.catalog, "this catalog cannot be copied")
        }
        try request.target.makeFolder("")
        let lock = try request.target.lock(DataFolder.lockName)
        defer { lock.release() }
        try checkTarget(request)
        let created = environment.wallClock.nanosecondsSinceEpoch() / 1_000_000
        let (files, sequence, stored) = try copyFlushed(catalog, to: request.target, created: created)
        let manifest = BackupManifest(
            apus: request.program, layout: DataFolder.formatVersion, created: created, sequence: sequence,
            settings: FixedFacts(environment.settings).values)
        var writer = BackupWriter(source: environment.fileSystem, request: metered(request), manifest: manifest)
        try writer.add(catalog: stored)
        try writer.add(files)
        try writer.finish()
        return writer.manifest
    }

    /// Shows the progress as metrics, too.
    private func metered(_ request: BackupRequest) -> BackupRequest {
        let metrics = environment.metrics
        let total = metrics.gauge("apus_backup_bytes", help: "Bytes of the backup under way, or of the last one.")
        let done = metrics.gauge("apus_backup_done_bytes", help: "Bytes of it that are done.")
        var metered = request
        metered.progress = { bytes, all in
            total.set(Int64(all))
            done.set(Int64(bytes))
            request.progress(bytes, all)
        }
        return metered
    }

    /// A backup never goes into a data folder, where its cleaning up would remove files.
    private func checkTarget(_ request: BackupRequest) throws(StorageError) {
        guard try !request.target.exists(FolderCheck.catalogName), try !request.target.exists(SegmentName.folder) else {
            throw StorageError(
                .exists, "\(request.target.displayName(of: "")) is a data folder; name a folder for backups")
        }
    }

    /// Flushes and copies. A merge may have applied a deletion that was logged after the flush: its file is from a later moment than the
    /// checkpoint, and the sequences of a restored log would begin below it. Then all of it is done again.
    private func copyFlushed(
        _ catalog: any CopyableCatalog, to target: any StorageFileSystem, created: Int64
    ) throws(StorageError) -> (files: [StoredFile], sequence: LogSequence, stored: String) {
        for _ in 0..<Self.backupAttemptsMax {
            try flush()
            let copy = try copyCatalog(catalog, to: target, created: created)
            guard copy.files.contains(where: { $0.record.throughSequence > copy.sequence }) else { return copy }
            try target.remove(copy.stored)
        }
        throw StorageError(.overloaded, "files are merged and rows deleted too fast for a backup; try it again later")
    }

    /// How often a backup begins anew at most.
    private static let backupAttemptsMax = 16

    /// The catalog of one moment, and the files that it names: while neither flush nor compaction commits. Who holds the files keeps
    /// them on the disk.
    private func copyCatalog(
        _ catalog: any CopyableCatalog, to target: any StorageFileSystem, created: Int64
    ) throws(StorageError) -> (files: [StoredFile], sequence: LogSequence, stored: String) {
        try files.gate.run { () throws(StorageError) in
            let sequence = flusher.flushedThrough
            let stored = BackupWriter.catalogName(sequence: sequence, created: created)
            if try target.exists(stored) { try target.remove(stored) }
            do throws(CatalogError) {
                try catalog.backup(to: target.displayName(of: stored))
            } catch {
                throw StorageError(.catalog, error.message)
            }
            return (memtables.view().files.all(), sequence, stored)
        }
    }
}
