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

@Suite struct EncodingTests {
    @Test(arguments: EncodingVector.all)
    func vector(_ vector: EncodingVector) throws {
        let values = column(vector.type, vector.values)
        let bytes = encode(values, vector.encoding)
        #expect(hex(bytes) == hex(unhex(vector.bytes)))
        let decoded = try ValueCodec.decode(vector.type, vector.encoding, bytes.span, count: values.count)
        #expect(decoded.type == vector.type && patterns(decoded) == patterns(values))
    }

    @Test(arguments: EncodingVector.readOnly)
    func vectorOfAnotherWriter(_ vector: EncodingVector) throws {
        let bytes = unhex(vector.bytes)
        let decoded = try ValueCodec.decode(vector.type, vector.encoding, bytes.span, count: vector.values.count)
        #expect(patterns(decoded) == patterns(column(vector.type, vector.values)))
        #expect(!vector.encoding.isWritable(for: vector.type))
    }

    /// Block borders of TS_2DIFF, and bit streams of every length.
    @Test(arguments: writablePairs)
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
    @Test(arguments: writablePairs.filter { $0.0 == .int32 || $0.0 == .int64 })
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
    @Test(arguments: writablePairs)
    func truncations(type: DataType, encoding: TsFileEncoding) throws {
        var generator = SeededGenerator(seed: 99)
        let values = randomPoints(type, count: 140, &generator).values
        let bytes = encode(values, encoding)
        for length in 0..<bytes.count {
            let cut = Array(bytes[..<length])
            if encoding == .gorilla || encoding == .chimp {
                // The end marker and its padding may be missing; the values may not.
                let decoded = try? ValueCodec.decode(type, encoding, cut.span, count: 140)
                #expect(decoded.map(patterns) ?? patterns(values) == patterns(values))
                continue
            }
            #expect(throws: CodecError.self) { try ValueCodec.decode(type, encoding, cut.span, count: 140) }
        }
        let hasMarker = encoding == .gorilla || encoding == .chimp
        for count in [1, 139, 141, 10_000_000] where !hasMarker || count > 141 {
            #expect(throws: CodecError.self) { try ValueCodec.decode(type, encoding, bytes.span, count: count) }
        }
    }

    @Test(arguments: readablePairs)
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

    /// The table of `tsfile.md` section 4, and what the portable profile leaves of it.
    @Test func pairs() {
        func names(_ type: DataType, _ holds: (TsFileEncoding) -> Bool) -> String {
            TsFileEncoding.allCases.filter(holds).map(\.name).joined(separator: " ")
        }
        let integers = "PLAIN RLE TS_2DIFF GORILLA ZIGZAG CHIMP SPRINTZ RLBE"
        let floats = "PLAIN RLE TS_2DIFF GORILLA CHIMP SPRINTZ RLBE"
        for (type, read, written) in [
            (DataType.boolean, "PLAIN RLE", "PLAIN"), (.int32, integers, "PLAIN RLE TS_2DIFF GORILLA ZIGZAG CHIMP"),
            (.int64, integers, "PLAIN TS_2DIFF GORILLA ZIGZAG CHIMP"), (.float, floats, "PLAIN GORILLA CHIMP"),
            (.double, floats, "PLAIN GORILLA CHIMP"), (.text, "PLAIN DICTIONARY", "PLAIN DICTIONARY"),
            (.timestamp, integers, "PLAIN TS_2DIFF GORILLA CHIMP"),
            (.date, integers, "PLAIN RLE TS_2DIFF GORILLA CHIMP"), (.blob, "PLAIN", "PLAIN"),
            (.string, "PLAIN DICTIONARY", "PLAIN DICTIONARY"),
        ] {
            #expect(names(type) { $0.supports(type) } == read)
            #expect(names(type) { $0.isWritable(for: type) } == written)
            #expect(type.defaultTsFileEncoding.isWritable(for: type))
        }
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
