// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// Aligned devices, written and read (`tsfile.md` section 3).
@Suite struct AlignedTests {
    private let device = TsFileDeviceID(path: ["root", "sg", "d1"])

    /// Every type, with columns that are full, half full, almost empty and empty; one page, many, and many chunk groups.
    @Test(arguments: [(1, 10, 100), (10, 10, 100), (11, 10, 100), (65, 64, 1_000), (300, 70, 1_000), (300, 30, 90)])
    func everyTypeComesBack(rows: Int, page: Int, chunk: Int) throws {
        var generator = SeededGenerator(seed: UInt64(rows * 1_000 + page))
        for fill in [[100, 50, 3, 0], [0, 100, 97, 50], [50, 0, 100, 3]] {
            let all = AlignedRows.random(
                AlignedRows.allTypes, rows: rows, filled: { fill[$0 % fill.count] }, &generator)
            let (file, summary) = try alignedFile([all], options: options(rows: page, chunk: chunk))
            #expect(summary.seriesCount == all.columns.count)
            #expect(summary.pointCount == all.columns.reduce(0) { $0 + $1.values.count })
            #expect(summary.minTime == all.times.first && summary.maxTime == all.times.last)
            try check(TsFileReader(source: file), all, chunks: (rows + chunk - 1) / chunk, &generator)
        }
    }

    private func check(
        _ reader: TsFileReader, _ all: AlignedRows, chunks: Int, _ generator: inout SeededGenerator
    ) throws {
        for (index, column) in all.columns.enumerated() {
            let expected = all.points(index), values = patterns(expected.values)
            let found = try reader.seriesMetadata(device: device, measurement: column.measurement)
            let series = try #require(found)
            #expect(series.isAligned && series.type == column.type && series.chunks.count == chunks)
            #expect(series.statistics.count == expected.count)
            let read = try readAll(reader, series)
            #expect(read.times == expected.times && read.values == values, "\(column.measurement)")
            let backwards = try readAll(reader, series, order: .descending)
            #expect(backwards.times == expected.times.reversed() && backwards.values == values.reversed())
            for _ in 0..<3 {
                let a = all.times.randomElement(using: &generator) ?? 0,
                    b = all.times.randomElement(using: &generator) ?? 0
                let range = TimeRange(min(a, b), max(a, b))
                let rows = expected.times.indices.filter { range.contains(expected.times[$0]) }
                let part = try readAll(reader, series, in: range)
                #expect(part.times == rows.map { expected.times[$0] } && part.values == rows.map { values[$0] })
            }
        }
    }

    /// One row, one column, byte for byte up to the index.
    @Test func bytesOfASmallFile() throws {
        let column = AlignedColumn(
            measurement: "a", type: .int32, encoding: .plain, compressor: .uncompressed,
            values: column(.int32, [.int32(1), .int32(-1)]), presence: [0b101])
        let none = AlignedColumn(
            measurement: "b", type: .double, encoding: .gorilla, compressor: .uncompressed,
            values: ValueColumn(.double),
            presence: [0])
        let (file, _) = try alignedFile([AlignedRows(times: [1, 2, 3], columns: [column, none])])
        let group = "00 02 0e 726f6f742e7367 04 6431"
        let times = "85 00 1a 06 00 04 18 18 00000002 00000000 0000000000000001 0000000000000001"
        let values = "45 02 61 09 01 00 00 07 07 00000003 a0 02 01"
        let empty = "45 02 62 00 04 00 08"
        let metadata =
            "02 80 00 06 08 03 0000000000000001 0000000000000003 0000000000000014"
            + "40 02 61 01 08 02 0000000000000001 0000000000000003 ffffffff 00000001 00000001 ffffffff 0000000000000000"
            + "0000000000000034"
            + "40 02 62 04 08 00 7fffffffffffffff 8000000000000000"
            + String(repeating: "0000000000000000", count: 5) + "0000000000000044"
        let expected = unhex("5473 4669 6c65 04" + group + times + values + empty + metadata)
        #expect(hex(Array(file.bytes.prefix(expected.count))) == hex(expected))
        #expect(try TsFileReader(source: file).metadata.bloomFilter.mayContain("root.sg.d1."))
    }

    /// A page without a value is one zero byte; its neighbours have statistics of their own.
    @Test func emptyPages() throws {
        var values = ValueColumn(.int64)
        for value in 0..<3 { values.append(.int64(Int64(value))) }
        let sparse = AlignedColumn(
            measurement: "s", type: .int64, encoding: .ts2diff, compressor: .uncompressed, values: values,
            presence: [1 | 1 << 1 | 1 << 29])
        let rows = AlignedRows(times: Array(0..<30), columns: [sparse])
        let (file, _) = try alignedFile([rows], options: options(rows: 10))
        let reader = try TsFileReader(source: file)
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"))
        let read = try readAll(reader, series)
        #expect(read.times == [0, 1, 29] && read.pages == 2)
        // Headers of 2 + 1 + 57 and 2 + 1 + 57 bytes, bodies of 4 + 2 + 24 + values, and the zero byte between them.
        let header = try reader.header(of: series.chunks[0])
        #expect(header.hasPageStatistics && header.isAligned)
        let data = file.bytes[header.dataOffset..<header.dataOffset + header.dataSize]
        let firstEnd = data.startIndex + 2 + 57 + Int(data[data.startIndex])
        #expect(data[firstEnd] == 0 && data.endIndex - firstEnd > 1)
    }

    @Test func manyCallsAreManyChunkGroups() throws {
        var generator = SeededGenerator(seed: 5)
        let all = AlignedRows.random(AlignedRows.allTypes, rows: 100, filled: { [100, 40, 0][$0 % 3] }, &generator)
        let (file, _) = try alignedFile([all.part(0..<10), all.part(10..<70), all.part(70..<100)])
        try check(TsFileReader(source: file), all, chunks: 3, &generator)
    }

    /// Both kinds of devices in one file; several devices and columns.
    @Test func besideOtherDevices() throws {
        var generator = SeededGenerator(seed: 6)
        let all = AlignedRows.random(AlignedRows.allTypes, rows: 50, filled: { _ in 60 }, &generator)
        let plain = randomPoints(.double, count: 20, &generator)
        var writer = TsFileWriter(sink: MemoryFile())
        for name in ["a", "b", "c"] {
            try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", name]), isAligned: name == "b")
            if name == "b" {
                try writer.writeAlignedChunk(times: all.times, columns: all.columns)
            } else {
                try writer.writeChunk(
                    measurement: "s", type: .double, encoding: .gorilla, compressor: .lz4, points: plain)
            }
        }
        _ = try writer.finish()
        let reader = try TsFileReader(source: writer.sink)
        var names: [String] = []
        var listing = reader.listing()
        while let series = try listing.next() {
            names.append("\(series.device).\(series.measurement)")
            #expect(series.isAligned == names.last?.hasPrefix("root.sg.b"))
            guard series.type != nil else { continue }
            #expect(try readAll(reader, series.metadata).times.count == series.pointCount)
        }
        #expect(names.count == all.columns.count + 3 && names[1] == "root.sg.b.")
    }

    @Test func textsCloseEveryColumnsPage() throws {
        var options = TsFileWriterOptions()
        options.pageBytesMax = 100
        let text = [UInt8](repeating: 0x41, count: 40)
        let texts = AlignedColumn(
            measurement: "t", type: .text, encoding: .plain, compressor: .lz4,
            values: column(.text, Array(repeating: .text(text), count: 7)))
        let numbers = AlignedColumn(
            measurement: "n", type: .int32, encoding: .ts2diff, compressor: .lz4,
            values: column(.int32, (0..<7).map { .int32($0) }))
        let rows = AlignedRows(times: Array(1...7), columns: [numbers, texts])
        let (file, _) = try alignedFile([rows], options: options)
        let reader = try TsFileReader(source: file)
        for name in ["n", "t"] {
            let series = try #require(try reader.seriesMetadata(device: device, measurement: name))
            #expect(try readAll(reader, series).pages == 3)
        }
    }

    /// A chunk group ends when one of its columns reaches the byte limit of a chunk.
    @Test func chunkGroupsCloseAtTheirByteLimit() throws {
        var generator = SeededGenerator(seed: 2)
        var options = options(rows: 10)
        options.chunkBytesMax = 400
        let all = AlignedRows.random(
            [("d", .double, .gorilla), ("s", .string, .plain)], rows: 200, filled: { _ in 100 }, &generator)
        let (file, _) = try alignedFile([all], options: options)
        let reader = try TsFileReader(source: file)
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "d"))
        #expect(series.chunks.count >= 4)
        try check(reader, all, chunks: series.chunks.count, &generator)
    }
}
