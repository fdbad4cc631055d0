// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Where the log ends: what a new segment follows.
struct SegmentChainEnd: Equatable {
    /// The last segment with records that count; 0 = there is none.
    var number: UInt64
    /// Its length as far as it counts.
    var end: Int
    /// Whether the registry knows that it gets no more records.
    var isSealed = false
    /// Numbers up to this one are used up, whether the segment is part of the chain or was abandoned.
    var lastUsedNumber: UInt64

    static let empty = SegmentChainEnd(number: 0, end: 0, lastUsedNumber: 0)
}

/// The segment that is being written, or the attempt to get one.
///
/// Once a successor is attempted, or anything went wrong, a segment is never written again: the successor's header says
/// where it ended, and a half-made successor may be found after a crash as well as not (design section 4.6). A segment that ends
/// before any record of it was synced is *abandoned*: its successor follows its predecessor, and its file is removed, so that a
/// log that cannot be written for hours leaves no more files than one that fails once.
struct SegmentChain {
    struct Open {
        var number: UInt64
        var tag: SegmentTag
        var file: any StorageFile
        /// Synced and acknowledged up to here.
        var syncedEnd: Int
    }

    /// Abandoned files that could not be removed; with so many no further segment is begun.
    static let abandonedMax = 64

    private let fileSystem: any StorageFileSystem
    private let registry: SegmentRegistry
    private let random: @Sendable () -> UInt64
    private(set) var open: Open?
    private var tail: SegmentChainEnd
    /// Files without a record that counts, to be removed.
    private(set) var abandoned: [UInt64]

    /// `abandoned`: segments after `tail` that hold nothing and are to be removed. `random` gives the tags.
    init(
        fileSystem: any StorageFileSystem, registry: SegmentRegistry, after tail: SegmentChainEnd,
        abandoned: [UInt64] = [], random: @escaping @Sendable () -> UInt64
    ) {
        self.fileSystem = fileSystem
        self.registry = registry
        self.tail = tail
        self.abandoned = abandoned
        self.random = random
    }

    /// Begins a new segment, synced with its name; `firstSequence` is the one of its first record.
    mutating func start(firstSequence: LogSequence) throws(StorageError) {
        end()
        // The newest stays until it has a successor: a log is never without a file that says where it is.
        try removeAbandoned(abandoned.dropLast())
        tail.lastUsedNumber += 1
        let header = SegmentHeader(
            number: tail.lastUsedNumber, firstSequence: firstSequence, previousNumber: tail.number,
            previousEnd: UInt64(tail.end), tag: SegmentTag(random: random()))
        let file: any StorageFile
        do throws(StorageError) {
            file = try create(header)
        } catch {
            // Where there is no room for 64 bytes, what was abandoned is in the way.
            if error.code == .full { try? removeAbandoned(abandoned[...]) }
            throw error
        }
        if tail.number > 0, !tail.isSealed {
            registry.seal(.init(number: tail.number, lastSequence: firstSequence - 1, byteCount: tail.end))
            tail.isSealed = true
        }
        open = Open(number: header.number, tag: header.tag, file: file, syncedEnd: SegmentHeader.byteCount)
        try? removeAbandoned(abandoned[...])
    }

    private mutating func create(_ header: SegmentHeader) throws(StorageError) -> any StorageFile {
        let path = SegmentName.path(header.number)
        let file = try fileSystem.createFile(path)
        do throws(StorageError) {
            try file.append(header.encoded().bytes)
            try file.sync()
            try fileSystem.syncFolder(SegmentName.folder)
        } catch {
            file.close()
            // Recovery tells it from the segment that will follow in its place.
            abandoned.append(header.number)
            try? removeAbandoned([header.number])
            throw error
        }
        return file
    }

    /// Everything appended so far is synced.
    mutating func synced() {
        guard let file = open?.file else { return }
        open?.syncedEnd = file.byteCount
    }

    /// The open segment gets no more records; what is not synced does not count.
    mutating func end() {
        guard let ended = open else { return }
        ended.file.close()
        open = nil
        if ended.syncedEnd > SegmentHeader.byteCount {
            tail.number = ended.number
            tail.end = ended.syncedEnd
            tail.isSealed = false
        } else {
            abandoned.append(ended.number)
        }
    }

    /// Removes the files that hold nothing. Those that stay are tried again; throws when there are too many of them.
    private mutating func removeAbandoned(_ numbers: ArraySlice<UInt64>) throws(StorageError) {
        guard !numbers.isEmpty else { return }
        var failure: StorageError?
        for number in numbers {
            do throws(StorageError) {
                try fileSystem.remove(SegmentName.path(number))
            } catch {
                failure = error
                guard error.code == .notFound else { continue }
            }
            abandoned.removeAll { $0 == number }
        }
        // That one comes back after a crash does no harm: nothing follows it.
        try? fileSystem.syncFolder(SegmentName.folder)
        if let failure, abandoned.count >= Self.abandonedMax { throw failure }
    }
}
