// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Chooses the codec for a pair of type and encoding; the caller has checked ``TsFileEncoding/supports(_:)``.
enum ValueCodec {
    /// Bytes that the values take at most, with the slack that the encoders need.
    static func byteCountMax(_ type: DataType, _ encoding: TsFileEncoding, count: Int, textBytes: Int) -> Int {
        switch encoding {
        case .ts2diff: TwoDifferences.byteCountMax(count)
        case .gorilla: Gorilla.byteCountMax(count)
        case .chimp: Chimp.byteCountMax(count)
        case .rle: RunLength.byteCountMax(count)
        case .zigzag: Zigzag.byteCountMax(count)
        case .dictionary: DictionaryCodec.byteCountMax(count, textBytes: textBytes)
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
        case .chimp:
            return Chimp(wordBits: type.wordBits).encode(
                slots, endMarker: gorillaEndMarker(type), into: &out, at: start)
        case .rle:
            return RunLength.encode(slots, into: &out, at: start)
        case .zigzag:
            return Zigzag.encode(slots, into: &out, at: start)
        case .dictionary:
            return DictionaryCodec.encode(slots, text: text, into: &out, at: start)
        case .sprintz, .rlbe:
            preconditionFailure("the writer refuses \(encoding.name)")
        }
    }

    /// Decodes exactly `count` values, at least one.
    static func decode(
        _ type: DataType, _ encoding: TsFileEncoding, _ bytes: Span<UInt8>, count: Int
    ) throws(CodecError) -> ValueColumn {
        switch encoding {
        case .plain:
            return try Plain.decode(type, bytes, count: count)
        case .dictionary:
            return try DictionaryCodec.decode(type, bytes, count: count)
        default:
            var column = ValueColumn(type)
            column.bits = try decodeWords(type, encoding, bytes, count: count)
            return column
        }
    }

    /// The slots of the types of fixed width.
    private static func decodeWords(
        _ type: DataType, _ encoding: TsFileEncoding, _ bytes: Span<UInt8>, count: Int
    ) throws(CodecError) -> [UInt64] {
        let wordBits = type.wordBits
        let isFloat = type == .float || type == .double
        var slots: [UInt64]
        switch encoding {
        case .ts2diff where isFloat, .rle where isFloat:
            return try ScaledFloats(wordBits: wordBits, encoding: encoding).decode(bytes, count: count)
        case .ts2diff:
            return try TwoDifferences.decode(bytes, count: count, wordBits: wordBits, as: UInt64.self)
        case .rle:
            let end: Int
            (slots, end) = try RunLength.decode(bytes, count: count, wordBits: type == .boolean ? 32 : wordBits)
            guard end == bytes.count else { throw CodecError("\(bytes.count - end) bytes follow \(count) values") }
            if type == .boolean { for index in slots.indices { slots[index] = slots[index] == 0 ? 0 : 1 } }
        case .gorilla:
            slots = try Gorilla.decode(bytes, count: count, wordBits: wordBits)
        case .zigzag:
            return try Zigzag.decode(bytes, count: count, wordBits: wordBits)
        case .chimp:
            slots = try Chimp(wordBits: wordBits).decode(bytes, count: count)
        case .sprintz:
            slots = try Sprintz(wordBits: wordBits, isFloat: isFloat).decode(bytes, count: count)
        case .rlbe:
            slots = try RunLengthBits(wordBits: wordBits, isFloat: isFloat).decode(bytes, count: count)
        case .plain, .dictionary:
            throw CodecError("\(encoding.name) is not a form of \(type.name)")
        }
        if type == .int32 || type == .date { extendSigns(&slots) }
        return slots
    }

    /// Makes 32-bit words sign-extended ones.
    static func extendSigns(_ slots: inout [UInt64]) {
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
