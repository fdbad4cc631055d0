// SPDX-License-Identifier: Apache-2.0

/// GORILLA (`tsfile.md` section 10.4): each bit pattern as its difference (xor) to the one before.
enum Gorilla {
    /// Bytes that `count` values take at most (64 bits and 14 of control each), the end marker and ``BitWriter``'s eight included.
    static func byteCountMax(_ count: Int) -> Int { (count + 1) * 10 + 16 }

    /// Returns the offset after the encoded values. `endMarker` is the pattern of NaN or of the least integer.
    static func encode(
        _ slots: Span<UInt64>, wordBits: Int, endMarker: UInt64, into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        let mask = UInt64.max &>> UInt64(64 &- wordBits)
        var state = Encoder(wordBits: wordBits, previous: slots[0] & mask)
        var bits = BitWriter(at: start)
        bits.put(state.previous, wordBits, into: &out)
        for index in 1..<max(slots.count, 1) {
            state.put(slots[index] & mask, to: &bits, into: &out)
        }
        state.put(endMarker, to: &bits, into: &out)
        // The Java decoder reads one byte ahead.
        if bits.isByteAligned { bits.put(0, 8, into: &out) }
        return bits.finish(into: &out)
    }

    private struct Encoder {
        let wordBits: Int
        let fieldBits: Int
        var previous: UInt64
        /// The stored window; no value fits the initial one.
        var leading = 65
        var trailing = 65

        @inline(__always)
        init(wordBits: Int, previous: UInt64) {
            self.wordBits = wordBits
            fieldBits = wordBits == 32 ? 5 : 6
            self.previous = previous
        }

        @inline(__always)
        mutating func put(_ value: UInt64, to bits: inout BitWriter, into out: inout MutableRawSpan) {
            let difference = value ^ previous
            previous = value
            guard difference != 0 else {
                bits.put(0, 1, into: &out)
                return
            }
            let lead = difference.leadingZeroBitCount &- (64 &- wordBits)
            let trail = difference.trailingZeroBitCount
            if lead >= leading && trail >= trailing {
                let width = wordBits &- leading &- trailing
                bits.put(0b10, 2, into: &out)
                bits.put(difference &>> UInt64(truncatingIfNeeded: trailing), width, into: &out)
                return
            }
            let width = wordBits &- lead &- trail
            let fields = UInt64(truncatingIfNeeded: fieldBits)
            let control =
                0b11 &<< (fields &* 2) | UInt64(truncatingIfNeeded: lead) &<< fields
                | UInt64(truncatingIfNeeded: width &- 1)
            bits.put(control, 2 &+ 2 &* fieldBits, into: &out)
            bits.put(difference &>> UInt64(truncatingIfNeeded: trail), width, into: &out)
            leading = lead
            trailing = trail
        }
    }

    /// Decodes `count` bit patterns, zero-extended; the end marker is ignored.
    static func decode(_ bytes: Span<UInt8>, count: Int, wordBits: Int) throws(CodecError) -> [UInt64] {
        guard count > 0, bytes.count >= wordBits / 8, count &- 1 <= bytes.count &* 8 &- wordBits else {
            throw CodecError("\(bytes.count) bytes of GORILLA cannot hold \(count) values")
        }
        var result = [UInt64](repeating: 0, count: count)
        var output = result.mutableSpan
        let fieldBits = wordBits == 32 ? 5 : 6
        let fieldMask = UInt64(1) &<< UInt64(fieldBits) &- 1
        let controlBits = 2 &+ 2 &* fieldBits
        var bits = BitReader(bytes)
        var value = bits.read(wordBits)
        var width = 0
        var trailing: UInt64 = 0
        output[0] = value
        for index in 1..<max(count, 1) {
            let control = bits.upcoming
            if control &>> 63 == 0 {
                bits.skip(1)
            } else {
                if control &>> 62 == 0b10 {
                    guard width > 0 else { throw CodecError("GORILLA uses a window before it has one") }
                    bits.skip(2)
                } else {
                    let fields = control &>> UInt64(64 &- controlBits)
                    let leading = Int((fields &>> UInt64(fieldBits)) & fieldMask)
                    width = Int(fields & fieldMask) &+ 1
                    guard leading &+ width <= wordBits else {
                        throw CodecError("GORILLA has a window of \(leading) + \(width) bits in \(wordBits)")
                    }
                    trailing = UInt64(wordBits &- leading &- width)
                    bits.skip(controlBits)
                }
                value ^= bits.read(width) &<< trailing
            }
            output[index] = value
        }
        guard !bits.isOverrun else { throw CodecError("GORILLA ends before value \(count)") }
        return result
    }
}
