// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// ``TsFilePointCursor/peekSummary()``: what aggregates read in place of points.
@Suite struct PieceSummaryTests {
    private let device = TsFileDeviceID(path: ["root", "sg", "d1"])

    /// Chunks of 60 points in pages of 20, times 0, 10, 20, ..., as a plain or an aligned series.
    private func open(isAligned: Bool) throws -> (WatchedFile, TsFileReader, TsFileSeriesMetadata, PointColumn) {
        var generator = SeededGenerator(seed: 31)
        var points = PointColumn(.double)
        for row in 0..<240 {
            points.times.append(Int64(row) * 10)
            // Quarters, so that sums do not depend on the order of adding.
            points.values.append(.double(Double(Int.random(in: -99...99, using: &generator)) / 4))
        }
        let options = options(rows: 20, chunk: 60)
        let bytes: [UInt8]
        if isAligned {
            let column = AlignedColumn(
                measurement: "s", type: .double, encoding: .gorilla, compressor: .lz4, values: points.values)
            bytes = try alignedFile([AlignedRows(times: points.times, columns: [column])], options: options).file.bytes
        } else {
            bytes = try file([(["root", "sg", "d1"], [("s", points)])], options: options).bytes
        }
        let watched = WatchedFile(bytes)
        let reader = try TsFileReader(source: watched)
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        _ = watched.takeReads()
        return (watched, reader, series, points)
    }

    private func part(_ points: PointColumn, _ range: TimeRange) -> SeriesStatistics {
        var part = points
        part.keep(part.rows(in: range))
        return statistics(part)
    }

    @Test(arguments: [false, true], [TimeOrder.ascending, .descending])
    func wholeChunksWithoutReading(isAligned: Bool, order: TimeOrder) throws {
        let (file, reader, series, points) = try open(isAligned: isAligned)
        var cursor = reader.points(of: series, in: .all, order: order)
        var ranges: [TimeRange] = []
        while let piece = try cursor.peekSummary() {
            #expect(piece.isChunk && piece.statistics.count == 60)
            #expect(try cursor.peekSummary() == piece)
            #expect(piece.statistics == part(points, piece.statistics.timeRange))
            ranges.append(piece.statistics.timeRange)
            cursor.skipSummary()
        }
        #expect(try cursor.next() == nil)
        let chunks = [(0, 590), (600, 1_190), (1_200, 1_790), (1_800, 2_390)].map { TimeRange($0.0, $0.1) }
        #expect(ranges == (order == .ascending ? chunks : chunks.reversed()))
        #expect(file.takeReads().isEmpty)
    }

    /// A range that cuts chunks and pages: points at the cuts, pages and chunks between them, and all of it adds up.
    @Test(arguments: [false, true], [TimeOrder.ascending, .descending])
    func cutRanges(isAligned: Bool, order: TimeOrder) throws {
        let (_, reader, series, points) = try open(isAligned: isAligned)
        for (range, shown) in [
            (TimeRange(45, 1_485), "dppcpd"), (TimeRange(200, 990), "pppp"), (TimeRange(601, 1_189), "dpd"),
            (TimeRange(-5, 5_000), "cccc"), (TimeRange(45, 46), ""),
        ] {
            var cursor = reader.points(of: series, in: range, order: order)
            var pieces: [Character] = []
            var times = 0
            while true {
                if let piece = try cursor.peekSummary() {
                    #expect(piece.statistics == part(points, piece.statistics.timeRange))
                    pieces.append(piece.isChunk ? "c" : "p")
                    times += piece.statistics.count
                    cursor.skipSummary()
                } else if let next = try cursor.next() {
                    pieces.append("d")
                    times += next.count
                } else {
                    break
                }
            }
            let expected = points.times.count { range.contains($0) }
            #expect(times == expected, "\(range)")
            #expect(pieces == (order == .ascending ? Array(shown) : shown.reversed()), "\(range)")
        }
    }

    @Test(arguments: [false, true])
    func openingAChunkShowsItsPages(isAligned: Bool) throws {
        let (_, reader, series, points) = try open(isAligned: isAligned)
        var cursor = reader.points(of: series, in: .all, order: .ascending)
        cursor.skipSummary()
        #expect(try cursor.openPiece())
        #expect(try !cursor.openPiece())
        for page in 0..<3 {
            let piece = try #require(try cursor.peekSummary())
            #expect(
                !piece.isChunk
                    && piece.statistics.timeRange == TimeRange(Int64(600 + page * 200), Int64(790 + page * 200)))
            #expect(piece.statistics == part(points, piece.statistics.timeRange))
            if page == 1 {
                #expect(try cursor.next()?.times == Array(points.times[80..<100]))
            } else {
                cursor.skipSummary()
            }
        }
        // The next chunk again, and points of it after all.
        #expect(try cursor.peekSummary()?.isChunk == true)
        #expect(try cursor.next()?.times.first == 1_200)
        #expect(try cursor.peekSummary()?.isChunk == false)
    }

    /// Statistics of a column of an aligned device leave out the rows without a value.
    @Test func sparseColumns() throws {
        var generator = SeededGenerator(seed: 3)
        let all = AlignedRows.random(
            [("a", .int32, .ts2diff), ("b", .int32, .ts2diff)], rows: 100, filled: { [30, 0][$0] }, &generator)
        let (file, _) = try alignedFile([all], options: options(rows: 10, chunk: 50))
        let reader = try TsFileReader(source: file)
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "a"))
        var cursor = reader.points(of: series, in: .all, order: .ascending)
        _ = try cursor.openPiece()
        var count = 0
        while let piece = try cursor.peekSummary() {
            #expect(piece.statistics == part(all.points(0), piece.statistics.timeRange))
            count += piece.statistics.count
            cursor.skipSummary()
        }
        #expect(count == all.points(0).count)
        let empty = try #require(try reader.seriesMetadata(device: device, measurement: "b"))
        var none = reader.points(of: empty, in: .all, order: .ascending)
        #expect(try none.peekSummary() == nil && none.next() == nil)
    }
}
