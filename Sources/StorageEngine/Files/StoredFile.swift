// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel

/// A TsFile that the catalog names. Who holds it can read it, even when compaction has replaced it meanwhile.
final class StoredFile: Sendable {
    let record: FileRecord
    /// Why it cannot be read: it was missing or had another size at start.
    let problem: StorageError?
    private let fileSystem: any StorageFileSystem
    private let isObsolete = Atomic(false)

    init(record: FileRecord, problem: StorageError? = nil, fileSystem: any StorageFileSystem) {
        self.record = record
        self.problem = problem
        self.fileSystem = fileSystem
    }

    deinit {
        guard isObsolete.load(ordering: .acquiring) else { return }
        // What cannot be removed now is a leftover that the next start removes.
        try? fileSystem.remove(path)
    }

    /// In the data folder.
    var path: String { "\(FileName.folder)/\(record.name)" }

    /// For messages.
    var displayName: String { fileSystem.displayName(of: path) }

    var timeRange: TimeRange { TimeRange(record.minTime, record.maxTime) }

    /// Has the file removed from the disk when its last holder lets go.
    func markObsolete() { isObsolete.store(true, ordering: .releasing) }

    /// Opens it for reading.
    func open() throws(StorageError) -> any StorageFile { try fileSystem.openFile(path) }
}
