// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

@Suite struct RoundTripTests {
    private let device = TsFileDeviceID(path: ["root", "sg", "d1"])

    private func small(rows: Int, chunk: Int = 1_000_000) -> TsFileWriterOptions {
        var options = TsFileWriterOptions()
        options.pageRowsMax = rows
        options.chunkPointsMax = chunk
        return options
    }

    /// All types and encodings, one page, many pages, many chunks, both compressors.
    @Test(arguments: writablePairs)
    func series(type: DataType, encoding: TsFileEncoding) throws {
        var generator = SeededGenerator(seed: UInt64(type.rawValue) << 8 | UInt64(encoding.rawValue))
        for (count, rows, chunk) in [(1, 10, 100), (10, 10, 100), (11, 10, 100), (500, 130, 1_000), (500, 60, 130)] {
            for compressor in [TsFileCompressor.lz4, .uncompressed] {
                let column = randomPoints(type, count: count, &generator)
                var writer = TsFileWriter(sink: MemoryFile(), options: small(rows: rows, chunk: chunk))
                try writer.beginDevice(device)
                try writer.writeChunk(
                    measurement: "s", type: type, encoding: encoding, compressor: compressor, points: column)
                _ = try writer.finish()
                let reader = try TsFileReader(source: writer.sink)
                let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
                #expect(series.type == type && !series.isAligned)
                #expect(series.chunks.count == (count + chunk - 1) / chunk)
                let header = try reader.header(of: series.chunks[0])
                #expect(header.encoding == encoding && header.compressor == compressor && header.type == type)
                #expect(header.hasPageStatistics == (min(count, chunk) > rows))
                let read = try readAll(reader, series)
                #expect(read.times == column.times)
                #expect(read.values == patterns(column.values))
                try checkRanges(reader, series, column, &generator)
            }
        }
    }

    /// Ranges in both orders against the column itself.
    private func checkRanges(
        _ reader: TsFileReader, _ series: TsFileSeriesMetadata, _ column: PointColumn,
        _ generator: inout SeededGenerator
    ) throws {
        let first = column.times[0], last = column.times[column.count - 1]
        var ranges = [TimeRange(first, first), TimeRange(last, last), TimeRange(last + 1, .max), TimeRange(5, 4)]
        for _ in 0..<6 {
            let a = Int64.random(in: first - 10...last + 10, using: &generator)
            let b = Int64.random(in: first - 10...last + 10, using: &generator)
            ranges.append(TimeRange(min(a, b), max(a, b)))
        }
        let values = patterns(column.values)
        for range in ranges {
            let rows = column.times.indices.filter { range.contains(column.times[$0]) }
            let ascending = try readAll(reader, series, in: range, order: .ascending)
            #expect(ascending.times == rows.map { column.times[$0] })
            #expect(ascending.values == rows.map { values[$0] })
            let descending = try readAll(reader, series, in: range, order: .descending)
            #expect(descending.times == rows.reversed().map { column.times[$0] })
            #expect(descending.values == rows.reversed().map { values[$0] })
        }
    }

    @Test func pageSizes() throws {
        var generator = SeededGenerator(seed: 4)
        var small = TsFileWriterOptions()
        small.pageBytesMax = 64 << 10
        let usual = TsFileWriterOptions()
        for (type, count, pages, options) in [
            (DataType.double, 8_192, 1, small), (.double, 8_193, 2, small), (.double, 10_000, 1, usual),
            (.double, 10_001, 2, usual), (.int32, 10_000, 1, usual), (.int32, 10_001, 2, usual),
        ] {
            let column = randomPoints(type, count: count, &generator)
            let reader = try TsFileReader(
                source: try file([(["root", "sg", "d1"], [("s", column)])], options: options))
            let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
            let read = try readAll(reader, series)
            #expect(read.pages == pages && read.times == column.times)
        }
    }

    @Test func chunksCloseAtTheirByteLimit() throws {
        var generator = SeededGenerator(seed: 4)
        var options = small(rows: 50)
        options.chunkBytesMax = 1_000
        let column = randomPoints(.double, count: 500, &generator)
        let reader = try TsFileReader(source: try file([(["root", "sg", "d1"], [("s", column)])], options: options))
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        #expect(series.chunks.count > 2)
        #expect(try readAll(reader, series).values == patterns(column.values))
    }

    @Test func extremeTimes() throws {
        let times: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        let column = points(.int64, times.map { ($0, .int64($0)) })
        let reader = try TsFileReader(source: try file([(["root", "sg", "d1"], [("s", column)])]))
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        #expect(try readAll(reader, series).times == times)
        #expect(try readAll(reader, series, in: TimeRange(.min, -1), order: .descending).times == [-1, .min + 1, .min])
    }

    @Test func chunkGroupsOfOneDevice() throws {
        var writer = TsFileWriter(sink: MemoryFile())
        for group in 0..<3 {
            try writer.beginDevice(device)
            for name in ["a", "b"] where group != 1 || name == "a" {
                try writer.writeChunk(
                    measurement: name, type: .int32, encoding: .ts2diff, compressor: .lz4,
                    points: points(.int32, [(Int64(group), .int32(Int32(group)))]))
            }
        }
        #expect(try writer.finish().seriesCount == 2)
        let reader = try TsFileReader(source: writer.sink)
        let a = try #require(try reader.seriesMetadata(device: device, measurement: "a"))
        let b = try #require(try reader.seriesMetadata(device: device, measurement: "b"))
        #expect(try readAll(reader, a).times == [0, 1, 2] && a.chunks.count == 3)
        #expect(try readAll(reader, b).times == [0, 2] && b.statistics.count == 2)
    }

    /// Chunks outside the range are not read at all.
    @Test func skippingByStatistics() throws {
        final class Counting: TsFileSource {
            let file: MemoryFile
            let forbidden: Range<Int>
            init(_ file: MemoryFile, forbidden: Range<Int>) {
                self.file = file
                self.forbidden = forbidden
            }
            var byteCount: Int { file.byteCount }
            func read(at offset: Int, count: Int) throws -> [UInt8] {
                struct Touched: Error {}
                guard offset >= forbidden.upperBound || offset + count <= forbidden.lowerBound else { throw Touched() }
                return file.read(at: offset, count: count)
            }
        }
        var generator = SeededGenerator(seed: 8)
        let column = randomPoints(.double, count: 3_000, &generator)
        let file = try file([(["root", "sg", "d1"], [("s", column)])], options: small(rows: 500, chunk: 1_000))
        let plain = try #require(
            try TsFileReader(source: file).seriesMetadata(device: device, measurement: "s"))
        let offsets = plain.chunks.map(\.offset)
        let reader = try TsFileReader(source: Counting(file, forbidden: offsets[0]..<offsets[2]))
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        let range = TimeRange(column.times[2_100], column.times[2_900])
        #expect(try readAll(reader, series, in: range).times == Array(column.times[2_100...2_900]))
        let error = #expect(throws: TsFileError.self) { try readAll(reader, series) }
        #expect(error?.code == .readFailed && error?.underlying != nil)
    }

    /// A chunk above the size that is read at once is read page by page.
    @Test func largeChunks() throws {
        var generator = SeededGenerator(seed: 8)
        var column = PointColumn(.double)
        column.times = Array(0..<60_000)
        column.values.bits = (0..<60_000).map { _ in generator.next() }
        let reader = try TsFileReader(source: try file([(["root", "sg", "d1"], [("s", column)])]))
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        #expect(series.chunks.count == 1)
        #expect(try reader.header(of: series.chunks[0]).dataSize > 256 << 10)
        #expect(try readAll(reader, series).values == patterns(column.values))
        #expect(
            try readAll(reader, series, in: TimeRange(20_000, 20_001), order: .descending).times == [20_001, 20_000])
    }

    @Test func unknownSeriesAndDevices() throws {
        let reader = try TsFileReader(source: try WriterTests.example())
        #expect(try reader.seriesMetadata(device: device, measurement: "s3") == nil)
        let other = TsFileDeviceID(path: ["root", "sg", "d2"])
        #expect(try reader.seriesMetadata(device: other, measurement: "s1") == nil)
        var none = try reader.measurements(of: other)
        #expect(try none.next() == nil)
    }

    @Test func severalThreads() async throws {
        var generator = SeededGenerator(seed: 21)
        let series = (0..<20).map { ("s\($0 + 10)", randomPoints(.double, count: 300, &generator)) }
        let reader = try TsFileReader(source: try file([(["root", "sg", "d1"], series)], options: small(rows: 50)))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for (name, column) in series {
                group.addTask { [device] in
                    guard let found = try reader.seriesMetadata(device: device, measurement: name) else { return false }
                    return try readAll(reader, found).values == patterns(column.values)
                }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }
}
