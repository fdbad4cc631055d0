// SPDX-License-Identifier: Apache-2.0

/// ZIGZAG (`tsfile.md` section 10.7): each integer as a var-int of its zigzag form.
enum Zigzag {
    /// Bytes that `count` values take at most.
    static func byteCountMax(_ count: Int) -> Int { count * 10 + 4 * VarInt.byteCountMax }

    /// Returns the offset after the encoded values; 32-bit words travel sign-extended.
    static func encode(_ slots: Span<UInt64>, into out: inout MutableRawSpan, at start: Int) -> Int {
        let bodyStart = start + 2 * VarInt.byteCountMax
        var end = bodyStart
        for index in slots.indices {
            let value = Int64(bitPattern: slots[index])
            end = out.store(long: UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)), at: end)
        }
        // The length comes first but is known last.
        var position = out.store(uvar: UInt32(end - bodyStart), at: start)
        position = out.store(uvar: UInt32(slots.count), at: position)
        return out.move(bodyStart..<end, to: position)
    }

    /// Decodes exactly `count` values that fill `bytes`; 32-bit words are sign-extended.
    static func decode(_ bytes: Span<UInt8>, count: Int, wordBits: Int) throws(CodecError) -> [UInt64] {
        var reader = ByteReader(bytes)
        let length = Int(try reader.uvar())
        let written = Int(try reader.uvar())
        // Every number takes a byte or more.
        guard length == reader.remaining, written == count, count <= length else {
            throw CodecError("ZIGZAG has \(written) numbers in \(length) bytes, not \(count) in \(reader.remaining)")
        }
        var result = [UInt64](repeating: 0, count: count)
        for index in 0..<count {
            let zigzag = try reader.long()
            let value = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
            let narrowing = Int64(64 - wordBits)
            result[index] = UInt64(bitPattern: (value &<< narrowing) &>> narrowing)
        }
        guard reader.remaining == 0 else { throw CodecError("\(reader.remaining) bytes follow \(count) values") }
        return result
    }
}
