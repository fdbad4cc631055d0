// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import TimeSeriesModel

@testable import TsFile

/// Writes files of every type, encoding and compressor, aligned and not, with what they hold, for the official reader:
///
///     APUS_TSFILE_OUT=/tmp/out swift test --filter OfficialReaderFiles
///     for f in /tmp/out/*.tsfile; do tsfile_check.py $f --strict --quiet --expect ${f%.tsfile}.csv; done
@Suite(.enabled(if: unsafe getenv("APUS_TSFILE_OUT") != nil)) struct OfficialReaderFiles {
    private static let series = writablePairs.map { ("\($0.name)_\($1.name)".lowercased(), $0, $1) }
        .sorted { ByteOrder.compare($0.0, $1.0) < 0 }

    @Test(arguments: TsFileCompressor.allCases)
    func write(compressor: TsFileCompressor) throws {
        var generator = SeededGenerator(seed: UInt64(compressor.rawValue))
        var csv = ""
        var writer = TsFileWriter(sink: MemoryFile(), options: options(rows: 50, chunk: 120))
        let plain = TsFileDeviceID(path: ["root", "sg", "d1"]), aligned = TsFileDeviceID(path: ["root", "sg", "d2"])
        try writer.beginDevice(plain)
        for (name, type, encoding) in Self.series {
            let points = randomPoints(type, count: 300, from: -9_000, &generator)
            try writer.writeChunk(
                measurement: name, type: type, encoding: encoding, compressor: compressor, points: points)
            csv += Self.lines("root.sg.d1", name, points)
        }
        try writer.beginDevice(aligned, isAligned: true)
        let rows = AlignedRows.random(
            Self.series.map { (name: $0.0, type: $0.1, encoding: $0.2) }, rows: 300,
            filled: { [100, 50, 2, 0][$0 % 4] }, compressor: compressor, &generator)
        for part in [0..<70, 70..<300] {
            let part = rows.part(part)
            try writer.writeAlignedChunk(times: part.times, columns: part.columns)
        }
        for (index, (name, _, _)) in Self.series.enumerated() {
            csv += Self.lines("root.sg.d2", name, rows.points(index))
        }
        _ = try writer.finish()
        guard let folder = unsafe getenv("APUS_TSFILE_OUT").map({ unsafe String(cString: $0) }) else { return }
        try Self.store(writer.sink.bytes, "\(folder)/\(compressor.name).tsfile")
        try Self.store(Array(csv.utf8), "\(folder)/\(compressor.name).csv")
    }

    private static func lines(_ device: String, _ name: String, _ points: PointColumn) -> String {
        var text = ""
        for row in 0..<points.count { text += "\(device),\(name),\(points.times[row]),\(value(points.values[row]))\n" }
        return text
    }

    private static func value(_ value: Value) -> String {
        switch value {
        case .boolean(let v): return "\(v)"
        case .int32(let v): return "\(v)"
        case .int64(let v), .timestamp(let v): return "\(v)"
        case .float(let v): return "\(v)"
        case .double(let v): return "\(v)"
        case .text(let v), .string(let v): return String(decoding: v, as: UTF8.self)
        case .blob(let v): return hex(v)
        case .date(let v):
            let digits = String(v)
            return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))"
        }
    }

    private static func store(_ bytes: [UInt8], _ path: String) throws {
        let file = unsafe fopen(path, "w")
        let written = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
        unsafe fclose(file)
        try #require(written == bytes.count)
    }
}
