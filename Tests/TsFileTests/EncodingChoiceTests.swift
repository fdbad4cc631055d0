// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// ``TsFileEncoding/choice(for:compressor:)`` on data like that of `tsfile.md` section 16.
@Suite struct EncodingChoiceTests {
    /// A walk of a measured value with two decimals: CHIMP takes a half of GORILLA.
    static func walk(_ type: DataType, count: Int) -> ValueColumn {
        var generator = SeededGenerator(seed: 1)
        var values = ValueColumn(type)
        var hundredths = 2_000
        for _ in 0..<count {
            hundredths += Int.random(in: -20...20, using: &generator)
            values.append(type == .double ? .double(Double(hundredths) / 100) : .float(Float(hundredths) / 100))
        }
        return values
    }

    /// A set point that seldom changes: GORILLA takes a bit a value.
    static func setPoint(_ type: DataType, count: Int) -> ValueColumn {
        var generator = SeededGenerator(seed: 2)
        var values = ValueColumn(type)
        var value = 20.5
        for _ in 0..<count {
            if Int.random(in: 0..<20, using: &generator) == 0 {
                value = Double(Int.random(in: 30...50, using: &generator)) / 2
            }
            values.append(type == .double ? .double(value) : .float(Float(value)))
        }
        return values
    }

    @Test(arguments: [DataType.float, .double])
    func numbers(type: DataType) {
        for compressor in [TsFileCompressor.lz4, .uncompressed, .zstd] {
            #expect(TsFileEncoding.choice(for: Self.walk(type, count: 600), compressor: compressor) == .chimp)
            #expect(TsFileEncoding.choice(for: Self.setPoint(type, count: 600), compressor: compressor) == .gorilla)
        }
    }

    @Test(arguments: [DataType.text, .string])
    func texts(type: DataType) {
        var generator = SeededGenerator(seed: 3)
        var states = ValueColumn(type), distinct = ValueColumn(type)
        for row in 0..<600 {
            let state = Array(["open", "closed", "moving", "fault"][Int.random(in: 0..<4, using: &generator)].utf8)
            let line = Array("line \(row) \(UInt64.random(in: 0 ... .max, using: &generator))".utf8)
            states.append(type == .text ? .text(state) : .string(state))
            distinct.append(type == .text ? .text(line) : .string(line))
        }
        #expect(TsFileEncoding.choice(for: states) == .dictionary)
        #expect(TsFileEncoding.choice(for: distinct) == .plain)
    }

    /// States that stay are runs; counters are differences, noise as well, for want of a clear reason.
    @Test(arguments: [DataType.int32, .int64])
    func integers(type: DataType) {
        var generator = SeededGenerator(seed: 5)
        var state = ValueColumn(type), counter = ValueColumn(type), noise = ValueColumn(type)
        var current = 0, count = 1_000
        for _ in 0..<600 {
            if Int.random(in: 0..<50, using: &generator) == 0 { current = Int.random(in: 0..<5, using: &generator) }
            count += Int.random(in: 0...9, using: &generator)
            state.bits.append(UInt64(current))
            counter.bits.append(UInt64(count))
            noise.bits.append(UInt64(Int.random(in: 0..<100, using: &generator)))
        }
        #expect(TsFileEncoding.choice(for: state) == (type == .int32 ? .rle : .gorilla))
        #expect(TsFileEncoding.choice(for: counter) == .ts2diff && TsFileEncoding.choice(for: noise) == .ts2diff)
    }

    /// Only the first values count, no value is no reason, and other types keep their default.
    @Test func bounds() {
        var column = Self.setPoint(.double, count: TsFileEncoding.choiceSampleMax)
        column.bits += Self.walk(.double, count: 20_000).bits
        #expect(TsFileEncoding.choice(for: column) == .gorilla)
        let few = Self.walk(.double, count: TsFileEncoding.choiceSampleMin - 1)
        let enough = Self.walk(.double, count: TsFileEncoding.choiceSampleMin)
        #expect(TsFileEncoding.choice(for: few) == .gorilla && TsFileEncoding.choice(for: enough) == .chimp)
        for type in DataType.allCases {
            #expect(TsFileEncoding.choice(for: ValueColumn(type)) == type.defaultTsFileEncoding)
        }
        var generator = SeededGenerator(seed: 4)
        for type in [DataType.boolean, .timestamp, .date, .blob] {
            let values = randomPoints(type, count: 100, &generator).values
            #expect(TsFileEncoding.choice(for: values) == type.defaultTsFileEncoding)
        }
        var long = ValueColumn(.text)
        long.append(.text([UInt8](repeating: 65, count: 5 << 20)))
        #expect(TsFileEncoding.choice(for: long) == .plain)
    }
}
