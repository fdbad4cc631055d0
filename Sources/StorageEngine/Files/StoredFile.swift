// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel

/// A TsFile that the catalog names. Who holds it can read it, even when compaction has replaced it meanwhile.
final class StoredFile: Sendable {
    let record: FileRecord
    /// Why nothing of it can be read: it was missing or had another size at start.
    let problem: StorageError?
    /// What it has in common with earlier and later records of the same file.
    let body: FileBody

    init(record: FileRecord, problem: StorageError? = nil, fileSystem: any StorageFileSystem) {
        self.record = record
        self.problem = problem
        body = FileBody(
            path: "\(FileName.folder)/\(record.name)", partitionsAtFirst: record.partitions.count,
            fileSystem: fileSystem)
    }

    private init(record: FileRecord, of file: StoredFile) {
        self.record = record
        problem = file.problem
        body = file.body
    }

    /// The same file, of which fewer partitions count.
    func keeping(_ partitions: [Int64]) -> StoredFile {
        var record = record
        record.partitions = partitions
        return StoredFile(record: record, of: self)
    }

    /// In the data folder.
    var path: String { body.path }

    /// For messages.
    var displayName: String { body.fileSystem.displayName(of: path) }

    var timeRange: TimeRange { TimeRange(record.minTime, record.maxTime) }

    /// Why it is no input of compactions: the problem at start, or damage that a reader met since.
    var damage: StorageError? { problem ?? body.damage }

    /// Has the file removed from the disk when its last holder lets go.
    func markObsolete() { body.markObsolete() }

    /// Opens it for reading.
    func open() throws(StorageError) -> any StorageFile { try body.fileSystem.openFile(path) }
}

/// A TsFile on the disk, whatever the catalog says of it at different moments; removed with its last holder if it is obsolete.
final class FileBody: Sendable {
    let path: String
    /// How many partitions counted when it was written, or at the last start.
    let partitionsAtFirst: Int
    let fileSystem: any StorageFileSystem
    private let obsolete = Atomic(false)
    private let found = Mutex<StorageError?>(nil)

    init(path: String, partitionsAtFirst: Int, fileSystem: any StorageFileSystem) {
        self.path = path
        self.partitionsAtFirst = partitionsAtFirst
        self.fileSystem = fileSystem
    }

    deinit {
        guard isObsolete else { return }
        // What cannot be removed now is a leftover that the next start removes.
        try? fileSystem.remove(path)
    }

    var isObsolete: Bool { obsolete.load(ordering: .acquiring) }

    func markObsolete() { obsolete.store(true, ordering: .releasing) }

    /// What a reader found to be wrong with it.
    var damage: StorageError? { found.withLock { $0 } }

    /// Keeps the first damage; true if it is news.
    func noteDamage(_ error: StorageError) -> Bool {
        found.withLock { found in
            guard found == nil else { return false }
            found = error
            return true
        }
    }
}
