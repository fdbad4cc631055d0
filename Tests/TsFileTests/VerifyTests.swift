// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// ``TsFileReader/verify(_:)`` and the listing: what `apus check` and `apus inspect` stand on.
@Suite struct VerifyTests {
    /// A plain and an aligned device with every type and encoding, many pages and chunks.
    static func everything(_ compressor: TsFileCompressor = .lz4) throws -> MemoryFile {
        var generator = SeededGenerator(seed: 40)
        let series = writablePairs.map { ("\($0.name)_\($1.name)", $0, $1) }.sorted {
            ByteOrder.compare($0.0, $1.0) < 0
        }
        var writer = TsFileWriter(sink: MemoryFile(), options: options(rows: 7, chunk: 20))
        try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", "d1"]))
        for (name, type, encoding) in series {
            try writer.writeChunk(
                measurement: name, type: type, encoding: encoding, compressor: compressor,
                points: randomPoints(type, count: 25, &generator))
        }
        try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", "d2"]), isAligned: true)
        let rows = AlignedRows.random(
            series.map { (name: $0.0, type: $0.1, encoding: $0.2) }, rows: 25, filled: { [100, 40, 0][$0 % 3] },
            compressor: compressor, &generator)
        try writer.writeAlignedChunk(times: rows.times, columns: rows.columns)
        _ = try writer.finish()
        return writer.sink
    }

    private func verify(_ bytes: [UInt8]) throws -> Int {
        let reader = try TsFileReader(source: MemoryFile(bytes: bytes))
        var listing = reader.listing()
        var count = 0
        while let series = try listing.next() {
            let verified = try reader.verify(series.metadata)
            #expect(verified == series.pointCount)
            if series.type != nil { count += verified }
        }
        return count
    }

    @Test func soundFiles() throws {
        let bytes = try Self.everything().bytes
        #expect(try verify(bytes) > 25 * 30)
        for name in ["official-lz4", "official-uncompressed", "official-snappy", "official-rle", "official-table"] {
            #expect(try verify(VectorFile.bytes(name + ".tsfile")) > 0)
        }
        #expect(try verify(VectorFile.bytes("golden.tsfile")) > 0)
    }

    /// What statistics can say wrongly, one at a time, in a page, a chunk and a series.
    @Test func everyByteOfTheStatistics() throws {
        var writer = TsFileWriter(sink: MemoryFile(), options: options(rows: 3, chunk: 6))
        let device = TsFileDeviceID(path: ["root", "sg", "d1"])
        try writer.beginDevice(device)
        for (name, type) in [("a", DataType.double), ("b", .int64), ("c", .string), ("d", .boolean), ("e", .float)] {
            var generator = SeededGenerator(seed: 9)
            var points = PointColumn(type)
            // No NaN, which is like any other, and no infinite sum.
            while points.count < 9 {
                let value = randomValue(type, &generator)
                if case .double(let v) = value, !v.isFinite || abs(v) > 1e9 { continue }
                if case .float(let v) = value, !v.isFinite || abs(v) > 1e9 { continue }
                points.times.append(Int64(points.count) * 1_000)
                points.values.append(value)
            }
            try writer.writeChunk(
                measurement: name, type: type, encoding: .plain, compressor: .uncompressed, points: points)
        }
        _ = try writer.finish()
        let bytes = writer.sink.bytes
        #expect(try verify(bytes) == 45)
        let reader = try TsFileReader(source: writer.sink)
        let end = reader.metadata.metaOffset
        var broken = 0, listing = reader.listing()
        while let series = try listing.next() {
            for chunk in series.chunks where chunk.header.hasPageStatistics {
                let pages = try reader.pages(of: chunk.metadata, in: series.metadata)
                #expect(pages.count == 2 && pages[0].statistics.count == 3)
                var size: [UInt8] = []
                size.append(pages[1].statistics)
                // The statistics lie right before the body; the sums' low bytes are within the tolerance.
                for back in 1...size.count {
                    var copy = bytes
                    copy[pages[1].offset - back] ^= 0x40
                    if (try? verify(copy)) == nil { broken += 1 }
                    #expect(pages[1].offset < end)
                }
                #expect(broken > size.count * 2 / 3, "\(series.measurement)")
                broken = 0
            }
        }
    }

    @Test func errorsNameThePlace() throws {
        let bytes = try Self.everything(.uncompressed).bytes
        let reader = try TsFileReader(source: MemoryFile(bytes: bytes))
        let device = TsFileDeviceID(path: ["root", "sg", "d1"])
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "INT64_PLAIN"))
        let page = try #require(try reader.pages(of: series.chunks[0], in: series).last)
        var broken = bytes
        broken[page.offset + page.compressedSize - 1] ^= 1
        let error = #expect(throws: TsFileError.self) { try verify(broken) }
        let message = error?.message ?? ""
        #expect(error?.code == .corrupt && message.contains("root.sg.d1.INT64_PLAIN: page 3"), "\(message)")
        #expect(message.contains("offset \(page.offset)") && message.contains("the statistics say"), "\(message)")
    }

    @Test func theBloomFilterCounts() throws {
        let bytes = try Self.everything().bytes
        let reader = try TsFileReader(source: MemoryFile(bytes: bytes))
        let filter = reader.metadata.bloomFilter.bytes
        let start = try #require(
            (reader.metadata.indexEnd..<bytes.count - filter.count).last {
                Array(bytes[$0..<$0 + filter.count]) == filter
            })
        var broken = bytes
        for offset in start..<start + filter.count { broken[offset] = 0 }
        let error = #expect(throws: TsFileError.self) { try verify(broken) }
        #expect(error?.message.contains("bloom filter") == true)
    }
}
