// SPDX-License-Identifier: Apache-2.0

/// CHIMP (`tsfile.md` section 10.5): each bit pattern as its difference (xor) to the one before, or to an older one that shares
/// its low bits.
struct Chimp {
    let wordBits: Int
    /// Remembered patterns, as a power of two.
    let ringBits: Int
    /// Bits of the field that counts significant bits.
    let sizeBits: Int
    /// Equal low bits that make an older pattern the better one.
    let threshold: Int

    /// For words of 32 or 64 bits.
    init(wordBits: Int) {
        self.wordBits = wordBits
        ringBits = wordBits == 32 ? 6 : 7
        sizeBits = wordBits == 32 ? 5 : 6
        threshold = sizeBits + ringBits
    }

    var ringMask: Int { 1 &<< ringBits &- 1 }

    /// Bytes that `count` values take at most (69 bits each), the end marker and ``BitWriter``'s eight included.
    static func byteCountMax(_ count: Int) -> Int { (count + 1) * 9 + 24 }

    /// What leading zeros are rounded down to, by their code.
    @inline(__always)
    static func leading(_ code: Int) -> Int {
        // 0, 8, 12, 16, 18, 20, 22, 24, a byte each.
        Int((0x1816_1412_100c_0800 as UInt64) &>> UInt64(truncatingIfNeeded: code &* 8)) & 0xff
    }

    /// The code of what these leading zeros are rounded down to.
    @inline(__always)
    static func code(_ leading: Int) -> Int {
        if leading < 16 { return leading < 8 ? 0 : leading < 12 ? 1 : 2 }
        return min(7, 3 &+ (leading &- 16) &>> 1)
    }
}

extension Chimp {
    /// Returns the offset after the encoded values. `endMarker` is the pattern of NaN or of the least integer.
    func encode(
        _ slots: Span<UInt64>, endMarker: UInt64, into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        let mask = UInt64.max &>> UInt64(64 &- wordBits)
        var encoder = Encoder(self, first: slots[0] & mask)
        var bits = BitWriter(at: start)
        bits.put(slots[0] & mask, wordBits, into: &out)
        for index in 1..<max(slots.count, 1) {
            encoder.put(slots[index] & mask, to: &bits, into: &out)
        }
        encoder.put(endMarker, to: &bits, into: &out)
        // The Java decoder reads one byte ahead.
        if bits.isByteAligned { bits.put(0, 8, into: &out) }
        return bits.finish(into: &out)
    }

    private struct Encoder {
        let form: Chimp
        let keyMask: Int
        /// The number of the latest pattern.
        var index = 0
        /// The latest patterns by number modulo the size.
        var ring: [UInt64]
        /// By low bits: the number of the latest pattern with them, 0 = none.
        var latest: [Int32]
        /// The code of the leading zeros in force; -1 = none.
        var leadingCode = -1

        init(_ form: Chimp, first: UInt64) {
            self.form = form
            keyMask = 1 &<< (form.threshold &+ 1) &- 1
            ring = [UInt64](repeating: 0, count: 1 << form.ringBits)
            latest = [Int32](repeating: 0, count: keyMask + 1)
            ring[0] = first
        }

        @inline(__always)
        mutating func put(_ value: UInt64, to bits: inout BitWriter, into out: inout MutableRawSpan) {
            let key = Int(truncatingIfNeeded: value) & keyMask
            var place = index & form.ringMask
            var difference = value ^ ring[place]
            var isMatch = false
            let candidate = Int(latest[key])
            if index &- candidate <= form.ringMask {
                let other = value ^ ring[candidate & form.ringMask]
                // Of no difference all bits are trailing zeros.
                if other.trailingZeroBitCount > form.threshold {
                    isMatch = true
                    place = candidate & form.ringMask
                    difference = other
                }
            }
            write(difference, place: place, isMatch: isMatch, to: &bits, into: &out)
            index &+= 1
            ring[index & form.ringMask] = value
            latest[key] = Int32(truncatingIfNeeded: index)
        }

        @inline(__always)
        private mutating func write(
            _ difference: UInt64, place: Int, isMatch: Bool, to bits: inout BitWriter, into out: inout MutableRawSpan
        ) {
            let wordBits = form.wordBits
            if difference == 0 {
                bits.put(UInt64(truncatingIfNeeded: place), form.ringBits &+ 2, into: &out)
                leadingCode = -1
                return
            }
            let code = Chimp.code(difference.leadingZeroBitCount &- (64 &- wordBits))
            let leading = Chimp.leading(code)
            if isMatch {
                let trailing = difference.trailingZeroBitCount
                let size = wordBits &- leading &- trailing
                let control =
                    (0b01 &<< form.ringBits | place) &<< (3 &+ form.sizeBits) | code &<< form.sizeBits
                    | size & (wordBits &- 1)
                bits.put(
                    UInt64(truncatingIfNeeded: control), 5 &+ form.ringBits &+ form.sizeBits, into: &out)
                bits.put(difference &>> UInt64(truncatingIfNeeded: trailing), size, into: &out)
                leadingCode = -1
            } else if code == leadingCode {
                bits.put(0b10, 2, into: &out)
                bits.put(difference, wordBits &- leading, into: &out)
            } else {
                bits.put(UInt64(truncatingIfNeeded: 0b11_000 | code), 5, into: &out)
                bits.put(difference, wordBits &- leading, into: &out)
                leadingCode = code
            }
        }
    }
}
