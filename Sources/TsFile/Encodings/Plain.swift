// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// PLAIN (`tsfile.md` section 10.1): every value by itself.
enum Plain {
    /// Bytes that these values take at most.
    static func byteCountMax(_ type: DataType, count: Int, textBytes: Int) -> Int {
        count * 8 + textBytes
    }

    /// Returns the offset after the encoded values.
    static func encode(
        _ type: DataType, _ slots: Span<UInt64>, text: Span<UInt8>, into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        var position = start
        switch type {
        case .boolean:
            for index in slots.indices {
                let byte: UInt8 = slots[index] == 0 ? 0 : 1
                out.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
                position &+= 1
            }
        case .int32, .date:
            for index in slots.indices {
                let value = Int32(truncatingIfNeeded: slots[index])
                position = out.store(uvar: VarInt.zigzag(value), at: position)
            }
        case .int64, .timestamp, .double:
            for index in slots.indices {
                out.store(bigEndian: slots[index], at: position)
                position &+= 8
            }
        case .float:
            for index in slots.indices {
                out.store(bigEndian: UInt32(truncatingIfNeeded: slots[index]), at: position)
                position &+= 4
            }
        case .text, .string, .blob:
            for index in slots.indices {
                let range = ValueSlot.range(slots[index])
                position = out.store(uvar: VarInt.zigzag(Int32(range.count)), at: position)
                position = out.store(text.extracting(range), at: position)
            }
        }
        return position
    }

    /// Decodes exactly `count` values that fill `bytes`.
    static func decode(_ type: DataType, _ bytes: Span<UInt8>, count: Int) throws(CodecError) -> ValueColumn {
        let width =
            switch type {
            case .int64, .timestamp, .double: 8
            case .float: 4
            default: 1
            }
        guard count <= bytes.count / width, width == 1 || count * width == bytes.count else {
            throw CodecError("\(bytes.count) bytes of PLAIN \(type.name) do not hold \(count) values")
        }
        if type.isVariableLength { return try decodeText(type, bytes, count: count) }
        var column = ValueColumn(type)
        column.bits = [UInt64](repeating: 0, count: count)
        var output = column.bits.mutableSpan
        var reader = ByteReader(bytes)
        switch type {
        case .boolean:
            for index in 0..<count { output[index] = bytes[try reader.take(1).lowerBound] == 0 ? 0 : 1 }
        case .int32, .date:
            for index in 0..<count { output[index] = UInt64(bitPattern: Int64(try reader.zvar())) }
        default:
            var bits = BitReader(bytes)
            for index in 0..<count { output[index] = bits.read(width * 8) }
            _ = try reader.take(bytes.count)
        }
        guard reader.remaining == 0 else { throw CodecError("\(reader.remaining) bytes follow \(count) values") }
        return column
    }

    private static func decodeText(
        _ type: DataType, _ bytes: Span<UInt8>, count: Int
    ) throws(CodecError) -> ValueColumn {
        var column = ValueColumn(type)
        column.bits = [UInt64](repeating: 0, count: count)
        // One copy of all: the lengths between the values stay behind unreferenced.
        column.bytes = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
        var slots = column.bits.mutableSpan
        var reader = ByteReader(bytes)
        for index in 0..<count {
            let range = try reader.take(Int(try reader.zvar()))
            slots[index] = ValueSlot.slot(offset: range.lowerBound, length: range.count)
        }
        guard reader.remaining == 0 else { throw CodecError("\(reader.remaining) bytes follow \(count) values") }
        return column
    }
}

/// The slot of a variable-length value, as ``ValueColumn`` documents it.
enum ValueSlot {
    @inline(__always)
    static func range(_ slot: UInt64) -> Range<Int> {
        let start = Int(slot >> 32)
        return start..<start + Int(slot & 0xffff_ffff)
    }

    @inline(__always)
    static func slot(offset: Int, length: Int) -> UInt64 { UInt64(offset) << 32 | UInt64(length) }
}
