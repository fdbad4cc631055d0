// SPDX-License-Identifier: Apache-2.0

import Catalog
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
    private let state = Mutex(State())

    init(openFilesMax: Int) { self.openFilesMax = max(1, openFilesMax) }

    /// How many are held open.
    var openCount: Int { state.withLock { $0.entries.count } }

    /// The reader of a file, opened if it is not.
    func reader(of file: StoredFile) throws(StorageError) -> TsFileReader {
        if let problem = file.problem { throw problem }
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
            throw StorageError(error, file)
        }
        state.withLock { state in
            if state.entries.count >= openFilesMax, state.entries[version] == nil,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                state.entries[oldest] = nil
            }
            state.entries[version] = Entry(reader: reader, lastUse: state.uses)
        }
        return reader
    }

    /// Forgets a file that is being replaced.
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

/// A file of the storage engine as the TsFile writer wants it.
struct StorageFileSink: TsFileSink {
    let file: any StorageFile

    mutating func write(_ bytes: Span<UInt8>) throws { try file.append(bytes) }
}

extension StorageError {
    /// What reading a TsFile ended with, with the file's name.
    init(_ error: TsFileError, _ file: StoredFile) {
        if let cause = error.underlying as? StorageError {
            // It names the file itself.
            self = cause
            return
        }
        let code: Code = error.code == .readFailed ? .io : .corrupt
        self.init(code, "\(file.displayName): \(error)")
    }
}
