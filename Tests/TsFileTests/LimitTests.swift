// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// Every limit of ``TsFileLimits`` that a reader applies: the file passes at the limit and is refused below what it needs.
@Suite struct LimitTests {
    /// One chunk of five pages with seven points each.
    private func bytes() throws -> [UInt8] {
        var options = TsFileWriterOptions()
        options.pageRowsMax = 7
        var generator = SeededGenerator(seed: 6)
        return try file(
            [(["root", "sg", "d1"], [("s", randomPoints(.double, count: 35, &generator))])], options: options
        ).bytes
    }

    /// The points that a reader with these limits gets.
    private func count(_ bytes: [UInt8], _ change: (inout TsFileLimits) -> Void) throws -> Int {
        var limits = TsFileLimits()
        change(&limits)
        let reader = try TsFileReader(source: MemoryFile(bytes: bytes), limits: limits)
        let device = TsFileDeviceID(path: ["root", "sg", "d1"])
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        return try readAll(reader, series).times.count
    }

    /// Finds the least value of the limit that lets the file pass, and checks it and the error just below.
    private func check(_ name: String, _ limit: WritableKeyPath<TsFileLimits, Int>, needs: Int) throws {
        let bytes = try bytes()
        #expect(try count(bytes) { $0[keyPath: limit] = needs } == 35)
        let error = #expect(throws: TsFileError.self) {
            try count(bytes) { $0[keyPath: limit] = needs - 1 }
        }
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
    }

    @Test func pagePoints() throws { try check("pagePointsMax", \.pagePointsMax, needs: 7) }

    @Test func chunkPages() throws { try check("chunkPagesMax", \.chunkPagesMax, needs: 5) }

    /// The device's segment "root.sg" is the longest name that this walk reads but for the properties' 37 bytes.
    @Test func names() throws { try check("nameBytesMax", \.nameBytesMax, needs: 37) }

    /// One level for the devices and one for the measurements, each walked under the limit.
    @Test func indexDepth() throws { try check("indexDepthMax", \.indexDepthMax, needs: 1) }

    @Test func metadataBytes() throws {
        let bytes = try bytes()
        let size = bytes.suffix(10).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        try check("metadataBytesMax", \.metadataBytesMax, needs: size)
    }

    @Test func pageBytes() throws {
        let bytes = try bytes()
        let reader = try TsFileReader(source: MemoryFile(bytes: bytes))
        let device = TsFileDeviceID(path: ["root", "sg", "d1"])
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        var cursor = try reader.chunkCursor(at: series.chunks[0].offset)
        let header = try cursor.chunkHeader()
        cursor.limit(to: header.dataSize)
        let pages = try cursor.pages(
            of: series.chunks[0], overlapping: .all, type: .double, hasStatistics: header.hasPageStatistics)
        let greatest = try #require(pages.map { max($0.body.uncompressedSize, $0.body.compressedSize) }.max())
        try check("pageBytesMax", \.pageBytesMax, needs: greatest)
    }

    /// A text in the statistics is held to the limit of a page before it is read.
    @Test func statisticsText() throws {
        let column = points(.text, [(1, .text([UInt8](repeating: 65, count: 500)))])
        let bytes = try file([(["root", "sg", "d1"], [("s", column)])]).bytes
        let error = #expect(throws: TsFileError.self) { try count(bytes) { $0.pageBytesMax = 499 } }
        #expect(error?.code == .limitExceeded && error?.message.contains("statistics") == true)
    }
}
