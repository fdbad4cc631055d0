// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The layout of log records (`docs/format/write-ahead-log.md`).
enum RecordFormat {
    /// Length u32, CRC32C u32, sequence u64, part u16, flags u8, reserved u8, tag u32, commit start u64.
    static let headerByteCount = 32
    static let lengthOffset = 0
    static let checksumOffset = 4
    static let sequenceOffset = 8
    static let partOffset = 16
    static let flagsOffset = 18
    static let reservedOffset = 19
    static let tagOffset = 20
    static let commitStartOffset = 24
    /// Flag: the batch goes on in the next record.
    static let continuesFlag: UInt8 = 1

    /// A batch above it is split into several records, between its sections and within tablets; a section that cannot be
    /// split may be longer.
    static let recordBytesMax = 4 * 1024 * 1024
    /// A record is never longer: room for the longest single value that a message can have. A reader takes anything
    /// longer for damage.
    static let recordBytesHardMax = 512 * 1024 * 1024
    /// Records of one batch at most.
    static let partsMax = Int(UInt16.max)

    /// Kind u8, detail u8, reserved u16, content length u32.
    static let sectionHeaderByteCount = 8
    /// Row count u32, column count u32; then the times.
    static let tabletHeaderByteCount = 8
    /// Series u32, type u8, flags u8, reserved u16, value count u32, byte count u32.
    static let columnHeaderByteCount = 16
    /// Column flag: a presence bitmap precedes the values.
    static let presenceFlag: UInt8 = 1

    /// Bytes of one value on disk; variable-length ones have a 4-byte length and their content.
    static func width(of type: DataType) -> Int {
        switch type {
        case .boolean: 1
        case .int32, .float, .date, .text, .string, .blob: 4
        case .int64, .double, .timestamp: 8
        }
    }
}

/// What a section of a record holds.
enum SectionKind: UInt8 {
    case tablet = 1
    /// The header's detail byte is the participant.
    case participant = 2
    case database = 3
    case device = 4
    /// The header's detail byte: bit 0 = the encoding was declared, bit 1 = the compressor was.
    case series = 5
    /// Points of series by pattern and time.
    case deletion = 6
    /// The header's detail byte says of what: a ``DroppedKind``.
    case drop = 7
    case timeToLive = 8
}

/// What ids of a drop are of.
enum DroppedKind: UInt8, CaseIterable {
    case series = 1
    case device = 2
    case database = 3
}
