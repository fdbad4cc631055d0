// SPDX-License-Identifier: Apache-2.0

extension Chimp {
    /// Decodes `count` bit patterns, zero-extended; the end marker is ignored.
    func decode(_ bytes: Span<UInt8>, count: Int) throws(CodecError) -> [UInt64] {
        // Every value after the first takes a byte or more.
        guard count > 0, bytes.count >= wordBits / 8, count &- 1 <= bytes.count &- wordBits / 8 else {
            throw CodecError("\(bytes.count) bytes of CHIMP cannot hold \(count) values")
        }
        var result = [UInt64](repeating: 0, count: count)
        var output = result.mutableSpan
        var bits = BitReader(bytes)
        output[0] = bits.read(wordBits)
        // The patterns that are remembered are the latest of the output.
        var leading = -1
        for index in 1..<max(count, 1) {
            let control = bits.upcoming
            let flag = Int(truncatingIfNeeded: control &>> 62)
            if flag < 0b10 {
                let place = Int(truncatingIfNeeded: control &>> UInt64(62 &- ringBits)) & ringMask
                let back = ((index &- 1) &- place) & ringMask
                let source = index &- 1 &- back
                // Places that no value has taken hold zero.
                let base = source >= 0 ? output[source] : 0
                if flag == 0b00 {
                    bits.skip(2 &+ ringBits)
                    output[index] = base
                } else {
                    output[index] = base ^ (try readMatch(control, &bits, leading: &leading))
                }
                continue
            }
            if flag == 0b11 {
                leading = Chimp.leading(Int(truncatingIfNeeded: control &>> 59) & 7)
                bits.skip(5)
            } else {
                bits.skip(2)
            }
            guard leading >= 0 else { throw CodecError("CHIMP uses leading zeros before it has some") }
            output[index] = output[index &- 1] ^ bits.read(wordBits &- leading)
        }
        guard !bits.isOverrun else { throw CodecError("CHIMP ends before value \(count)") }
        return result
    }

    /// The difference to an older pattern.
    @inline(__always)
    private func readMatch(
        _ control: UInt64, _ bits: inout BitReader, leading: inout Int
    ) throws(CodecError) -> UInt64 {
        let fields = control &>> UInt64(62 &- ringBits &- 3 &- sizeBits)
        leading = Chimp.leading(Int(truncatingIfNeeded: fields &>> UInt64(sizeBits)) & 7)
        var size = Int(truncatingIfNeeded: fields) & (wordBits &- 1)
        if size == 0 { size = wordBits }
        guard leading &+ size <= wordBits else {
            throw CodecError("CHIMP has a window of \(leading) + \(size) bits in \(wordBits)")
        }
        bits.skip(5 &+ ringBits &+ sizeBits)
        return bits.read(size) &<< UInt64(wordBits &- leading &- size)
    }
}
