// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// `tsfile.md` section 15, byte for byte.
let workedExample = """
    54 73 46 69 6c 65 04 00 02 0e 72 6f 6f 74 2e 73 67 04 64 31 05 04 73 31 2c 01 00 04 2a 2a 18 00 00 00 02
    00 00 00 00 00 00 00 00 00 00 03 e8 00 00 00 00 00 00 03 e8 00 00 00 02 00 00 00 02 ff ff ff ff 00 00 00 0a c0
    05 04 73 32 29 04 00 08 27 27 18 00 00 00 02 00 00 00 00 00 00 00 00 00 00 03 e8 00 00 00 00 00 00 03 e8
    3f e0 00 00 00 00 00 00 66 01 c1 2a 00 80 02
    00 04 73 31 01 08 03 00 00 00 00 00 00 03 e8 00 00 00 00 00 00 0b b8 00 00 00 0a 00 00 00 0c 00 00 00 0a
    00 00 00 0b 00 00 00 00 00 00 00 21 00 00 00 00 00 00 00 14
    00 04 73 32 04 08 03 00 00 00 00 00 00 03 e8 00 00 00 00 00 00 0b b8 3f e0 00 00 00 00 00 00
    3f e8 00 00 00 00 00 00 3f e0 00 00 00 00 00 00 3f e8 00 00 00 00 00 00 3f fc 00 00 00 00 00 00
    00 00 00 00 00 00 00 48
    01 04 73 31 00 00 00 00 00 00 00 7a 00 00 00 00 00 00 00 f8 03
    01 0e 72 6f 6f 74 2e 73 67 01 02 0e 72 6f 6f 74 2e 73 67 04 64 31 00 00 00 00 00 00 00 f8
    00 00 00 00 00 00 01 0d 01 00 00 00 00 00 00 00 00 79
    1f 00 00 02 00 10 80 00 00 00 00 00 40 00 20 00 00 00 00 00 00 00 00 00 40 00 06 40 00 00 00 80 80 02 05
    06 18 65 6e 63 72 79 70 74 4c 65 76 65 6c 02 30 16 65 6e 63 72 79 70 74 54 79 70 65
    4a 6f 72 67 2e 61 70 61 63 68 65 2e 74 73 66 69 6c 65 2e 65 6e 63 72 79 70 74 2e 55 4e 45 4e 43 52 59 50 54 45 44
    14 65 6e 63 72 79 70 74 4b 65 79 01 00 00 00 a1 54 73 46 69 6c 65
    """

@Suite struct WriterTests {
    static func example() throws -> MemoryFile {
        try file(
            [
                (
                    path: ["root", "sg", "d1"],
                    series: [
                        ("s1", points(.int32, [(1000, .int32(10)), (2000, .int32(12)), (3000, .int32(11))])),
                        ("s2", points(.double, [(1000, .double(0.5)), (2000, .double(0.5)), (3000, .double(0.75))])),
                    ]
                )
            ], compressor: .uncompressed)
    }

    @Test func workedExampleByteForByte() throws {
        let bytes = try Self.example().bytes
        #expect(bytes.count == 440)
        #expect(hex(bytes) == hex(unhex(workedExample)))
    }

    @Test func summary() throws {
        var writer = TsFileWriter(sink: MemoryFile())
        try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", "a"]))
        try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", "b"]))
        for (name, time) in [("s", Int64(-5)), ("t", 90)] {
            try writer.writeChunk(
                measurement: name, type: .int64, encoding: .ts2diff, compressor: .lz4,
                points: points(.int64, [(time, .int64(1)), (time + 1, .int64(2))]))
        }
        let summary = try writer.finish()
        // Device a has no points, so it is not in the file.
        #expect(
            summary
                == TsFileSummary(
                    byteCount: writer.sink.bytes.count, deviceCount: 1, seriesCount: 2, pointCount: 4, minTime: -5,
                    maxTime: 91))
    }

    @Test func emptyFile() throws {
        let empty = try file([])
        let reader = try TsFileReader(source: empty)
        var devices = reader.devices()
        #expect(try devices.next() == nil)
        #expect(try reader.seriesMetadata(device: TsFileDeviceID(path: ["root"]), measurement: "s") == nil)
    }

    private func error(_ body: (inout TsFileWriter<MemoryFile>) throws -> Void) -> TsFileError.Code? {
        var writer = TsFileWriter(sink: MemoryFile())
        do {
            try body(&writer)
        } catch {
            // Whatever went wrong, the file is not usable after it.
            #expect(throws: TsFileError.self) { try writer.finish() }
            return (error as? TsFileError)?.code
        }
        return nil
    }

    @Test func ordersAreChecked() throws {
        let a = TsFileDeviceID(path: ["root", "sg", "a"]), b = TsFileDeviceID(path: ["root", "sg", "b"])
        let one = points(.int32, [(1, .int32(1))])
        func write(_ writer: inout TsFileWriter<MemoryFile>, _ name: String, _ points: PointColumn) throws {
            try writer.writeChunk(
                measurement: name, type: .int32, encoding: .ts2diff, compressor: .lz4, points: points)
        }
        #expect(error { try write(&$0, "s", one) } == .misuse)
        #expect(
            error {
                try $0.beginDevice(b); try $0.beginDevice(a)
            } == .misuse)
        #expect(
            error {
                try $0.beginDevice(a); try write(&$0, "", one)
            } == .misuse)
        #expect(
            error {
                try $0.beginDevice(a); try write(&$0, "t", one); try write(&$0, "s", one)
            } == .misuse)
        #expect(
            error {
                try $0.beginDevice(a); try write(&$0, "s", one); try write(&$0, "s", one)
            } == .misuse)
        #expect(
            error {
                try $0.beginDevice(a)
                try write(&$0, "s", one)
                try $0.beginDevice(a)
                try write(&$0, "s", one)
            } == .misuse)
        for times in [[2, 1], [1, 1], [1, 3, 2], [Int64.max, .min]] as [[Int64]] {
            let column = points(.int32, times.map { ($0, .int32(1)) })
            #expect(
                error {
                    try $0.beginDevice(a); try write(&$0, "s", column)
                } == .misuse)
        }
        var lame = one
        lame.times = [1, 2]
        #expect(
            error {
                try $0.beginDevice(a); try write(&$0, "s", lame)
            } == .misuse)
        #expect(error { _ = try $0.finish() } == nil)
        #expect(
            error {
                _ = try $0.finish(); try $0.beginDevice(a)
            } == .misuse)
    }

    @Test func oneCodecPerSeries() throws {
        let device = TsFileDeviceID(path: ["root", "sg", "a"])
        func write(
            _ writer: inout TsFileWriter<MemoryFile>, _ time: Int64, _ encoding: TsFileEncoding,
            _ compressor: TsFileCompressor = .lz4
        ) throws {
            try writer.writeChunk(
                measurement: "s", type: .int32, encoding: encoding, compressor: compressor,
                points: points(.int32, [(time, .int32(1))]))
        }
        #expect(
            error {
                try $0.beginDevice(device); try write(&$0, 1, .plain); try write(&$0, 2, .ts2diff)
            } == .misuse)
        #expect(
            error {
                try $0.beginDevice(device)
                try write(&$0, 1, .plain)
                try write(&$0, 2, .plain, .uncompressed)
            } == .misuse)
        #expect(
            error {
                try $0.beginDevice(device); try write(&$0, 1, .rlbe)
            } == .unsupported)
    }

    @Test func limits() throws {
        var options = TsFileWriterOptions()
        options.limits.pageBytesMax = 1_000
        options.limits.nameBytesMax = 10
        var writer = TsFileWriter(sink: MemoryFile(), options: options)
        try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", "a"]))
        #expect(throws: TsFileError.self) {
            try writer.writeChunk(
                measurement: "s", type: .text, encoding: .plain, compressor: .lz4,
                points: points(.text, [(1, .text([UInt8](repeating: 65, count: 1_000)))]))
        }
        var other = TsFileWriter(sink: MemoryFile(), options: options)
        #expect(throws: TsFileError.self) {
            try other.beginDevice(TsFileDeviceID(path: ["root", "sg", "a-name-too-long"]))
        }
    }

    @Test func errorsOfTheSinkPass() throws {
        struct Full: Error {}
        struct Sink: TsFileSink {
            mutating func write(_ bytes: Span<UInt8>) throws { throw Full() }
        }
        var writer = TsFileWriter(sink: Sink())
        #expect(throws: Full.self) { try writer.finish() }
        #expect(throws: TsFileError.self) { try writer.finish() }
    }

    /// Values of more than a page's bytes get pages of their own; statistics hold them whole.
    @Test func longTexts() throws {
        let long = [UInt8](repeating: 0x41, count: 300_000)
        let column = points(.string, [(1, .string([1])), (2, .string(long)), (3, .string([])), (4, .string(long))])
        let reader = try TsFileReader(source: try file([(["root", "sg", "d"], [("s", column)])]))
        let series = try #require(
            try reader.seriesMetadata(device: TsFileDeviceID(path: ["root", "sg", "d"]), measurement: "s"))
        #expect(series.statistics.values == .string(first: [1], last: long, min: [], max: long))
        let read = try readAll(reader, series)
        #expect(read.values == patterns(column.values) && read.pages == 2)
    }
}
