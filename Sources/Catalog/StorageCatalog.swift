// SPDX-License-Identifier: Apache-2.0

/// All that the engine must know at start before it replays the log.
package struct CatalogState: Sendable, Equatable {
    package var databases: [DatabaseRecord] = []
    package var devices: [DeviceRecord] = []
    package var series: [SeriesRecord] = []
    /// In version order.
    package var files: [FileRecord] = []
    /// By sequence, then by pattern and times.
    package var deletions: [DeletionRecord] = []
    /// By pattern.
    package var timeToLives: [TimeToLiveRecord] = []
    /// Everything up to this log sequence is in files or in the catalog; replay starts after it.
    package var flushedThrough: UInt64 = 0
    /// Small facts fixed at first start, for example `timestamp_precision`; keys rise from no fixed list.
    package var facts: [String: String] = [:]

    package init() {}
}

/// One checkpoint: all of it is recorded, or none (design section 4.4). Of what is both put and removed, files are put and
/// everything else is removed.
package struct CheckpointTransaction: Sendable, Equatable {
    package var databases: [DatabaseRecord] = []
    package var devices: [DeviceRecord] = []
    package var series: [SeriesRecord] = []
    /// Ids; what belongs to them is removed on its own.
    package var removedDatabases: [UInt32] = []
    package var removedDevices: [UInt32] = []
    package var removedSeries: [UInt32] = []
    package var addedFiles: [FileRecord] = []
    /// Versions.
    package var removedFiles: [UInt64] = []
    package var addedDeletions: [DeletionRecord] = []
    package var removedDeletions: [DeletionRecord] = []
    package var timeToLives: [TimeToLiveRecord] = []
    /// Patterns.
    package var removedTimeToLives: [String] = []
    package var participantChanges: [ParticipantChange] = []
    /// nil = unchanged (compaction).
    package var flushedThrough: UInt64?
    package var facts: [String: String] = [:]

    package init() {}
}

/// Why the catalog could not be read or written.
package struct CatalogError: Error, Sendable, CustomStringConvertible {
    /// Whether the same call may succeed later (disk full, I/O error) or the file itself is damaged or too new.
    package var isTemporary: Bool
    /// One sentence naming the file and the cause.
    package var message: String

    package init(isTemporary: Bool, message: String) {
        self.isTemporary = isTemporary
        self.message = message
    }

    package var description: String { message }
}

/// What the storage engine needs of a catalog. The real one is SQLite; tests use one on their simulated disk, where a
/// commit is one atomic step.
package protocol StorageCatalog: Sendable {
    /// Reads everything; blocking.
    func load() throws(CatalogError) -> CatalogState

    /// Records a checkpoint durably; blocking. Either all of it is there afterwards, or an error is thrown and none is.
    ///
    /// After a temporary error (a failed sync, say) a power failure may still bring the transaction to light: keep the files
    /// that it names until a later commit has succeeded. Repeating it is harmless.
    func commit(_ transaction: CheckpointTransaction) throws(CatalogError)

    /// A participant's durable entries with `key > after` (nil = from the first), in key order, at most `limit`.
    func entries(of participant: UInt8, after: [UInt8]?, limit: Int) throws(CatalogError) -> [ParticipantEntry]
}
