// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// What a query pays for: only the chunks and pages of its range, and those only when it gets to them.
@Suite struct PointCursorTests {
    private let device = TsFileDeviceID(path: ["root", "sg", "d1"])

    /// `pages` pages of 500 incompressible points in chunks of `chunk` points; times are 0, 1, 2, ...
    private func open(
        pages: Int, chunk: Int
    ) throws -> (file: WatchedFile, reader: TsFileReader, series: TsFileSeriesMetadata) {
        var generator = SeededGenerator(seed: 8)
        var column = PointColumn(.double)
        column.times = (0..<Int64(pages * 500)).map { $0 }
        column.values.bits = column.times.map { _ in generator.next() }
        var options = TsFileWriterOptions()
        options.pageRowsMax = 500
        options.chunkPointsMax = chunk
        let written = try file([(["root", "sg", "d1"], [("s", column)])], options: options)
        let watched = WatchedFile(written.bytes)
        let reader = try TsFileReader(source: watched)
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        _ = watched.takeReads()
        return (watched, reader, series)
    }

    private func chunks(_ series: TsFileSeriesMetadata, touchedBy reads: [Range<Int>]) -> Set<Int> {
        Set(reads.map { read in series.chunks.count { $0.offset <= read.lowerBound } - 1 })
    }

    @Test func chunksAreOpenedOneByOne() throws {
        let (file, reader, series) = try open(pages: 12, chunk: 1_500)
        #expect(series.chunks.count == 4)
        for (order, sequence) in [(TimeOrder.ascending, [0, 1, 2, 3]), (.descending, [3, 2, 1, 0])] {
            var cursor = reader.points(of: series, in: .all, order: order)
            #expect(file.takeReads().isEmpty)
            for chunk in sequence {
                for _ in 0..<3 { #expect(try cursor.next()?.count == 500) }
                #expect(chunks(series, touchedBy: file.takeReads()) == [chunk])
            }
            #expect(try cursor.next() == nil)
            #expect(file.takeReads().isEmpty)
        }
    }

    @Test func onlyChunksOfTheRangeAreRead() throws {
        let (file, reader, series) = try open(pages: 12, chunk: 1_500)
        for (range, touched) in [
            (TimeRange(0, 0), [0]), (TimeRange(1_499, 1_500), [0, 1]), (TimeRange(5_999, .max), [3]),
            (TimeRange(6_000, .max), []), (TimeRange(.min, -1), []), (TimeRange(9, 8), []),
        ] {
            for order in [TimeOrder.ascending, .descending] {
                var cursor = reader.points(of: series, in: range, order: order)
                while try cursor.next() != nil {}
                #expect(chunks(series, touchedBy: file.takeReads()) == Set(touched), "\(range)")
            }
        }
    }

    /// A large chunk is read page by page: the headers, and the bodies that are asked for.
    @Test func onlyPagesOfTheRangeAreRead() throws {
        let (file, reader, series) = try open(pages: 100, chunk: 1_000_000)
        let chunkBytes = try reader.header(of: series.chunks[0]).dataSize
        #expect(series.chunks.count == 1 && chunkBytes > 256 << 10)
        _ = file.takeReads()
        for order in [TimeOrder.ascending, .descending] {
            var cursor = reader.points(of: series, in: TimeRange(20_250, 20_749), order: order)
            let first = try #require(try cursor.next())
            #expect(first.times == (order == .ascending ? Array(20_250...20_499) : (20_500...20_749).reversed()))
            let bodies = file.takeReads().filter { $0.count > 4_096 }
            #expect(bodies.count == 1)
            #expect(try cursor.next()?.count == 250)
            #expect(file.takeReads().count == 1)
            #expect(try cursor.next() == nil)
        }
    }

    @Test func aSmallChunkIsOneRead() throws {
        let column = points(.int32, [(1, .int32(1)), (2, .int32(2))])
        let watched = WatchedFile(try file([(["root", "sg", "d1"], [("s", column)])]).bytes)
        let reader = try TsFileReader(source: watched)
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        _ = watched.takeReads()
        #expect(try readAll(reader, series).times == [1, 2])
        #expect(watched.takeReads().count == 1)
    }
}
