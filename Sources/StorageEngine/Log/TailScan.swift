// SPDX-License-Identifier: Apache-2.0

/// Looks behind the damaged end of the last segment for a record of a later commit: then what is damaged had been synced and
/// perhaps acknowledged, and must not be dropped silently.
struct TailScan {
    /// Bytes looked at; more than a commit has.
    static let bytesMax = 64 * 1024 * 1024

    private let file: any StorageFile
    private let start: Int
    private let end: Int
    private let segment: UInt32
    private let firstSequence: UInt64

    init(reader: SegmentReader) {
        file = reader.file
        start = reader.offset
        end = min(reader.limit, reader.offset + Self.bytesMax)
        segment = UInt32(truncatingIfNeeded: reader.number)
        firstSequence = reader.expectedSequence
    }

    /// Where a valid record begins whose commit began after the damage; nil = there is none.
    func recordOfLaterCommit() throws(StorageError) -> Int? {
        guard end - start > RecordFormat.headerByteCount else { return nil }
        let bytes = try file.read(at: start, count: end - start)
        let span = bytes.span
        for offset in 1...(span.count - RecordFormat.headerByteCount) {
            guard span.integer(at: offset + RecordFormat.segmentOffset, as: UInt32.self) == segment else { continue }
            let header = RecordHeader(decoding: span.extracting(offset..<span.count))
            guard header.length >= RecordFormat.headerByteCount, header.length <= span.count - offset,
                header.sequence >= firstSequence, header.commitStart > UInt64(start),
                header.commitStart <= UInt64(start + offset),
                RecordHeader.checksum(of: span.extracting(offset..<offset + header.length)) == header.checksum
            else { continue }
            return start + offset
        }
        return nil
    }
}
