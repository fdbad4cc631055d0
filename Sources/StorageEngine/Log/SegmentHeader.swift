// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The head of a log segment. It is synced before any record follows, so a damaged one with records is damage.
struct SegmentHeader: Equatable {
    static let byteCount = 64
    /// `APUSWAL1`, as a little-endian number.
    static let magic: UInt64 = 0x314c_4157_5355_5041
    /// What is written; version 1, which knows no tag, stays readable.
    static let formatVersion: UInt32 = 2

    var number: UInt64
    /// Sequence of the first record.
    var firstSequence: LogSequence
    /// The segment before this one; 0 = none.
    var previousNumber: UInt64
    /// Where that one ends: what lies behind was never acknowledged.
    var previousEnd: UInt64
    /// What its records carry.
    var tag: SegmentTag

    /// Magic u64, version u32, reserved u32, number u64, first sequence u64, previous u64, its end u64, tag u64, reserved u32,
    /// CRC32C u32 of all before.
    func encoded() -> RecordBuffer {
        var buffer = RecordBuffer()
        _ = buffer.extend(by: Self.byteCount)
        buffer.store(Self.magic, at: 0)
        buffer.store(Self.formatVersion, at: 8)
        buffer.store(UInt32(0), at: 12)
        buffer.store(number, at: 16)
        buffer.store(firstSequence, at: 24)
        buffer.store(previousNumber, at: 32)
        buffer.store(previousEnd, at: 40)
        buffer.store(tag.rawValue, at: 48)
        buffer.store(UInt32(0), at: 56)
        buffer.store(Checksum.crc32c(buffer.bytes.extracting(0..<60)), at: 60)
        return buffer
    }

    enum DecodingError: Error, Equatable {
        /// Not a header at all, or damaged.
        case damaged
        /// A header of a version that this program does not know.
        case unknownVersion(UInt32)
    }

    init(
        number: UInt64, firstSequence: LogSequence, previousNumber: UInt64, previousEnd: UInt64, tag: SegmentTag
    ) {
        self.number = number
        self.firstSequence = firstSequence
        self.previousNumber = previousNumber
        self.previousEnd = previousEnd
        self.tag = tag
    }

    init(decoding bytes: Span<UInt8>) throws(DecodingError) {
        guard bytes.count >= Self.byteCount, bytes.integer(at: 0, as: UInt64.self) == Self.magic,
            bytes.integer(at: 60, as: UInt32.self) == Checksum.crc32c(bytes.extracting(0..<60))
        else { throw .damaged }
        let version = bytes.integer(at: 8, as: UInt32.self)
        guard (1...Self.formatVersion).contains(version) else { throw .unknownVersion(version) }
        number = bytes.integer(at: 16, as: UInt64.self)
        firstSequence = bytes.integer(at: 24, as: UInt64.self)
        previousNumber = bytes.integer(at: 32, as: UInt64.self)
        previousEnd = bytes.integer(at: 40, as: UInt64.self)
        let random = bytes.integer(at: 48, as: UInt64.self)
        tag = version == 1 ? SegmentTag(number: number) : SegmentTag(random: random)
        guard firstSequence > 0, firstSequence < 1 << 62, number < 1 << 62 else { throw .damaged }
    }
}
