// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

func encode(_ column: ValueColumn, _ encoding: TsFileEncoding) -> [UInt8] {
    let worst = ValueCodec.byteCountMax(
        column.type, encoding, count: column.count, textBytes: column.bytes.count)
    var storage = [UInt8](repeating: 0xee, count: worst)
    var span = storage.mutableSpan
    var raw = unsafe span.mutableBytes
    let end = ValueCodec.encode(
        column.type, encoding, column.bits.span, text: column.bytes.span, into: &raw, at: 0)
    return Array(storage[..<end])
}

/// The vectors of `tsfile.md` section 10.
struct EncodingVector: Sendable {
    let type: DataType
    let encoding: TsFileEncoding
    let values: [Value]
    let bytes: String

    static let all: [EncodingVector] = [
        Self(type: .int32, encoding: .plain, values: [.int32(1), .int32(-1), .int32(300)], bytes: "02 01 d8 04"),
        Self(
            type: .text, encoding: .plain, values: [.text(Array("on".utf8)), .text([])], bytes: "04 6f 6e 00"),
        Self(type: .boolean, encoding: .plain, values: [.boolean(true), .boolean(false)], bytes: "01 00"),
        Self(type: .date, encoding: .plain, values: [.date(20_240_229)], bytes: "ca dd a6 13"),
        Self(type: .int64, encoding: .plain, values: [.int64(-2)], bytes: "ff ff ff ff ff ff ff fe"),
        Self(type: .float, encoding: .plain, values: [.float(1.5)], bytes: "3f c0 00 00"),
        Self(type: .double, encoding: .plain, values: [.double(0.5)], bytes: "3f e0 00 00 00 00 00 00"),
        Self(
            type: .int32, encoding: .ts2diff, values: [.int32(10), .int32(12), .int32(11)],
            bytes: "00000002 00000002 ffffffff 0000000a c0"),
        Self(type: .int32, encoding: .ts2diff, values: [.int32(7)], bytes: "00000000 00000000 7fffffff 00000007"),
        Self(
            type: .int64, encoding: .ts2diff, values: [.int64(5), .int64(3), .int64(8), .int64(8), .int64(-2)],
            bytes: "00000004 00000004 fffffffffffffff6 0000000000000005 8fa0"),
        Self(
            type: .int64, encoding: .ts2diff, values: [.int64(.min), .int64(.max)],
            bytes: "00000001 00000000 ffffffffffffffff 8000000000000000"),
        Self(
            type: .double, encoding: .gorilla, values: [.double(0.5), .double(0.5), .double(0.75)],
            bytes: "3fe0000000000000 66 01 c1 2a 00 80"),
        Self(
            type: .float, encoding: .gorilla, values: [.float(1.5), .float(2.5)], bytes: "3fc00000 c2 9f fe 7f c0"),
        Self(
            type: .int32, encoding: .gorilla, values: [.int32(1), .int32(2), .int32(3)],
            bytes: "00000001 fc 1e 70 7e 00 00 00 0c"),
        Self(
            type: .int64, encoding: .gorilla, values: [.int64(100), .int64(100), .int64(101)],
            bytes: "0000000000000064 7f 81 c0 fe 00 00 00 00 00 00 01 94"),
    ]
}

@Suite struct EncodingTests {
    @Test(arguments: EncodingVector.all)
    func vector(_ vector: EncodingVector) throws {
        let values = column(vector.type, vector.values)
        let bytes = encode(values, vector.encoding)
        #expect(hex(bytes) == hex(unhex(vector.bytes)))
        let decoded = try ValueCodec.decode(vector.type, vector.encoding, bytes.span, count: values.count)
        #expect(decoded.type == vector.type && patterns(decoded) == patterns(values))
    }

    /// Block borders of TS_2DIFF, and bit streams of every length.
    @Test(arguments: supportedPairs)
    func roundTrip(type: DataType, encoding: TsFileEncoding) throws {
        var generator = SeededGenerator(seed: UInt64(type.rawValue) << 8 | UInt64(encoding.rawValue))
        for count in [1, 2, 3, 7, 8, 127, 128, 129, 130, 257, 258, 259, 1_000] {
            let values = randomPoints(type, count: count, &generator).values
            let bytes = encode(values, encoding)
            let decoded = try ValueCodec.decode(type, encoding, bytes.span, count: count)
            #expect(decoded.type == type)
            #expect(patterns(decoded) == patterns(values), "\(type.name) \(encoding.name) \(count)")
        }
    }

    /// Deltas of every width, up to all bits.
    @Test(arguments: [DataType.int32, .int64], [TsFileEncoding.ts2diff, .gorilla, .plain])
    func widths(type: DataType, encoding: TsFileEncoding) throws {
        var generator = SeededGenerator(seed: 7)
        for width in 1...type.wordBits {
            var values = ValueColumn(type)
            for _ in 0..<200 {
                let word = generator.next() >> UInt64(64 - width)
                values.append(
                    type == .int32 ? .int32(Int32(truncatingIfNeeded: word)) : .int64(Int64(bitPattern: word)))
            }
            let bytes = encode(values, encoding)
            #expect(try ValueCodec.decode(type, encoding, bytes.span, count: 200) == values, "\(width) bits")
        }
    }

    /// Whatever is cut off or appended is noticed where the format lets it be noticed, and never traps.
    @Test(arguments: supportedPairs)
    func truncations(type: DataType, encoding: TsFileEncoding) throws {
        var generator = SeededGenerator(seed: 99)
        let values = randomPoints(type, count: 140, &generator).values
        let bytes = encode(values, encoding)
        for length in 0..<bytes.count {
            let cut = Array(bytes[..<length])
            if encoding == .gorilla {
                // The end marker and its padding may be missing; the values may not.
                let decoded = try? ValueCodec.decode(type, encoding, cut.span, count: 140)
                #expect(decoded.map(patterns) ?? patterns(values) == patterns(values))
                continue
            }
            #expect(throws: CodecError.self) { try ValueCodec.decode(type, encoding, cut.span, count: 140) }
        }
        for count in [1, 139, 141, 10_000_000] where encoding != .gorilla || count > 141 {
            #expect(throws: CodecError.self) { try ValueCodec.decode(type, encoding, bytes.span, count: count) }
        }
    }

    @Test(arguments: supportedPairs)
    func garbage(type: DataType, encoding: TsFileEncoding) throws {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<300 {
            let bytes = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
                UInt8.random(in: round % 2 == 0 ? 0...255 : 0...3, using: &generator)
            }
            for count in [1, 5, 129] {
                let decoded = try? ValueCodec.decode(type, encoding, bytes.span, count: count)
                #expect(decoded == nil || decoded?.count == count)
            }
        }
    }

    @Test func unsupportedPairs() {
        #expect(!TsFileEncoding.ts2diff.supports(.double))
        #expect(!TsFileEncoding.gorilla.supports(.boolean))
        for encoding in TsFileEncoding.allCases { #expect(encoding.supports(.blob) == (encoding == .plain)) }
        for type in DataType.allCases { #expect(type.defaultTsFileEncoding.supports(type)) }
    }

    @Test func portableDefaults() {
        let defaults = DataType.allCases.map { "\($0.name) \($0.defaultTsFileEncoding.name)" }
        #expect(
            defaults == [
                "BOOLEAN PLAIN", "INT32 TS_2DIFF", "INT64 TS_2DIFF", "FLOAT GORILLA", "DOUBLE GORILLA", "TEXT PLAIN",
                "TIMESTAMP TS_2DIFF", "DATE TS_2DIFF", "BLOB PLAIN", "STRING PLAIN",
            ])
    }
}

@Suite struct CompressionTests {
    @Test func lz4Vector() throws {
        var stored: [UInt8] = []
        Compression.compress(Array("abc".utf8).span, .lz4, to: &stored)
        #expect(hex(stored) == "30616263")
        #expect(try Compression.decompress(stored, .lz4, byteCount: 3) == Array("abc".utf8))
    }

    @Test(arguments: [TsFileCompressor.lz4, .uncompressed])
    func roundTrip(_ compressor: TsFileCompressor) throws {
        var generator = SeededGenerator(seed: 11)
        for count in [1, 12, 13, 64, 1_000, 100_000] {
            for alphabet: ClosedRange<UInt8> in [0...255, 0...1] {
                let body = (0..<count).map { _ in UInt8.random(in: alphabet, using: &generator) }
                var stored: [UInt8] = [1, 2]
                Compression.compress(body.span, compressor, to: &stored)
                #expect(stored.starts(with: [1, 2]))
                #expect(try Compression.decompress(Array(stored[2...]), compressor, byteCount: count) == body)
            }
        }
    }

    @Test func wrongSizes() throws {
        var stored: [UInt8] = []
        Compression.compress([UInt8](repeating: 7, count: 1_000).span, .lz4, to: &stored)
        for byteCount in [0, 1, 999, 1_001, 60 << 20] {
            #expect(throws: CodecError.self) { try Compression.decompress(stored, .lz4, byteCount: byteCount) }
        }
        #expect(throws: CodecError.self) { try Compression.decompress([], .lz4, byteCount: 1) }
        #expect(throws: CodecError.self) { try Compression.decompress([1, 2], .uncompressed, byteCount: 3) }
        #expect(throws: CodecError.self) { try Compression.decompress([1, 2], .zstd, byteCount: 3) }
    }
}
