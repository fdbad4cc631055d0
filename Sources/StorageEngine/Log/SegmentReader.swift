// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Reads the records of one segment, front to back, in pieces. Never trusts a length that it read.
struct SegmentReader {
    private static let blockBytes = 1024 * 1024

    let file: any StorageFile
    let tag: SegmentTag
    /// Nothing is read from here on.
    let limit: Int
    /// Where the next record begins.
    private(set) var offset = SegmentHeader.byteCount
    private(set) var expectedSequence: LogSequence
    private var buffer: [UInt8] = []
    private var bufferStart = 0
    private var record = 0..<0

    init(file: any StorageFile, header: SegmentHeader, limit: Int) {
        self.file = file
        tag = header.tag
        expectedSequence = header.firstSequence
        self.limit = limit
    }

    /// The record that ``next()`` found, head included.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { buffer.span.extracting(record) }
    }

    /// The next record's head, or why there is none. Throws what the file system throws.
    mutating func next() throws(StorageError) -> Result<RecordHeader, EndOfSegment> {
        let rest = limit - offset
        guard rest > 0 else { return .failure(EndOfSegment(reason: nil)) }
        guard rest >= RecordFormat.headerByteCount else {
            return .failure(EndOfSegment(reason: "\(rest) bytes are too few for a record"))
        }
        try load(RecordFormat.headerByteCount)
        let header = RecordHeader(decoding: buffer.span.extracting(offset - bufferStart..<buffer.count))
        if let reason = objection(to: header, rest: rest) { return .failure(EndOfSegment(reason: reason)) }
        try load(header.length)
        let range = offset - bufferStart..<offset - bufferStart + header.length
        guard RecordHeader.checksum(of: buffer.span.extracting(range), tag) == header.checksum else {
            return .failure(EndOfSegment(reason: "the checksum of the record is wrong"))
        }
        record = range
        offset += header.length
        expectedSequence += 1
        return .success(header)
    }

    private func objection(to header: RecordHeader, rest: Int) -> String? {
        guard header.length >= RecordFormat.headerByteCount, header.length <= min(rest, RecordFormat.recordBytesHardMax)
        else { return "a record cannot be \(header.length) bytes long here" }
        guard header.tag == tag.field else { return "the record has the tag of another segment" }
        guard header.sequence == expectedSequence else {
            return "the record has sequence \(header.sequence) instead of \(expectedSequence)"
        }
        return nil
    }

    /// Has at least `count` bytes from `offset` in the buffer; the caller has checked that they are below the limit.
    private mutating func load(_ count: Int) throws(StorageError) {
        guard offset + count > bufferStart + buffer.count else { return }
        buffer = try file.read(at: offset, count: min(max(count, Self.blockBytes), limit - offset))
        bufferStart = offset
    }
}

/// Why a segment has no further record; nil = its bytes end.
struct EndOfSegment: Error, Equatable {
    var reason: String?
}
