// SPDX-License-Identifier: Apache-2.0

/// Looks behind the damaged end of the last segment for a record of a later commit: then what is damaged had been synced and
/// perhaps acknowledged, and must not be dropped silently.
///
/// Reads the rest of the file once, in pieces. Whoever could guess a segment's tag (or wrote payloads into one of version 1, which
/// has none) could have many long stretches checked: ``checkedBytesMax`` ends that.
struct TailScan {
    /// Bytes that are read at a time.
    private static let blockBytes = 1024 * 1024
    /// Bytes whose checksums are computed at most. A real record is found with the first right head; more is forgery.
    static let checkedBytesMax = 1024 * 1024 * 1024

    private let file: any StorageFile
    private let start: Int
    private let end: Int
    private let tag: SegmentTag
    private let firstSequence: UInt64
    private let checkedBytesMax: Int

    init(reader: SegmentReader, checkedBytesMax: Int = Self.checkedBytesMax) {
        file = reader.file
        start = reader.offset
        end = reader.limit
        tag = reader.tag
        firstSequence = reader.expectedSequence
        self.checkedBytesMax = checkedBytesMax
    }

    /// Where a valid record begins whose commit began after the damage; nil = there is none.
    func recordOfLaterCommit() throws(StorageError) -> Int? {
        var checked = 0
        var position = start + 1
        while end - position >= RecordFormat.headerByteCount {
            let bytes = try file.read(at: position, count: min(Self.blockBytes, end - position))
            for offset in Self.candidates(in: bytes.span, tag.field) {
                let header = RecordHeader(decoding: bytes.span.extracting(offset..<bytes.count))
                guard isPlausible(header, at: position + offset) else { continue }
                checked += header.length
                guard checked <= checkedBytesMax else { return nil }
                if try hasRightChecksum(header, at: position + offset) { return position + offset }
            }
            // A head may lie across the border.
            position += bytes.count - (RecordFormat.headerByteCount - 1)
        }
        return nil
    }

    /// Where in `bytes` a whole head with this tag may begin.
    private static func candidates(in bytes: Span<UInt8>, _ field: UInt32) -> [Int] {
        var found: [Int] = []
        for offset in 0...(bytes.count - RecordFormat.headerByteCount)
        where bytes.integer(at: offset &+ RecordFormat.tagOffset, as: UInt32.self) == field {
            found.append(offset)
        }
        return found
    }

    private func isPlausible(_ header: RecordHeader, at offset: Int) -> Bool {
        header.length >= RecordFormat.headerByteCount
            && header.length <= min(end - offset, RecordFormat.recordBytesHardMax)
            && header.sequence >= firstSequence && header.commitStart > UInt64(start)
            && header.commitStart <= UInt64(offset)
    }

    private func hasRightChecksum(_ header: RecordHeader, at offset: Int) throws(StorageError) -> Bool {
        var checksum = tag.checksumStart
        var position = offset
        while position < offset + header.length {
            let bytes = try file.read(at: position, count: min(Self.blockBytes, offset + header.length - position))
            if position == offset {
                checksum = Checksum.crc32c(
                    bytes.span.extracting(0..<RecordFormat.checksumOffset), continuing: checksum)
                checksum = Checksum.crc32c(
                    bytes.span.extracting(RecordFormat.sequenceOffset..<bytes.count), continuing: checksum)
            } else {
                checksum = Checksum.crc32c(bytes.span, continuing: checksum)
            }
            position += bytes.count
        }
        return checksum == header.checksum
    }
}
