// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// A file in memory: what a writer wrote and a reader reads.
struct MemoryFile: TsFileSink, TsFileSource {
    var bytes: [UInt8] = []

    var byteCount: Int { bytes.count }

    mutating func write(_ more: Span<UInt8>) { for index in more.indices { bytes.append(more[index]) } }

    func read(at offset: Int, count: Int) -> [UInt8] { Array(bytes[offset..<offset + count]) }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// Bytes as hex digits; blanks in the expected text are for the reader.
func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

func unhex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func column(_ type: DataType, _ values: [Value]) -> ValueColumn {
    var column = ValueColumn(type)
    for value in values { column.append(value) }
    return column
}

func points(_ type: DataType, _ pairs: [(Int64, Value)]) -> PointColumn {
    var points = PointColumn(type)
    points.times = pairs.map(\.0)
    points.values = column(type, pairs.map(\.1))
    return points
}

/// The pattern of a value; texts get their content back, so that columns with different layouts compare equal.
enum Pattern: Equatable {
    case bits(UInt64)
    case bytes([UInt8])
}

func patterns(_ column: ValueColumn) -> [Pattern] {
    guard column.type.isVariableLength else { return column.bits.map { .bits($0) } }
    return (0..<column.count).map { .bytes(Array(column.bytes[column.range(at: $0)])) }
}

/// A random value, every fifth one an extreme of its type.
func randomValue(_ type: DataType, _ generator: inout SeededGenerator) -> Value {
    let isExtreme = Int.random(in: 0..<5, using: &generator) == 0
    let walk = Int.random(in: -50...50, using: &generator)
    switch type {
    case .boolean: return .boolean(walk > 0)
    case .int32:
        return .int32(isExtreme ? [Int32.min, .max, 0, -1].randomElement(using: &generator) ?? 0 : Int32(walk))
    case .int64:
        return .int64(isExtreme ? [Int64.min, .max, 0, -1].randomElement(using: &generator) ?? 0 : Int64(walk))
    case .timestamp: return .timestamp(isExtreme ? .min : 1_700_000_000_000 + Int64(walk))
    case .date: return .date(20_240_101 + Int32(abs(walk) % 28))
    case .float:
        let extremes: [Float] = [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        return .float(isExtreme ? extremes.randomElement(using: &generator) ?? 0 : Float(walk) / 4)
    case .double:
        let extremes = [Double.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        return .double(isExtreme ? extremes.randomElement(using: &generator) ?? 0 : Double(walk) / 10)
    case .text: return .text(randomText(isExtreme, walk))
    case .string: return .string(randomText(isExtreme, walk))
    case .blob: return .blob((0..<abs(walk)).map { UInt8(truncatingIfNeeded: $0 &* walk) })
    }
}

private func randomText(_ isExtreme: Bool, _ walk: Int) -> [UInt8] {
    isExtreme ? [] : Array("Wärme \(walk) °C 温度".utf8)
}

func randomPoints(
    _ type: DataType, count: Int, from start: Int64 = 1_700_000_000_000, step: ClosedRange<Int64> = 1...2_000,
    _ generator: inout SeededGenerator
) -> PointColumn {
    var time = start
    var points = PointColumn(type)
    for _ in 0..<count {
        points.times.append(time)
        points.values.append(randomValue(type, &generator))
        time += Int64.random(in: step, using: &generator)
    }
    return points
}

/// Every pair of type and encoding that is written.
let writablePairs: [(DataType, TsFileEncoding)] = DataType.allCases.flatMap { type in
    TsFileEncoding.allCases.filter { $0.isWritable(for: type) }.map { (type, $0) }
}

/// Every pair of type and encoding that is read.
let readablePairs: [(DataType, TsFileEncoding)] = DataType.allCases.flatMap { type in
    TsFileEncoding.allCases.filter { $0.supports(type) }.map { (type, $0) }
}

/// Writes devices of series; every series is (name, points) in the default encoding of its type.
func file(
    _ devices: [(path: [String], series: [(String, PointColumn)])], compressor: TsFileCompressor = .lz4,
    options: TsFileWriterOptions = TsFileWriterOptions()
) throws -> MemoryFile {
    var writer = TsFileWriter(sink: MemoryFile(), options: options)
    for device in devices {
        try writer.beginDevice(TsFileDeviceID(path: device.path))
        for (name, points) in device.series {
            try writer.writeChunk(
                measurement: name, type: points.values.type, encoding: points.values.type.defaultTsFileEncoding,
                compressor: compressor, points: points)
        }
    }
    _ = try writer.finish()
    return writer.sink
}

func readAll(
    _ reader: TsFileReader, _ series: TsFileSeriesMetadata, in range: TimeRange = .all, order: TimeOrder = .ascending
) throws -> (times: [Int64], values: [Pattern], pages: Int) {
    var cursor = reader.points(of: series, in: range, order: order)
    var times: [Int64] = [], values: [Pattern] = [], pages = 0
    while let page = try cursor.next() {
        #expect(!page.isEmpty)
        times += page.times
        values += patterns(page.values)
        pages += 1
    }
    return (times, values, pages)
}
