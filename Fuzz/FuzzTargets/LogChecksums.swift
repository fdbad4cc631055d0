// SPDX-License-Identifier: Apache-2.0

/// Puts right checksums into damaged segments (`docs/format/write-ahead-log.md`), so that the damage gets past them. A reader of
/// its own: what it finds is where records were before the damage.
enum LogChecksums {
    private static let headerBytes = 64
    private static let headBytes = 32

    /// `original` is the segment before it was damaged: where its records were, records are taken to be.
    static func repaired(_ damaged: [UInt8], like original: [UInt8]) -> [UInt8] {
        var bytes = damaged
        guard bytes.count >= headerBytes else { return bytes }
        put(crc32c(bytes[0..<60], from: 0), into: &bytes, at: 60)
        let start = number(bytes, at: 48)
        var offset = headerBytes
        while offset + headBytes <= original.count, offset + headBytes <= bytes.count {
            // The damaged length where it is possible, else the true one.
            let lengths = [number(bytes, at: offset), number(original, at: offset)].map(Int.init)
            guard let length = lengths.first(where: { $0 >= headBytes && offset + $0 <= bytes.count }) else { break }
            let head = crc32c(bytes[offset..<offset + 4], from: start)
            put(crc32c(bytes[offset + 8..<offset + length], from: head), into: &bytes, at: offset + 4)
            offset += length
        }
        return bytes
    }

    private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    private static func put(_ number: UInt32, into bytes: inout [UInt8], at offset: Int) {
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * index)) }
    }

    static func crc32c(_ bytes: ArraySlice<UInt8>, from start: UInt32) -> UInt32 {
        var checksum = ~start
        for byte in bytes { checksum = checksum >> 8 ^ table[Int((checksum ^ UInt32(byte)) & 0xff)] }
        return ~checksum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
    }
}
