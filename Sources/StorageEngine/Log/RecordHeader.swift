// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The head of a log record.
struct RecordHeader: Equatable {
    /// Bytes of the record, head included.
    var length: Int
    var checksum: UInt32
    var sequence: LogSequence
    /// 0 = the first record of a batch.
    var part: UInt16
    /// Whether the batch goes on in the next record.
    var continues: Bool
    /// That of the segment that the record was written for (``SegmentTag/field``).
    var tag: UInt32
    /// Where in the segment the commit began that wrote the record: everything before was synced by then.
    var commitStart: UInt64

    /// Reads the head; the length may be anything.
    init(decoding bytes: Span<UInt8>) {
        length = Int(bytes.integer(at: RecordFormat.lengthOffset, as: UInt32.self))
        checksum = bytes.integer(at: RecordFormat.checksumOffset, as: UInt32.self)
        sequence = bytes.integer(at: RecordFormat.sequenceOffset, as: UInt64.self)
        part = bytes.integer(at: RecordFormat.partOffset, as: UInt16.self)
        continues = bytes[RecordFormat.flagsOffset] & RecordFormat.continuesFlag != 0
        tag = bytes.integer(at: RecordFormat.tagOffset, as: UInt32.self)
        commitStart = bytes.integer(at: RecordFormat.commitStartOffset, as: UInt64.self)
    }

    /// The checksum of a whole record of the segment with this tag: everything but the checksum's own field.
    static func checksum(of record: Span<UInt8>, _ tag: SegmentTag) -> UInt32 {
        let length = Checksum.crc32c(
            record.extracting(0..<RecordFormat.checksumOffset), continuing: tag.checksumStart)
        return Checksum.crc32c(record.extracting(RecordFormat.sequenceOffset..<record.count), continuing: length)
    }
}

extension RecordBuffer {
    /// Fills in the head of the record in `range`.
    mutating func stampRecord(
        _ range: Range<Int>, sequence: LogSequence, part: Int, continues: Bool, tag: SegmentTag, commitStart: Int
    ) {
        let start = range.lowerBound
        store(UInt32(range.count), at: start + RecordFormat.lengthOffset)
        store(sequence, at: start + RecordFormat.sequenceOffset)
        store(UInt16(part), at: start + RecordFormat.partOffset)
        store(continues ? RecordFormat.continuesFlag : 0, at: start + RecordFormat.flagsOffset)
        store(UInt8(0), at: start + RecordFormat.reservedOffset)
        store(tag.field, at: start + RecordFormat.tagOffset)
        store(UInt64(commitStart), at: start + RecordFormat.commitStartOffset)
        store(RecordHeader.checksum(of: bytes.extracting(range), tag), at: start + RecordFormat.checksumOffset)
    }
}
