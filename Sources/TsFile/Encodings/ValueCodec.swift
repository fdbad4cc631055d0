// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Chooses the codec for a pair of type and encoding; the caller has checked ``TsFileEncoding/supports(_:)``.
enum ValueCodec {
    /// Bytes that the values take at most, with the slack that the encoders need.
    static func byteCountMax(_ type: DataType, _ encoding: TsFileEncoding, count: Int, textBytes: Int) -> Int {
        switch encoding {
        case .ts2diff: TwoDifferences.byteCountMax(count)
        case .gorilla: Gorilla.byteCountMax(count)
        default: Plain.byteCountMax(type, count: count, textBytes: textBytes)
        }
    }

    /// Returns the offset after the encoded values; there is at least one.
    static func encode(
        _ type: DataType, _ encoding: TsFileEncoding, _ slots: Span<UInt64>, text: Span<UInt8>,
        into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        switch encoding {
        case .plain:
            return Plain.encode(type, slots, text: text, into: &out, at: start)
        case .ts2diff:
            return TwoDifferences.encode(slots, wordBits: type.wordBits, into: &out, at: start)
        case .gorilla:
            return Gorilla.encode(
                slots, wordBits: type.wordBits, endMarker: gorillaEndMarker(type), into: &out, at: start)
        default:
            preconditionFailure("the writer refuses \(encoding.name)")
        }
    }

    /// Decodes exactly `count` values, at least one.
    static func decode(
        _ type: DataType, _ encoding: TsFileEncoding, _ bytes: Span<UInt8>, count: Int
    ) throws(CodecError) -> ValueColumn {
        var column = ValueColumn(type)
        switch encoding {
        case .plain:
            return try Plain.decode(type, bytes, count: count)
        case .ts2diff:
            column.bits = try TwoDifferences.decode(bytes, count: count, wordBits: type.wordBits, as: UInt64.self)
        case .gorilla:
            column.bits = try Gorilla.decode(bytes, count: count, wordBits: type.wordBits)
            if type == .int32 || type == .date { extendSigns(&column.bits) }
        default:
            throw CodecError("\(encoding.name) is not supported")
        }
        return column
    }

    private static func extendSigns(_ slots: inout [UInt64]) {
        for index in slots.indices {
            slots[index] = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: slots[index])))
        }
    }

    private static func gorillaEndMarker(_ type: DataType) -> UInt64 {
        switch type {
        case .float: 0x7fc0_0000
        case .double: 0x7ff8_0000_0000_0000
        case .int32, .date: 0x8000_0000
        default: 0x8000_0000_0000_0000
        }
    }
}
