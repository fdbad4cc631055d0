// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Where the log ends: what a new segment follows.
struct SegmentChainEnd: Equatable {
    /// The last segment; 0 = there is none.
    var number: UInt64
    /// Its length as far as it counts.
    var end: Int
    /// Numbers up to this one are used up, whether the segment is part of the chain or was abandoned.
    var lastUsedNumber: UInt64

    static let empty = SegmentChainEnd(number: 0, end: 0, lastUsedNumber: 0)
}

/// The segment that is being written, or the attempt to get one.
///
/// Once a successor is attempted, or anything went wrong, a segment is never written again: the successor's header says
/// where it ended, and a half-made successor may be found after a crash as well as not (design section 4.6).
struct SegmentChain {
    struct Open {
        var number: UInt64
        var file: any StorageFile
        /// Synced and acknowledged up to here.
        var syncedEnd: Int
    }

    private let fileSystem: any StorageFileSystem
    private let registry: SegmentRegistry
    private(set) var open: Open?
    private var tail: SegmentChainEnd

    init(fileSystem: any StorageFileSystem, registry: SegmentRegistry, after tail: SegmentChainEnd) {
        self.fileSystem = fileSystem
        self.registry = registry
        self.tail = tail
    }

    /// Begins a new segment, synced with its name; `firstSequence` is the one of its first record.
    mutating func start(firstSequence: LogSequence) throws(StorageError) {
        end()
        tail.lastUsedNumber += 1
        let number = tail.lastUsedNumber
        let path = SegmentName.path(number)
        let header = SegmentHeader(
            number: number, firstSequence: firstSequence, previousNumber: tail.number, previousEnd: UInt64(tail.end))
        let file = try fileSystem.createFile(path)
        do throws(StorageError) {
            try file.append(header.encoded().bytes)
            try file.sync()
            try fileSystem.syncFolder(SegmentName.folder)
        } catch {
            file.close()
            // Only tidiness: recovery tells it from the segment that will follow in its place.
            try? fileSystem.remove(path)
            throw error
        }
        if tail.number > 0 {
            registry.seal(.init(number: tail.number, lastSequence: firstSequence - 1, byteCount: tail.end))
        }
        open = Open(number: number, file: file, syncedEnd: SegmentHeader.byteCount)
        tail.number = number
        tail.end = SegmentHeader.byteCount
    }

    /// Everything appended so far is synced.
    mutating func synced() {
        guard let file = open?.file else { return }
        open?.syncedEnd = file.byteCount
        tail.end = file.byteCount
    }

    /// The open segment gets no more records; what is not synced does not count.
    mutating func end() {
        open?.file.close()
        open = nil
    }
}
