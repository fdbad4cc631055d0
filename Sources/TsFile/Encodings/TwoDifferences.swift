// SPDX-License-Identifier: Apache-2.0

/// TS_2DIFF (`tsfile.md` section 10.2): blocks of up to 129 integers, as the first one and bit-packed deltas above their minimum.
///
/// All arithmetic wraps in the word; 32-bit words travel sign-extended.
enum TwoDifferences {
    /// Deltas of a full block.
    static let blockDeltas = 128

    /// Bytes that `count` values take at most, with the eight that ``BitWriter`` needs.
    static func byteCountMax(_ count: Int) -> Int {
        (count / (blockDeltas + 1) + 1) * 24 + count * 8 + 8
    }

    /// Most values that so many bytes can hold: a block has 16 bytes or more.
    static func countMax(_ byteCount: Int) -> Int {
        byteCount / 16 * (blockDeltas + 1)
    }

    /// Returns the offset after the encoded values.
    static func encode<Element: FixedWidthInteger>(
        _ values: Span<Element>, wordBits: Int, into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        var position = start
        var index = 0
        while index < values.count {
            let block = index..<min(index + blockDeltas + 1, values.count)
            position = encodeBlock(values.extracting(block), wordBits: wordBits, into: &out, at: position)
            index = block.upperBound
        }
        return position
    }

    @inline(__always)
    private static func encodeBlock<Element: FixedWidthInteger>(
        _ values: Span<Element>, wordBits: Int, into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        let narrowing = Int64(64 &- wordBits)
        let first = Int64(truncatingIfNeeded: values[0])
        var minimum = Int64.max &>> narrowing
        var maximum = Int64.min
        var previous = first
        for index in 1..<max(values.count, 1) {
            let value = Int64(truncatingIfNeeded: values[index])
            let delta = ((value &- previous) &<< narrowing) &>> narrowing
            minimum = min(minimum, delta)
            maximum = max(maximum, delta)
            previous = value
        }
        let deltas = values.count &- 1
        let width = deltas == 0 ? 0 : 64 &- (maximum &- minimum).leadingZeroBitCount
        out.store(bigEndian: UInt64(deltas) &<< 32 | UInt64(width), at: start)
        var position = start &+ 8
        for word in [minimum, first] {
            if wordBits == 32 {
                out.store(bigEndian: UInt32(truncatingIfNeeded: word), at: position)
                position &+= 4
            } else {
                out.store(bigEndian: UInt64(bitPattern: word), at: position)
                position &+= 8
            }
        }
        guard width > 0 else { return position }
        var bits = BitWriter(at: position)
        previous = first
        for index in 1..<values.count {
            let value = Int64(truncatingIfNeeded: values[index])
            let delta = ((value &- previous) &<< narrowing) &>> narrowing
            bits.put(UInt64(bitPattern: delta &- minimum), width, into: &out)
            previous = value
        }
        return bits.finish(into: &out)
    }

    /// Decodes exactly `count` values that fill `bytes`.
    static func decode<Element: FixedWidthInteger>(
        _ bytes: Span<UInt8>, count: Int, wordBits: Int, as element: Element.Type
    ) throws(CodecError) -> [Element] {
        guard count <= countMax(bytes.count) else {
            throw CodecError("\(bytes.count) bytes of TS_2DIFF cannot hold \(count) values")
        }
        var result = [Element](repeating: 0, count: count)
        var output = result.mutableSpan
        var produced = 0
        var position = 0
        while position < bytes.count {
            position = try decodeBlock(bytes, at: position, wordBits: wordBits, into: &output, produced: &produced)
        }
        guard produced == count else { throw CodecError("TS_2DIFF holds \(produced) values, not \(count)") }
        return result
    }

    @inline(__always)
    private static func decodeBlock<Element: FixedWidthInteger>(
        _ bytes: Span<UInt8>, at start: Int, wordBits: Int, into output: inout MutableSpan<Element>, produced: inout Int
    ) throws(CodecError) -> Int {
        let narrowing = Int64(64 &- wordBits)
        let headerEnd = start &+ 8 &+ wordBits / 4
        guard headerEnd <= bytes.count else { throw CodecError("a TS_2DIFF block header is cut off") }
        var header = BitReader(bytes, from: start)
        let deltas = Int(header.read(32)), width = Int(header.read(32))
        let minimum = Int64(bitPattern: header.read(wordBits) &<< UInt64(narrowing)) &>> narrowing
        var value = Int64(bitPattern: header.read(wordBits) &<< UInt64(narrowing)) &>> narrowing
        guard deltas <= blockDeltas, width <= wordBits else {
            throw CodecError("a TS_2DIFF block has \(deltas) deltas of \(width) bits")
        }
        let end = headerEnd &+ (deltas &* width &+ 7) / 8
        guard end <= bytes.count else { throw CodecError("a TS_2DIFF block is cut off") }
        guard deltas < output.count &- produced else {
            throw CodecError("TS_2DIFF holds more than \(output.count) values")
        }
        output[produced] = Element(truncatingIfNeeded: value)
        produced &+= 1
        var bits = BitReader(bytes, from: headerEnd)
        for _ in 0..<deltas {
            let delta = minimum &+ Int64(bitPattern: bits.read(width))
            value = ((value &+ delta) &<< narrowing) &>> narrowing
            output[produced] = Element(truncatingIfNeeded: value)
            produced &+= 1
        }
        return end
    }
}
