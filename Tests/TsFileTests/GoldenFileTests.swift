// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// The bytes of a file with many pages, several chunks and chunk groups, odd names, negative times and every type and encoding,
/// which the official reader has read back identical (`Vectors/README.md`).
@Suite struct GoldenFileTests {
    static func write() throws -> [UInt8] {
        var options = TsFileWriterOptions()
        options.pageRowsMax = 2
        options.chunkPointsMax = 4
        var generator = SeededGenerator(seed: 2_024)
        var writer = TsFileWriter(sink: MemoryFile(), options: options)
        for path in [["root", "sg", "`a.b`"], ["root", "深圳", "d"]] {
            for group in 0..<2 {
                try writer.beginDevice(TsFileDeviceID(path: path))
                for (measurement, type, encoding) in series where path[1] == "sg" || type == .float {
                    try writer.writeChunk(
                        measurement: measurement, type: type, encoding: encoding, compressor: .uncompressed,
                        points: randomPoints(type, count: 5, from: Int64(group * 100_000) - 50_000, &generator))
                }
            }
        }
        _ = try writer.finish()
        return writer.sink.bytes
    }

    private static var series: [(name: String, DataType, TsFileEncoding)] {
        let odd = ["温度", "`é`", "`x``y`"].map { ($0, DataType.float, TsFileEncoding.gorilla) }
        let all = pairs.map { ("\($0.name)_\($1.name)".lowercased(), $0, $1) } + odd
        return all.sorted { ByteOrder.compare($0.0, $1.0) < 0 }
    }

    /// What could be written when the file was made; the bytes of these may never change.
    private static let pairs: [(DataType, TsFileEncoding)] = writablePairs.filter { type, encoding in
        encoding == .plain || encoding == .gorilla || encoding == .ts2diff
    }

    @Test func bytes() throws {
        #expect(try Self.write() == VectorFile.bytes("golden.tsfile"))
    }
}
