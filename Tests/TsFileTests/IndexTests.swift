// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

@Suite struct IndexTests {
    private func devices(of reader: TsFileReader) throws -> [TsFileDeviceID] {
        var devices: [TsFileDeviceID] = []
        var cursor = reader.devices()
        while let device = try cursor.next() { devices.append(device) }
        return devices
    }

    private func measurements(of device: TsFileDeviceID, _ reader: TsFileReader) throws -> [String] {
        var names: [String] = []
        var cursor = try reader.measurements(of: device)
        while let series = try cursor.next() { names.append(series.measurement) }
        return names
    }

    private func write(_ ids: [TsFileDeviceID], names: [String]) throws -> TsFileReader {
        var writer = TsFileWriter(sink: MemoryFile())
        for (index, id) in ids.enumerated() {
            try writer.beginDevice(id)
            for name in names {
                try writer.writeChunk(
                    measurement: name, type: .int32, encoding: .plain, compressor: .uncompressed,
                    points: points(.int32, [(Int64(index), .int32(Int32(index)))]))
            }
        }
        _ = try writer.finish()
        return try TsFileReader(source: writer.sink)
    }

    /// 600 devices in three tables; one table has two levels of device nodes.
    @Test func manyDevices() throws {
        let ids =
            ((0..<600).map { TsFileDeviceID(path: ["root", "plant", "b", "device\($0)"]) }
            + [TsFileDeviceID(path: ["root"]), TsFileDeviceID(path: ["root", "x", "y", "z", "deep", "deeper"])])
            .sorted()
        let reader = try write(ids, names: ["s1", "s2"])
        #expect(reader.metadata.tables.map(\.name) == ["root", "root.plant.b", "root.x.y"])
        #expect(reader.metadata.tables[1].root.kind == .internalDevice)
        #expect(reader.metadata.tables[1].root.keys.count == 3)
        #expect(try devices(of: reader) == ids)
        for (index, id) in ids.enumerated() {
            #expect(try measurements(of: id, reader) == ["s1", "s2"])
            let series = try #require(try reader.seriesMetadata(device: id, measurement: "s2"))
            #expect(series.statistics.startTime == Int64(index))
        }
        #expect(try reader.seriesMetadata(device: TsFileDeviceID(path: ["root", "a"]), measurement: "s1") == nil)
    }

    @Test(arguments: [256, 257, 700])
    func manyMeasurements(count: Int) throws {
        let names = (0..<count).map { "m\($0)" }.sorted { ByteOrder.compare($0, $1) < 0 }
        let id = TsFileDeviceID(path: ["root", "sg", "d"])
        let reader = try write([id], names: names)
        let root = try #require(try reader.measurementRoot(of: id))
        #expect(root.kind == .leafMeasurement && root.keys.count == (count + 255) / 256)
        #expect(try measurements(of: id, reader) == names)
        for name in names { #expect(try reader.seriesMetadata(device: id, measurement: name)?.measurement == name) }
    }

    /// More series than a leaf node covers: a level of internal measurement nodes.
    @Test func twoLevelsOfMeasurementNodes() throws {
        let names = (100_000..<166_000).map { "m\($0)" }
        let id = TsFileDeviceID(path: ["root", "sg", "d"])
        let reader = try write([id], names: names)
        let root = try #require(try reader.measurementRoot(of: id))
        #expect(root.kind == .internalMeasurement && root.keys == ["m100000", "m165536"])
        for name in stride(from: 0, to: names.count, by: 977).map({ names[$0] }) + ["m165535", "m165536", "m165999"] {
            #expect(try reader.seriesMetadata(device: id, measurement: name)?.measurement == name)
        }
        #expect(try measurements(of: id, reader) == names)
    }

    @Test func threeLevelsOfDeviceNodes() throws {
        let ids = (100_000..<166_000).map { TsFileDeviceID(segments: ["root.sg", "d\($0)"]) }
        let reader = try write(ids, names: ["s"])
        let root = reader.metadata.tables[0].root
        #expect(root.kind == .internalDevice && root.keys.count == 2)
        #expect(try reader.deviceNode(in: root.range(at: 0)).kind == .internalDevice)
        for index in stride(from: 0, to: ids.count, by: 977) + [65_535, 65_536, 65_999] {
            let series = try #require(try reader.seriesMetadata(device: ids[index], measurement: "s"))
            #expect(series.statistics.startTime == Int64(index))
        }
        #expect(try devices(of: reader) == ids)
    }

    /// Names that Swift takes for equal, and names beyond ASCII.
    @Test func unusualNames() throws {
        let names = ["`e\u{301}`", "`é`", "`a.b`", "温度", "`😀`"].sorted { ByteOrder.compare($0, $1) < 0 }
        let ids = [
            TsFileDeviceID(path: ["root", "工厂", "`e\u{301}`"]), TsFileDeviceID(path: ["root", "工厂", "`é`"]),
        ].sorted()
        let reader = try write(ids, names: names)
        for id in ids {
            #expect(try measurements(of: id, reader).map { Array($0.utf8) } == names.map { Array($0.utf8) })
            for name in names {
                let series = try #require(try reader.seriesMetadata(device: id, measurement: name))
                #expect(series.measurement.utf8.elementsEqual(name.utf8))
            }
        }
    }
}
