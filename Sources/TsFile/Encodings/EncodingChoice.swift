// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

extension TsFileEncoding {
    /// Values of a sample that are looked at, the first ones: enough to tell the kinds of data apart, little beside a page.
    package static let choiceSampleMax = 1_024
    /// Fewer values than this keep the type's default: less could be saved than the chunk's headers take, and a flush of a large
    /// fleet writes a hundred thousand such chunks (the choice took a seventh of that flush).
    package static let choiceSampleMin = 128

    /// The encoding that makes these first values of a series smallest, compressed, where nothing was declared: GORILLA or CHIMP
    /// for FLOAT and DOUBLE, PLAIN or DICTIONARY for TEXT and STRING, TS_2DIFF or else RLE for INT32 and GORILLA for INT64, else
    /// the type's default. Costs two pages of ``choiceSampleMax`` values.
    ///
    /// Bytes a point of whole chunks with LZ4, times of exactly a second included, 20,000 points of the kinds of `tsfile.md`
    /// section 16, and million points a second written and read by one core of a shared virtual machine:
    ///
    /// | data | encoding | bytes | write | read |
    /// | --- | --- | --- | --- | --- |
    /// | DOUBLE walk, full precision | GORILLA | 6.94 | 158 | 160 |
    /// | | CHIMP | 6.48 | 82 | 97 |
    /// | DOUBLE walk, 2 decimals | GORILLA | 4.32 | 54 | 117 |
    /// | | CHIMP | 2.35 | 74 | 106 |
    /// | DOUBLE set point | GORILLA | 0.21 | 276 | 224 |
    /// | | CHIMP | 0.61 | 132 | 171 |
    /// | FLOAT walk, 2 decimals | GORILLA | 3.01 | 135 | 154 |
    /// | | CHIMP | 2.13 | 88 | 111 |
    /// | INT64 counter | TS_2DIFF | 0.62 | 199 | 200 |
    /// | | GORILLA | 1.66 | 163 | 155 |
    /// | INT32 state of five | TS_2DIFF | 0.21 | 222 | 200 |
    /// | | RLE | 0.10 | 310 | 267 |
    /// | | GORILLA | 0.12 | 315 | 229 |
    /// | INT32 0...99 at random | TS_2DIFF | 1.12 | 197 | 206 |
    /// | | RLE | 0.94 | 234 | 144 |
    /// | TEXT, 4 states | PLAIN | 0.18 | 97 | 129 |
    /// | | DICTIONARY | 0.11 | 55 | 140 |
    package static func choice(
        for sample: borrowing ValueColumn, compressor: TsFileCompressor = .lz4
    ) -> TsFileEncoding {
        let usual = sample.type.defaultTsFileEncoding
        let other: TsFileEncoding
        switch sample.type {
        case .float, .double: other = .chimp
        case .text, .string: other = .dictionary
        case .int32: other = .rle
        case .int64: other = .gorilla
        default: return usual
        }
        let count = min(sample.count, choiceSampleMax)
        guard count >= choiceSampleMin, let usualSize = size(sample, count, usual, compressor),
            let otherSize = size(sample, count, other, compressor)
        else { return usual }
        // An integer that rests may be a counter that will go on, which only TS_2DIFF keeps small: it must be clearly better.
        let isClear =
            sample.type == .int32 || sample.type == .int64 ? otherSize * 4 < usualSize * 3 : otherSize < usualSize
        return isClear ? other : usual
    }

    /// Bytes of the first values, encoded and compressed.
    private static func size(
        _ sample: borrowing ValueColumn, _ count: Int, _ encoding: TsFileEncoding, _ compressor: TsFileCompressor
    ) -> Int? {
        var textBytes = 0
        if sample.type.isVariableLength {
            for index in 0..<count { textBytes += sample.range(at: index).count }
        }
        let worst = ValueCodec.byteCountMax(sample.type, encoding, count: count, textBytes: textBytes)
        // Texts this long have pages of their own, whatever the encoding.
        guard worst <= 4 << 20 else { return nil }
        var scratch = [UInt8](repeating: 0, count: worst)
        var span = scratch.mutableSpan
        var out = unsafe span.mutableBytes
        let end = ValueCodec.encode(
            sample.type, encoding, sample.bits.span.extracting(0..<count), text: sample.bytes.span, into: &out, at: 0)
        var stored: [UInt8] = []
        // The slow compressors rank like ZSTD, at a hundredth of the time.
        let stand: TsFileCompressor = compressor == .lzma2 || compressor == .gzip ? .zstd : compressor
        guard (try? Compression.compress(scratch.span.extracting(0..<end), stand, to: &stored)) != nil else {
            return nil
        }
        return stored.count
    }
}
