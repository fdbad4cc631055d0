// SPDX-License-Identifier: Apache-2.0

import Glibc

/// FLOAT and DOUBLE in TS_2DIFF or RLE (`tsfile.md` section 10.8), to be read only: decimal numbers of a few digits as integers.
struct ScaledFloats {
    let wordBits: Int
    let encoding: TsFileEncoding

    /// In place of the number of digits: flags of the values follow, one bitmap or two.
    private static let oneBitmap: UInt32 = 2_147_483_647
    private static let twoBitmaps: UInt32 = 2_147_483_646

    /// Decodes exactly `count` bit patterns of the type.
    func decode(_ bytes: Span<UInt8>, count: Int) throws(CodecError) -> [UInt64] {
        var reader = ByteReader(bytes)
        var digits = try reader.uvar()
        var scaled: Range<Int>?
        var raw: Range<Int>?
        if digits == Self.oneBitmap || digits == Self.twoBitmaps {
            let flagCount = Int(try reader.uvar())
            guard flagCount == count else { throw CodecError("flags of \(flagCount) values, not \(count)") }
            scaled = try reader.take(count / 8 + 1)
            if digits == Self.twoBitmaps { raw = try reader.take(count / 8 + 1) }
            digits = try reader.uvar()
        }
        let integers = try integers(bytes, from: reader.offset, count: count)
        let factor = digits == 0 || digits > Int32.max ? 1 : pow(10, Double(digits))
        var result = [UInt64](repeating: 0, count: count)
        for index in 0..<count {
            if let raw, Self.isSet(bytes, raw, index) {
                result[index] = wordBits == 32 ? integers[index] & 0xffff_ffff : integers[index]
                continue
            }
            let isScaled = scaled.map { Self.isSet(bytes, $0, index) } ?? true
            let value = Double(Int64(bitPattern: integers[index])) / (isScaled ? factor : 1)
            result[index] = wordBits == 32 ? UInt64(Float(value).bitPattern) : value.bitPattern
        }
        return result
    }

    /// The integers, sign-extended.
    private func integers(_ bytes: Span<UInt8>, from start: Int, count: Int) throws(CodecError) -> [UInt64] {
        if encoding == .ts2diff {
            return try TwoDifferences.decode(
                bytes.extracting(start..<bytes.count), count: count, wordBits: wordBits, as: UInt64.self)
        }
        var (values, end) = try RunLength.decode(bytes, from: start, count: count, wordBits: wordBits)
        guard end == bytes.count else { throw CodecError("\(bytes.count - end) bytes follow \(count) values") }
        if wordBits == 32 { ValueCodec.extendSigns(&values) }
        return values
    }

    private static func isSet(_ bytes: Span<UInt8>, _ bitmap: Range<Int>, _ index: Int) -> Bool {
        bytes[bitmap.lowerBound + index / 8] >> UInt8(index % 8) & 1 == 1
    }
}
