// SPDX-License-Identifier: Apache-2.0

/// RLBE (`tsfile.md` section 10.9), to be read only: deltas in segments of equal length in bits, whose numbers are in Fibonacci code.
///
/// Floating-point numbers were subtracted as such by the official writer, so what comes back is near the value, not equal to it.
struct RunLengthBits {
    let wordBits: Int
    /// The words are bit patterns of floating-point numbers.
    let isFloat: Bool

    /// Most values of a block.
    private static let blockLengthMax = 10_000
    /// The Fibonacci numbers 1, 2, 3, 5, ... up to the length of a block.
    private static let fibonacci: [Int] = {
        var numbers = [1, 2]
        while let last = numbers.last, last < blockLengthMax { numbers.append(last + numbers[numbers.count - 2]) }
        return numbers
    }()

    /// Decodes exactly `count` words, zero-extended.
    func decode(_ bytes: Span<UInt8>, count: Int) throws(CodecError) -> [UInt64] {
        // Every delta takes a bit or more.
        guard count <= bytes.count * 8 else {
            throw CodecError("\(bytes.count) bytes of RLBE cannot hold \(count) values")
        }
        var values: [UInt64] = []
        values.reserveCapacity(count)
        var position = 0
        while values.count < count {
            guard position + 4 <= bytes.count else { throw CodecError("RLBE ends before value \(count)") }
            var bits = BitReader(bytes, from: position)
            let length = Int(bits.read(32))
            guard length > 0 && length <= Self.blockLengthMax && length <= count - values.count else {
                throw CodecError("RLBE has a block of \(length) values")
            }
            let blockEnd = values.count + length
            var used = 32
            var previous: UInt64?
            while values.count < blockEnd {
                used += try segment(&bits, blockEnd: blockEnd, previous: &previous, to: &values)
            }
            guard !bits.isOverrun else { throw CodecError("RLBE ends before value \(count)") }
            position += (used + 7) / 8
        }
        guard position == bytes.count else {
            throw CodecError("\(bytes.count - position) bytes follow \(count) values")
        }
        return values
    }

    /// Reads a segment; returns its bits.
    private func segment(
        _ bits: inout BitReader, blockEnd: Int, previous: inout UInt64?, to values: inout [UInt64]
    ) throws(CodecError) -> Int {
        let widthBits = wordBits == 32 ? 6 : 7
        let width = Int(bits.read(widthBits))
        guard width > 0 && width <= wordBits else { throw CodecError("RLBE has deltas of \(width) bits") }
        var used = widthBits
        let length = try runLength(&bits, most: blockEnd - values.count, used: &used)
        for _ in 0..<length {
            var delta = bits.read(width)
            if width == wordBits { delta |= 1 << UInt64(wordBits - 1) }
            let value = sum(previous, delta)
            values.append(value)
            previous = value
        }
        guard !bits.isOverrun else { throw CodecError("RLBE ends within a segment") }
        return used + length * width
    }

    /// The Fibonacci code, low term first, ends with the second of two ones in a row.
    private func runLength(_ bits: inout BitReader, most: Int, used: inout Int) throws(CodecError) -> Int {
        var length = 0
        var wasSet = false
        for number in Self.fibonacci + [0] {
            let isSet = bits.read(1) == 1
            used += 1
            if isSet && wasSet {
                guard length <= most else { throw CodecError("RLBE has a segment of \(length) values") }
                return length
            }
            if isSet { length += number }
            wasSet = isSet
        }
        throw CodecError("RLBE has a length without an end")
    }

    private func sum(_ previous: UInt64?, _ delta: UInt64) -> UInt64 {
        guard let previous else { return delta }
        guard isFloat else { return (previous &+ delta) & UInt64.max >> UInt64(64 - wordBits) }
        if wordBits == 32 {
            let value =
                Float(bitPattern: UInt32(truncatingIfNeeded: previous))
                + Float(bitPattern: UInt32(truncatingIfNeeded: delta))
            return UInt64(value.bitPattern)
        }
        return (Double(bitPattern: previous) + Double(bitPattern: delta)).bitPattern
    }
}
