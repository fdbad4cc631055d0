// SPDX-License-Identifier: Apache-2.0

/// MurmurHash3 x64 128 as the bloom filter uses it (`tsfile.md` section 8.1): the low 32 bits of the sum of both halves.
///
/// The Java library takes the bytes of the tail as signed, the C++ library as unsigned; they differ from 0x80 up.
enum MurmurHash {
    private static let c1: UInt64 = 0x87c3_7b91_1142_53d5
    private static let c2: UInt64 = 0x4cf5_ad43_2745_937f

    static func hash(_ bytes: Span<UInt8>, seed: UInt64, signedTail: Bool) -> Int32 {
        var h1 = seed, h2 = seed
        let blocks = bytes.count / 16
        for block in 0..<blocks {
            h1 ^= mixLow(word(bytes, from: block * 16, count: 8, signed: false))
            h1 = rotate(h1, 27) &+ h2
            h1 = h1 &* 5 &+ 0x52dc_e729
            h2 ^= mixHigh(word(bytes, from: block * 16 + 8, count: 8, signed: false))
            h2 = rotate(h2, 31) &+ h1
            h2 = h2 &* 5 &+ 0x3849_5ab5
        }
        let tail = bytes.count - blocks * 16
        if tail > 8 { h2 ^= mixHigh(word(bytes, from: blocks * 16 + 8, count: tail - 8, signed: signedTail)) }
        if tail > 0 { h1 ^= mixLow(word(bytes, from: blocks * 16, count: min(tail, 8), signed: signedTail)) }
        h1 ^= UInt64(bytes.count)
        h2 ^= UInt64(bytes.count)
        h1 = h1 &+ h2
        h2 = h2 &+ h1
        h1 = finalMix(h1)
        h2 = finalMix(h2)
        h1 = h1 &+ h2
        h2 = h2 &+ h1
        return Int32(truncatingIfNeeded: h1 &+ h2)
    }

    /// Little-endian; signed bytes reach into the bytes above them, and are xor-ed.
    private static func word(_ bytes: Span<UInt8>, from start: Int, count: Int, signed: Bool) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<count {
            let byte = bytes[start + index]
            let wide = signed ? UInt64(bitPattern: Int64(Int8(bitPattern: byte))) : UInt64(byte)
            word ^= wide << UInt64(8 * index)
        }
        return word
    }

    private static func mixLow(_ word: UInt64) -> UInt64 { rotate(word &* c1, 31) &* c2 }

    private static func mixHigh(_ word: UInt64) -> UInt64 { rotate(word &* c2, 33) &* c1 }

    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }

    private static func finalMix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed ^= mixed >> 33
        mixed = mixed &* 0xff51_afd7_ed55_8ccd
        mixed ^= mixed >> 33
        mixed = mixed &* 0xc4ce_b9fe_1a85_ec53
        mixed ^= mixed >> 33
        return mixed
    }
}
