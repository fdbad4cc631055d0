// SPDX-License-Identifier: Apache-2.0

/// Reads fields of 0 to 64 bits, most significant bit first. Past the end it yields zeros and ``isOverrun`` becomes true,
/// so that decoders of a known number of values check once.
struct BitReader: ~Escapable {
    private let bytes: RawSpan
    /// The next bit.
    private var position: Int
    /// Bits in all.
    private let end: Int

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, from offset: Int = 0) {
        self.bytes = unsafe bytes.bytes
        position = offset &* 8
        end = bytes.count &* 8
    }

    var isOverrun: Bool { position > end }

    /// The next 57 or more bits, at the top of the word.
    @inline(__always)
    var upcoming: UInt64 {
        let byte = position &>> 3
        let shift = UInt64(truncatingIfNeeded: position & 7)
        if byte &+ 8 <= bytes.byteCount {
            return unsafe UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: byte, as: UInt64.self)) &<< shift
        }
        return lastWord(from: byte) &<< shift
    }

    /// The last bytes, followed by zeros.
    @inline(never)
    private func lastWord(from byte: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<8 where byte + index < bytes.byteCount {
            let next = unsafe bytes.unsafeLoad(fromByteOffset: byte + index, as: UInt8.self)
            word |= UInt64(next) << UInt64(56 - 8 * index)
        }
        return word
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func skip(_ width: Int) { position &+= width }

    /// The next `width` bits, 0...64.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func read(_ width: Int) -> UInt64 {
        if width <= 57 {
            // Two shifts, because a single one by 64 would be one by 0.
            let field = (upcoming &>> 1) &>> UInt64(truncatingIfNeeded: 63 &- width)
            position &+= width
            return field
        }
        let high = upcoming &>> 32
        position &+= 32
        let low = upcoming &>> UInt64(truncatingIfNeeded: 96 &- width)
        position &+= width &- 32
        return high &<< UInt64(truncatingIfNeeded: width &- 32) | low
    }
}
