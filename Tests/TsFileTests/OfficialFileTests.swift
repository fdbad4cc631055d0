// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// Files of the official writer (`Vectors/make_vectors.py`), read by our reader.
@Suite struct OfficialFileTests {
    /// The value of a text as `make_vectors.py` writes it.
    private func value(_ type: DataType, _ text: Substring) throws -> Value {
        switch type {
        case .boolean: return .boolean(text == "true")
        case .int32: return .int32(try #require(Int32(text)))
        case .date: return .date(try #require(Int32(text)))
        case .int64: return .int64(try #require(Int64(text)))
        case .timestamp: return .timestamp(try #require(Int64(text)))
        case .float: return .float(try #require(Float(text)))
        case .double: return .double(try #require(Double(text)))
        case .text: return .text(Array(text.utf8))
        case .string: return .string(Array(text.utf8))
        case .blob: return .blob(unhex(String(text)))
        }
    }

    private func type(of measurement: String) throws -> DataType {
        let name = measurement.prefix { $0 != "_" }.uppercased()
        return try #require(DataType(name: name))
    }

    /// The points of a CSV file by device and measurement.
    private func expected(_ name: String) throws -> [String: PointColumn] {
        var columns: [String: PointColumn] = [:]
        let text = String(decoding: try VectorFile.bytes(name), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let type = try type(of: String(cells[1]))
            let path = "\(cells[0]).\(cells[1])"
            var column = columns[path] ?? PointColumn(type)
            column.times.append(try #require(Int64(cells[2])))
            column.values.append(try value(type, cells[3]))
            columns[path] = column
        }
        return columns
    }

    @Test(arguments: [
        "official-lz4", "official-uncompressed", "official-snappy", "official-rle", "official-encodings-gzip",
        "official-encodings-zstd", "official-encodings-lzma2",
    ])
    func everyPointComesBack(name: String) throws {
        let reader = try TsFileReader(source: MemoryFile(bytes: try VectorFile.bytes(name + ".tsfile")))
        var left = try expected(name + ".csv")
        var devices = reader.devices()
        while let device = try devices.next() {
            var measurements = try reader.measurements(of: device)
            while let series = try measurements.next() {
                let path = "\(device).\(series.measurement)"
                let removed = left.removeValue(forKey: path)
                let points = try #require(removed, "\(path)")
                #expect(series.type == points.values.type && !series.isAligned)
                let found = try reader.seriesMetadata(device: device, measurement: series.measurement)
                #expect(found?.chunks.map(\.offset) == series.chunks.map(\.offset))
                let read = try readAll(reader, series)
                #expect(read.times == points.times && read.values == patterns(points.values), "\(path)")
                let backwards = try readAll(reader, series, order: .descending)
                #expect(backwards.times == points.times.reversed())
                // Its statistics are what ours would be, chunk by chunk, because sums depend on the order.
                for chunk in series.chunks {
                    var part = points
                    part.keep(part.rows(in: chunk.statistics.timeRange))
                    #expect(encoded(chunk.statistics) == encoded(statistics(part)), "\(path)")
                }
                var merged = series.chunks[0].statistics
                for chunk in series.chunks.dropFirst() { merged.merge(chunk.statistics) }
                #expect(encoded(series.statistics) == encoded(merged), "\(path)")
            }
        }
        #expect(left.isEmpty)
    }

    /// A table-model file of the C++ writer, which leaves the marks of aligned columns out of the index.
    @Test func tableModel() throws {
        let reader = try TsFileReader(source: MemoryFile(bytes: try VectorFile.bytes("official-table.tsfile")))
        let device = TsFileDeviceID(segments: ["plant", "north"])
        let series = try #require(try reader.seriesMetadata(device: device, measurement: "level"))
        #expect(series.isAligned && series.type == .int64)
        let read = try readAll(reader, series)
        #expect(read.times == [0, 1, 2] && read.values == [.bits(0), .bits(10), .bits(20)])
    }
}
