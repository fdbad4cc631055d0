// SPDX-License-Identifier: Apache-2.0

/// RLE (`tsfile.md` section 10.3): runs of equal values, and groups of eight bit-packed ones.
///
/// Only 32-bit words are written: the official readers disagree on the bytes of a 64-bit run.
enum RunLength {
    /// Equal values in a row that make a run.
    private static let runLengthMin = 8
    private static let runLengthMax = 32_767
    private static let packedGroupsMax = 63

    /// Bytes that `count` 32-bit values take at most: 34 for a group, 7 for a run, and the head.
    static func byteCountMax(_ count: Int) -> Int { (count / 8 + 2) * 42 + 16 }

    /// Returns the offset after the encoded values, whose low 32 bits count.
    static func encode(_ values: Span<UInt64>, into out: inout MutableRawSpan, at start: Int) -> Int {
        var all: UInt32 = 0
        for index in values.indices { all |= UInt32(truncatingIfNeeded: values[index]) }
        let width = max(1, 32 - all.leadingZeroBitCount)
        // The length comes first but is known last.
        let bodyStart = start + VarInt.byteCountMax
        out.storeBytes(of: UInt8(width), toByteOffset: bodyStart, as: UInt8.self)
        let end = encodeRuns(values, width: width, into: &out, at: bodyStart + 1)
        let lengthEnd = out.store(uvar: UInt32(end - bodyStart), at: start)
        return out.move(bodyStart..<end, to: lengthEnd)
    }

    private static func encodeRuns(
        _ values: Span<UInt64>, width: Int, into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        var position = start
        var index = 0
        /// Where the header of the open packed run is, and its groups.
        var packed: (header: Int, groups: Int)?
        while index < values.count {
            let run = runLength(values, from: index)
            if run >= runLengthMin {
                packed = nil
                position = out.store(uvar: UInt32(run) << 1, at: position)
                for shift in stride(from: 0, to: width, by: 8) {
                    let byte = UInt8(truncatingIfNeeded: values[index] >> UInt64(shift))
                    out.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
                    position += 1
                }
                index += run
                continue
            }
            if packed == nil || packed?.groups == packedGroupsMax {
                packed = (position, 0)
                position += 2
            }
            let count = min(8, values.count - index)
            var bits = BitWriter(at: position)
            for offset in 0..<count { bits.put(values[index + offset] & 0xffff_ffff, width, into: &out) }
            _ = bits.finish(into: &out)
            zero(&out, position + (count * width + 7) / 8..<position + width)
            position += width
            index += count
            if let open = packed {
                packed = (open.header, open.groups + 1)
                out.storeBytes(of: UInt8((open.groups + 1) << 1 | 1), toByteOffset: open.header, as: UInt8.self)
                out.storeBytes(of: UInt8(count), toByteOffset: open.header + 1, as: UInt8.self)
            }
        }
        return position
    }

    private static func runLength(_ values: Span<UInt64>, from index: Int) -> Int {
        let value = UInt32(truncatingIfNeeded: values[index])
        var end = index + 1
        let limit = min(values.count, index + runLengthMax)
        while end < limit && UInt32(truncatingIfNeeded: values[end]) == value { end += 1 }
        return end - index
    }

    private static func zero(_ out: inout MutableRawSpan, _ range: Range<Int>) {
        for offset in range { out.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
    }

    /// Decodes exactly `count` words from `start` on, zero-extended; returns them and the offset after the stream.
    static func decode(
        _ bytes: Span<UInt8>, from start: Int = 0, count: Int, wordBits: Int
    ) throws(CodecError) -> (values: [UInt64], end: Int) {
        var reader = ByteReader(bytes, from: start)
        let stream = try reader.take(Int(try reader.uvar()))
        var runs = ByteReader(bytes, from: stream.lowerBound, to: stream.upperBound)
        let width = Int(bytes[try runs.take(1).lowerBound])
        guard width <= wordBits else { throw CodecError("RLE has values of \(width) bits") }
        var values: [UInt64] = []
        while runs.remaining > 0 {
            let header = try runs.uvar()
            if header & 1 == 0 {
                let value = try runValue(&runs, width: width, isLittleEndian: wordBits == 32)
                let length = Int(header >> 1)
                guard length <= count - values.count else { throw CodecError("RLE holds more than \(count) values") }
                values.append(contentsOf: repeatElement(value, count: length))
            } else {
                try unpack(&runs, groups: Int(header >> 1), width: width, count: count, to: &values)
            }
        }
        guard values.count == count else { throw CodecError("RLE holds \(values.count) values, not \(count)") }
        return (values, stream.upperBound)
    }

    private static func runValue(
        _ runs: inout ByteReader, width: Int, isLittleEndian: Bool
    ) throws(CodecError) -> UInt64 {
        let range = try runs.take((width + 7) / 8)
        var value: UInt64 = 0
        for offset in range {
            let byte = UInt64(runs.bytes[offset])
            value = isLittleEndian ? value | byte << UInt64(8 * (offset - range.lowerBound)) : value << 8 | byte
        }
        return value
    }

    private static func unpack(
        _ runs: inout ByteReader, groups: Int, width: Int, count: Int, to values: inout [UInt64]
    ) throws(CodecError) {
        let last = Int(runs.bytes[try runs.take(1).lowerBound])
        guard groups > 0 && (1...8).contains(last) else {
            throw CodecError("RLE has a packed run of \(groups) groups, \(last) values in the last")
        }
        // A group without a bit would let a few bytes stand for very many values.
        let packed = try runs.take(groups * max(width, 1))
        let length = (groups - 1) * 8 + last
        guard length <= count - values.count else { throw CodecError("RLE holds more than \(count) values") }
        var bits = BitReader(runs.bytes, from: packed.lowerBound)
        for _ in 0..<length { values.append(bits.read(width)) }
    }
}
