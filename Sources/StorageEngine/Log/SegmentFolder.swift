// SPDX-License-Identifier: Apache-2.0

import Logging
import TimeSeriesModel

/// The segments found at start. However many there are, one file is open at a time.
struct SegmentFolder {
    /// A segment that counts, oldest first.
    struct Link {
        var header: SegmentHeader
        /// Bytes of its file.
        var byteCount: Int
        /// Where its successor's header says that it ends; nil for the last one.
        var end: UInt64?
    }

    private let fileSystem: any StorageFileSystem
    private let logger: Logger
    private(set) var links: [Link] = []
    /// Numbers of files that are not needed: checkpointed, or attempts that never became part of the log.
    private(set) var leftovers: [UInt64] = []
    private(set) var lastUsedNumber: UInt64 = 0

    /// Looks at the folder, and follows the chain back from the newest segment to what the catalog has.
    init(
        fileSystem: any StorageFileSystem, flushedThrough: LogSequence, logger: Logger
    ) throws(StorageError) {
        self.fileSystem = fileSystem
        self.logger = logger
        try fileSystem.makeFolder(SegmentName.folder)
        let numbers = try fileSystem.list(SegmentName.folder).compactMap(SegmentName.number(of:)).sorted()
        lastUsedNumber = numbers.last ?? 0
        var segments: [UInt64: Link] = [:]
        for number in numbers {
            if let link = try look(at: number) { segments[number] = link } else { leftovers.append(number) }
        }
        try follow(&segments, flushedThrough: flushedThrough)
        leftovers += segments.keys.sorted()
    }

    /// Whether nothing was ever logged.
    var hasNoRecords: Bool {
        links.allSatisfy { $0.byteCount <= SegmentHeader.byteCount }
    }

    /// Bytes that a replay may have to read.
    var byteCount: Int {
        links.reduce(0) { $0 + min($1.byteCount, Int(clamping: $1.end ?? .max)) }
    }

    /// Opens a segment of the chain for replay.
    func open(_ link: Link) throws(StorageError) -> any StorageFile {
        try fileSystem.openFile(SegmentName.path(link.header.number))
    }

    private func look(at number: UInt64) throws(StorageError) -> Link? {
        let path = SegmentName.path(number)
        let file = try fileSystem.openFile(path)
        defer { file.close() }
        let name = fileSystem.displayName(of: path)
        // What is replayed must be on the disk before anything is built on it, whoever wrote it and however that ended.
        try file.syncAndDropCache()
        // Records follow only a header that was synced.
        guard file.byteCount >= SegmentHeader.byteCount else { return nil }
        let bytes = try file.read(at: 0, count: SegmentHeader.byteCount)
        let header: SegmentHeader
        do throws(SegmentHeader.DecodingError) {
            header = try SegmentHeader(decoding: bytes.span)
        } catch .unknownVersion(let version) {
            throw StorageError(
                .incompatible,
                "\(name) has format version \(version), which a newer Apus has written: start that one, or a newer one")
        } catch {
            guard file.byteCount > SegmentHeader.byteCount else { return nil }
            throw StorageError(
                .corrupt,
                "\(name) is damaged at offset 0: its header is not valid, but records follow it. \(Self.remedy)")
        }
        guard header.number == number else {
            throw StorageError(
                .corrupt,
                "\(name) is damaged at offset 16: its header says segment \(header.number). \(Self.remedy)")
        }
        return Link(header: header, byteCount: file.byteCount)
    }

    /// What an operator can do about a damaged log.
    static let remedy =
        "Restore the file from a copy or the data folder from a backup; or, to go on without what was logged from there on, "
        + "move it and the newer segments out of the folder"

    /// Takes the chain out of `segments`.
    private mutating func follow(_ segments: inout [UInt64: Link], flushedThrough: LogSequence) throws(StorageError) {
        guard let newest = segments.keys.max(), var link = segments.removeValue(forKey: newest) else {
            if flushedThrough > 0 {
                logger.error(
                    "the log is gone: what was acknowledged since the last checkpoint is lost",
                    metadata: ["folder": "\(fileSystem.displayName(of: SegmentName.folder))"])
            }
            return
        }
        var newestFirst = [link]
        while link.header.firstSequence > flushedThrough + 1 {
            let previous = link.header.previousNumber
            guard previous > 0, var before = segments.removeValue(forKey: previous) else {
                throw StorageError(
                    .corrupt,
                    "log segment \(fileSystem.displayName(of: SegmentName.path(previous))) is missing: the catalog has "
                        + "everything up to sequence \(flushedThrough), and the oldest segment begins at "
                        + "\(link.header.firstSequence). \(Self.remedy)")
            }
            before.end = link.header.previousEnd
            newestFirst.append(before)
            link = before
        }
        links = newestFirst.reversed()
    }

    /// Removes what is not needed.
    func removeLeftovers() {
        for number in leftovers {
            do throws(StorageError) {
                try fileSystem.remove(SegmentName.path(number))
            } catch {
                logger.warning("cannot remove a log segment that is not needed", metadata: ["reason": "\(error)"])
            }
        }
        if !leftovers.isEmpty { try? fileSystem.syncFolder(SegmentName.folder) }
    }
}
