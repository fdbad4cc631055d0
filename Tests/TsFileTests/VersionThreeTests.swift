// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// Files of version 3, of IoTDB 1.x (`tsfile.md` section 13).
@Suite struct VersionThreeTests {
    /// The worked example as version 3 has it: other device ids, other offsets, other closing block.
    @Test func workedExample() throws {
        let new = unhex(TsFileTests.workedExample)
        let path = unhex("14 726f6f742e73672e6431")
        // The chunks move by a byte: 11 bytes of device in place of 12.
        var old = unhex("5473 4669 6c65 03 00") + path + new[0x14..<0xa9] + unhex("0000000000000013")
        old += new[0xb1..<0xf0] + unhex("0000000000000047")
        old += unhex("01 04 73 31 0000000000000079 00000000000000f7 03")
        let metadata =
            unhex("01") + path + unhex("00000000000000f7 000000000000010c 01 0000000000000078") + new[0x13d..<0x160]
        old += metadata + unhex("000000") + [UInt8(metadata.count)] + TsFileFormat.magic
        var options = TsFileWriterOptions()
        options.isForIoTDB1 = true
        let written = try file(
            [
                (
                    path: ["root", "sg", "d1"],
                    series: [
                        ("s1", points(.int32, [(1000, .int32(10)), (2000, .int32(12)), (3000, .int32(11))])),
                        ("s2", points(.double, [(1000, .double(0.5)), (2000, .double(0.5)), (3000, .double(0.75))])),
                    ]
                )
            ], compressor: .uncompressed, options: options)
        #expect(hex(written.bytes) == hex(old))
        let reader = try TsFileReader(source: MemoryFile(bytes: old))
        #expect(reader.layout.version == 3 && reader.properties.isEmpty)
        let series = try #require(
            try reader.seriesMetadata(device: TsFileDeviceID(path: ["root", "sg", "d1"]), measurement: "s1"))
        #expect(try readAll(reader, series).values == [.bits(10), .bits(12), .bits(11)])
        #expect(try reader.verify(series) == 3)
    }

    /// Devices in order of their paths, which is not that of their segments; more than one node; aligned ones.
    @Test func manyDevices() throws {
        var options = TsFileWriterOptions()
        options.isForIoTDB1 = true
        var paths = (0..<600).map { ["root", "sg\($0 % 7)", "d\($0)"] }
        paths += [["root", "j", "al", "x"], ["root", "j", "d1"], ["root", "j", "`a.b`", "c"]]
        let devices = paths.map { TsFileDeviceID(path: $0) }
            .sorted { ByteOrder.compare($0.description, $1.description) < 0 }
        var writer = TsFileWriter(sink: MemoryFile(), options: options)
        for (index, device) in devices.enumerated() {
            let column = AlignedColumn(
                measurement: "s", type: .int32, encoding: .ts2diff, compressor: .lz4,
                values: column(.int32, [.int32(Int32(index))]))
            try writer.beginDevice(device, isAligned: index % 2 == 0)
            if index % 2 == 0 {
                try writer.writeAlignedChunk(times: [1], columns: [column])
            } else {
                var one = PointColumn(.int32)
                one.times = [1]
                one.values = column.values
                try writer.writeChunk(
                    measurement: "s", type: .int32, encoding: .ts2diff, compressor: .lz4, points: one)
            }
        }
        _ = try writer.finish()
        let reader = try TsFileReader(source: writer.sink)
        for (index, device) in devices.enumerated() {
            let series = try #require(try reader.seriesMetadata(device: device, measurement: "s"), "\(device)")
            #expect(series.isAligned == (index % 2 == 0))
            #expect(try readAll(reader, series).values == [.bits(UInt64(index))])
        }
        #expect(try reader.seriesMetadata(device: TsFileDeviceID(path: ["root", "j", "d2"]), measurement: "s") == nil)
        var listed: [TsFileDeviceID] = []
        var cursor = reader.devices()
        while let device = try cursor.next() { listed.append(device) }
        #expect(listed == devices)
        var scan = try TsFileScan(source: writer.sink)
        #expect(try scan.next()?.device == devices[0])
    }

    @Test func anEmptyFile() throws {
        var options = TsFileWriterOptions()
        options.isForIoTDB1 = true
        let reader = try TsFileReader(source: try file([], options: options))
        var devices = reader.devices()
        #expect(try devices.next() == nil)
        #expect(try reader.seriesMetadata(device: TsFileDeviceID(path: ["root"]), measurement: "s") == nil)
    }

    @Test func otherVersions() throws {
        for version in [UInt8(0), 2, 5, 0x30] {
            var bytes = try WriterTests.example().bytes
            bytes[6] = version
            let error = #expect(throws: TsFileError.self) { try TsFileReader(source: MemoryFile(bytes: bytes)) }
            #expect(error?.code == .unsupported)
        }
    }
}
