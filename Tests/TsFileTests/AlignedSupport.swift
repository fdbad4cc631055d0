// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

@testable import TsFile

/// Rows of an aligned device, and what its series must give back.
struct AlignedRows {
    var times: [Int64]
    var columns: [AlignedColumn]

    /// The points of a column by itself.
    func points(_ index: Int) -> PointColumn {
        let column = columns[index]
        var points = PointColumn(column.type)
        points.values = column.values
        for row in times.indices
        where column.presence.isEmpty || column.presence[row / 64] >> UInt64(row % 64) & 1 == 1 {
            points.times.append(times[row])
        }
        return points
    }

    /// Random rows; a column has a value in a row with this probability in percent, by the number of the column.
    static func random(
        _ columns: [(name: String, type: DataType, encoding: TsFileEncoding)], rows: Int, filled: (Int) -> Int,
        compressor: TsFileCompressor = .lz4, from start: Int64 = 1_000, _ generator: inout SeededGenerator
    ) -> Self {
        var time = start
        var times: [Int64] = []
        for _ in 0..<rows {
            times.append(time)
            time += Int64.random(in: 1...2_000, using: &generator)
        }
        var result: [AlignedColumn] = []
        for (index, column) in columns.enumerated() {
            let percent = filled(index)
            var values = ValueColumn(column.type)
            var presence = [UInt64](repeating: 0, count: (rows + 63) / 64)
            for row in 0..<rows where Int.random(in: 0..<100, using: &generator) < percent {
                presence[row / 64] |= 1 << UInt64(row % 64)
                values.append(randomValue(column.type, &generator))
            }
            result.append(
                AlignedColumn(
                    measurement: column.name, type: column.type, encoding: column.encoding, compressor: compressor,
                    values: values, presence: percent == 100 ? [] : presence))
        }
        return Self(times: times, columns: result)
    }

    /// A column of every type.
    static let allTypes: [(name: String, type: DataType, encoding: TsFileEncoding)] =
        DataType.allCases.sorted { $0.name < $1.name }.map { ($0.name, $0, $0.defaultTsFileEncoding) }

    /// These rows, without the ones before `first` and those from `end` on.
    func part(_ rows: Range<Int>) -> Self {
        var part = Self(times: Array(times[rows]), columns: [])
        for (index, column) in columns.enumerated() {
            let all = points(index)
            let from = all.times.firstIndex { $0 >= part.times[0] } ?? all.count
            let to = all.times.firstIndex { $0 > part.times[part.times.count - 1] } ?? all.count
            var copy = column
            copy.values = ValueColumn(column.type)
            for value in from..<to { copy.values.append(column.values[value]) }
            var presence = [UInt64](repeating: 0, count: (rows.count + 63) / 64)
            for time in all.times[from..<to] {
                let row = part.times.firstIndex(of: time) ?? 0
                presence[row / 64] |= 1 << UInt64(row % 64)
            }
            copy.presence = presence
            part.columns.append(copy)
        }
        return part
    }
}

/// A file of one aligned device `root.sg.d1`, one call a part.
func alignedFile(
    _ parts: [AlignedRows], device: TsFileDeviceID = TsFileDeviceID(path: ["root", "sg", "d1"]),
    options: TsFileWriterOptions = TsFileWriterOptions()
) throws -> (file: MemoryFile, summary: TsFileSummary) {
    var writer = TsFileWriter(sink: MemoryFile(), options: options)
    try writer.beginDevice(device, isAligned: true)
    for part in parts { try writer.writeAlignedChunk(times: part.times, columns: part.columns) }
    let summary = try writer.finish()
    return (writer.sink, summary)
}

func options(rows: Int, chunk: Int = 1_000_000) -> TsFileWriterOptions {
    var options = TsFileWriterOptions()
    options.pageRowsMax = rows
    options.chunkPointsMax = chunk
    return options
}
