// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Synchronization
import TsFile

/// The open TsFiles: at most `openFilesMax`, the one that was used longest ago is closed for another.
///
/// A cursor holds its reader, so files that are being read stay open above the limit until their cursors end.
final class FileReaders: Sendable {
    private struct Entry {
        let reader: TsFileReader
        var lastUse: UInt64
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var uses: UInt64 = 0
    }

    /// `tsfile_open_files_max`; at least 1.
    let openFilesMax: Int
    let logger: Logger
    private let state = Mutex(State())

    init(openFilesMax: Int, logger: Logger) {
        self.openFilesMax = max(1, openFilesMax)
        self.logger = logger
    }

    /// How many are held open.
    var openCount: Int { state.withLock { $0.entries.count } }

    /// The reader of a file, opened if it is not.
    func reader(of file: StoredFile) throws(StorageError) -> TsFileReader {
        if let problem = file.problem { throw problem }
        // Unlike names and orders, versions are never given twice.
        let version = file.record.version
        let known = state.withLock { state -> TsFileReader? in
            state.uses += 1
            state.entries[version]?.lastUse = state.uses
            return state.entries[version]?.reader
        }
        if let known { return known }
        // Two threads may open the same file at once; the second reader serves its cursor and is not kept.
        let source = StorageFileSource(file: try file.open())
        let reader: TsFileReader
        do {
            reader = try TsFileReader(source: source)
        } catch {
            throw failed(error, file)
        }
        state.withLock { state in
            // One that is replaced meanwhile would stay open, and its space in use.
            guard !file.body.isObsolete else { return }
            if state.entries.count >= openFilesMax, state.entries[version] == nil,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                state.entries[oldest] = nil
            }
            state.entries[version] = Entry(reader: reader, lastUse: state.uses)
        }
        return reader
    }

    /// Forgets a file that has been marked as obsolete.
    func close(_ file: StoredFile) { state.withLock { $0.entries[file.record.version] = nil } }

    /// Forgets all files.
    func closeAll() { state.withLock { $0.entries = [:] } }
}

/// A file of the storage engine as the TsFile reader wants it.
struct StorageFileSource: TsFileSource {
    let file: any StorageFile
    let byteCount: Int

    init(file: any StorageFile) {
        self.file = file
        byteCount = file.byteCount
    }

    func read(at offset: Int, count: Int) throws -> [UInt8] { try file.read(at: offset, count: count) }
}
