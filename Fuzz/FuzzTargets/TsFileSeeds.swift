// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import TimeSeriesModel
import TsFile

/// TsFiles in memory.
struct BytesSink: TsFileSink {
    var bytes: [UInt8] = []

    mutating func write(_ bytes: Span<UInt8>) {
        for index in bytes.indices { self.bytes.append(bytes[index]) }
    }
}

/// Whole files of every kind that the writer makes: types, encodings, compressors, devices aligned and not, several pages and
/// chunks.
enum TsFileSeeds {
    static func make() throws -> [[UInt8]] {
        var random = SeededGenerator(seed: 1)
        var files: [[UInt8]] = []
        for compressor in TsFileCompressor.allCases {
            files.append(try plain(compressor, &random))
            files.append(try aligned(compressor, &random))
        }
        return files
    }

    private static var options: TsFileWriterOptions {
        var options = TsFileWriterOptions()
        options.pageRowsMax = 5
        options.chunkPointsMax = 11
        return options
    }

    private static func plain(_ compressor: TsFileCompressor, _ random: inout SeededGenerator) throws -> [UInt8] {
        var writer = TsFileWriter(sink: BytesSink(), options: options)
        for device in ["d1", "d2"] {
            try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", device]))
            for (name, type, encoding) in series {
                try writer.writeChunk(
                    measurement: name, type: type, encoding: encoding, compressor: compressor,
                    points: points(type, count: 1 + random.below(30), &random))
            }
        }
        _ = try writer.finish()
        return writer.sink.bytes
    }

    /// Every pair that is written, in the order of a file.
    private static var series: [(name: String, type: DataType, encoding: TsFileEncoding)] {
        DataType.allCases.flatMap { type in
            TsFileEncoding.allCases.filter { $0.isWritable(for: type) }.map { ("\(type.name)_\($0.name)", type, $0) }
        }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    private static func aligned(_ compressor: TsFileCompressor, _ random: inout SeededGenerator) throws -> [UInt8] {
        var writer = TsFileWriter(sink: BytesSink(), options: options)
        try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", "d1"]), isAligned: true)
        let rows = 20
        let columns = DataType.allCases.sorted { $0.name < $1.name }.map { type in
            var presence: UInt64 = 0
            for row in 0..<rows where random.chance(70) { presence |= 1 << UInt64(row) }
            return AlignedColumn(
                measurement: type.name, type: type, encoding: type.defaultTsFileEncoding, compressor: compressor,
                values: points(type, count: presence.nonzeroBitCount, &random).values, presence: [presence])
        }
        try writer.writeAlignedChunk(times: (0..<rows).map { Int64($0) * 1_000 }, columns: columns)
        _ = try writer.finish()
        return writer.sink.bytes
    }

    private static func points(_ type: DataType, count: Int, _ random: inout SeededGenerator) -> PointColumn {
        var points = PointColumn(type)
        for index in 0..<count {
            points.times.append(Int64(index) * 1_000 + Int64(random.below(900)))
            points.values.append(value(type, random.below(1_000)))
        }
        return points
    }

    private static func value(_ type: DataType, _ number: Int) -> Value {
        switch type {
        case .boolean: .boolean(number % 2 == 0)
        case .int32: .int32(Int32(number) - 500)
        case .int64: .int64(Int64(number) << 30)
        case .float: .float(Float(number) / 8)
        case .double: .double(Double(number) / 3)
        case .text: .text(Array("text \(number % 5)".utf8))
        case .string: .string(Array("string \(number % 5)".utf8))
        case .blob: .blob([UInt8](repeating: UInt8(number % 256), count: number % 20))
        case .timestamp: .timestamp(Int64(number) * 60_000)
        case .date: .date(20_260_101 + Int32(number % 28))
        }
    }
}
