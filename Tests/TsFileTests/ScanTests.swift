// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// ``TsFileScan``: what is left of a file without its tail.
@Suite struct ScanTests {
    private func scan(_ bytes: [UInt8]) throws -> (groups: [TsFileScan.Group], scan: TsFileScan) {
        var scan = try TsFileScan(source: MemoryFile(bytes: bytes))
        var groups: [TsFileScan.Group] = []
        while let group = try scan.next() { groups.append(group) }
        #expect(try scan.next() == nil)
        return (groups, scan)
    }

    /// The scan and the index of a whole file agree on every chunk.
    @Test func aWholeFile() throws {
        let file = try VerifyTests.everything()
        let (groups, scan) = try self.scan(file.bytes)
        #expect(scan.failure == nil)
        let reader = try TsFileReader(source: file)
        #expect(scan.usableEnd == reader.metadata.metaOffset)
        var indexed: [Int: String] = [:]
        var listing = reader.listing()
        while let series = try listing.next() {
            for chunk in series.chunks { indexed[chunk.offset] = "\(series.device).\(series.measurement)" }
        }
        var scanned: [Int: String] = [:]
        for group in groups {
            for chunk in group.chunks { scanned[chunk.offset] = "\(group.device).\(chunk.header.measurement)" }
        }
        #expect(scanned == indexed)
        // Two chunk groups of the aligned device, one of the other.
        #expect(groups.map(\.device.description) == ["root.sg.d1", "root.sg.d2", "root.sg.d2"])
    }

    /// Cut anywhere, the file has the groups that another item follows.
    @Test func everyTruncation() throws {
        var writer = TsFileWriter(sink: MemoryFile())
        for name in ["a", "b", "c"] {
            try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", name]))
            try writer.writeChunk(
                measurement: "s", type: .int32, encoding: .ts2diff, compressor: .lz4,
                points: points(.int32, [(1, .int32(1)), (2, .int32(2))]))
        }
        _ = try writer.finish()
        let bytes = writer.sink.bytes
        let ends = try self.scan(bytes).groups.map(\.end)
        #expect(ends.count == 3)
        for length in 0..<ends[2] {
            guard length >= 7 else {
                #expect(throws: TsFileError.self) { try self.scan(Array(bytes[..<length])) }
                continue
            }
            let (groups, scan) = try self.scan(Array(bytes[..<length]))
            let complete = ends.prefix { $0 < length }
            #expect(groups.map(\.end) == Array(complete) && scan.failure != nil)
            #expect(scan.usableEnd == complete.last ?? 7)
        }
    }

    @Test func planRangesAreSkipped() throws {
        let bytes = try WriterTests.example().bytes
        let plan: [UInt8] = [4] + [UInt8](repeating: 9, count: 16)
        let metaOffset = try TsFileReader(source: MemoryFile(bytes: bytes)).metadata.metaOffset
        let (groups, scan) = try self.scan(Array(bytes[..<7]) + plan + bytes[7..<metaOffset] + plan + plan + [2])
        #expect(groups.count == 1 && groups[0].offset == 24 && scan.failure == nil)
        #expect(scan.usableEnd == metaOffset + 51)
    }

    @Test func garbage() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<300 {
            let noise = (0..<100).map { _ in UInt8.random(in: 0...6, using: &generator) }
            _ = try self.scan(TsFileFormat.magic + [4] + noise)
        }
        #expect(throws: TsFileError.self) { try self.scan(TsFileFormat.magic + [2, 0, 0]) }
    }
}
