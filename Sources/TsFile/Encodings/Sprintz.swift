// SPDX-License-Identifier: Apache-2.0

/// SPRINTZ (`tsfile.md` section 10.9), to be read only: blocks of a first value and eight errors of a predictor.
///
/// The official writer loses values whose errors overflow; what it wrote is what is read here.
struct Sprintz {
    let wordBits: Int
    /// The words are bit patterns of floating-point numbers.
    let isFloat: Bool

    private static let blockErrors = 8
    /// Set in the first byte of the last block, which is not predicted.
    private static let restFlag: UInt8 = 0x80

    /// Decodes exactly `count` words, zero-extended.
    func decode(_ bytes: Span<UInt8>, count: Int) throws(CodecError) -> [UInt64] {
        // A block of nine takes six bytes or more, save a rest that is run-length encoded.
        guard count <= (bytes.count + 1) * 9 else {
            throw CodecError("\(bytes.count) bytes of SPRINTZ cannot hold \(count) values")
        }
        var values: [UInt64] = []
        values.reserveCapacity(count)
        var reader = ByteReader(bytes)
        while values.count < count {
            let head = bytes[try reader.take(1).lowerBound]
            if head & Self.restFlag != 0 {
                values += try rest(bytes, from: reader.offset, count: Int(head & ~Self.restFlag))
                break
            }
            try block(&reader, width: Int(head), to: &values)
        }
        guard values.count == count else { throw CodecError("SPRINTZ holds \(values.count) values, not \(count)") }
        return values
    }

    private func rest(_ bytes: Span<UInt8>, from start: Int, count: Int) throws(CodecError) -> [UInt64] {
        guard isFloat else {
            return try RunLength.decode(bytes, from: start, count: count, wordBits: wordBits).values
        }
        guard count > 0 else { return [] }
        return try Gorilla.decode(bytes.extracting(start..<bytes.count), count: count, wordBits: wordBits)
    }

    private func block(_ reader: inout ByteReader, width: Int, to values: inout [UInt64]) throws(CodecError) {
        guard width <= wordBits else { throw CodecError("SPRINTZ has errors of \(width) bits") }
        let first: UInt64
        if wordBits == 32 && !isFloat {
            first = UInt64(try reader.uvar())
        } else {
            var bits = BitReader(reader.bytes, from: try reader.take(wordBits / 8).lowerBound)
            first = bits.read(wordBits)
        }
        let packed = try reader.take(width)
        var bits = BitReader(reader.bytes, from: packed.lowerBound)
        var predictor = Predictor(wordBits: wordBits)
        var previous = extended(first)
        values.append(first)
        for _ in 0..<Self.blockErrors {
            let residual = extended(bits.read(width))
            // Java halves towards zero, which matters for residuals that overflowed.
            let error = residual & 1 == 0 ? extended(0 &- residual) / 2 : extended(residual &+ 1) / 2
            let value = narrowed(predictor.predict(previous) &+ error)
            predictor.train(previous, value, error)
            previous = value
            values.append(UInt64(bitPattern: value) & UInt64.max >> UInt64(64 - wordBits))
        }
    }

    private func extended(_ word: UInt64) -> Int64 { narrowed(Int64(bitPattern: word)) }

    private func extended(_ word: Int64) -> Int64 { narrowed(word) }

    private func narrowed(_ value: Int64) -> Int64 {
        let narrowing = Int64(64 - wordBits)
        return (value &<< narrowing) &>> narrowing
    }

    /// Learns how the deltas of a block go on; all arithmetic wraps as in the Java writer.
    private struct Predictor {
        let isNarrow: Bool
        private var accumulator: Int32 = 0
        private var delta: Int64 = 0

        init(wordBits: Int) { isNarrow = wordBits == 32 }

        func predict(_ value: Int64) -> Int64 {
            let rate = Int64(accumulator &>> (isNarrow ? 2 : 3))
            let step = (rate &* delta) &>> (isNarrow ? 8 : 16)
            guard isNarrow else { return value &+ step }
            return Int64(Int32(truncatingIfNeeded: value) &+ Int32(truncatingIfNeeded: step))
        }

        mutating func train(_ previous: Int64, _ value: Int64, _ error: Int64) {
            let gradient = error > 0 ? 0 &- delta : delta
            accumulator = Int32(truncatingIfNeeded: Int64(accumulator) &- gradient)
            let next = value &- previous
            delta = isNarrow ? Int64(Int32(truncatingIfNeeded: next)) : next
        }
    }
}
