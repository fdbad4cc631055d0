// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

extension FileWriter {
    /// Values of a chunk of rows at most, nulls included: what bounds the memory for devices with many columns.
    static let chunkCellsMax = 2 << 20

    /// Writes an aligned device: its series merged by time into rows, chunks of them cut at the ends of partitions.
    func writeRows(
        of group: DeviceGroup, _ cut: inout PartitionCut, to writer: inout TsFileWriter<FileSink>
    ) throws {
        var members: [StoredSeries] = []
        var cursors: [AlignedRows.Source] = []
        for series in group.series {
            var cursor = try cursor(series)
            // A column without values would be an empty series in the file.
            guard let first = try cursor.next() else { continue }
            members.append(series)
            cursors.append(AlignedRows.Source(first: first, rest: cursor))
        }
        guard !members.isEmpty else { return }
        var rows = AlignedRows(cursors)
        var chunk = AlignedChunk(members)
        let rowsMax = max(1, min(Self.chunkPointsMax, Self.chunkCellsMax / members.count))
        cut.restart()
        while let time = try rows.firstTime() {
            if !cut.contains(time) {
                try chunk.write(to: &writer)
                cut.enter(time)
            }
            guard let step = try rows.next(rowsMax: rowsMax - chunk.count, through: cut.end) else { continue }
            chunk.append(step)
            if chunk.count >= rowsMax || chunk.textBytes >= Self.chunkBytesMax { try chunk.write(to: &writer) }
        }
        try chunk.write(to: &writer)
    }
}

/// The rows of one chunk group of an aligned device in the making.
private struct AlignedChunk {
    private var series: [StoredSeries]
    private var times: [Timestamp] = []
    private var values: [ValueColumn]
    private var presence: [[UInt64]]
    private var isFirst = true

    init(_ series: [StoredSeries]) {
        self.series = series
        values = series.map { ValueColumn($0.type) }
        presence = series.map { _ in [] }
    }

    var count: Int { times.count }

    var textBytes: Int { values.reduce(0) { $0 + $1.bytes.count } }

    mutating func append(_ step: AlignedRows.Step) {
        let shift = UInt64(times.count & 63)
        let words = (times.count + step.times.count + 63) / 64
        for column in series.indices {
            values[column].append(contentsOf: step.values[column])
            var place = times.count >> 6
            presence[column].append(contentsOf: repeatElement(0, count: words - presence[column].count))
            for word in step.presence[column] {
                presence[column][place] |= word << shift
                place += 1
                if shift > 0, word >> (64 - shift) != 0 { presence[column][place] |= word >> (64 - shift) }
            }
        }
        times.append(contentsOf: step.times)
    }

    mutating func write(to writer: inout TsFileWriter<FileSink>) throws {
        guard !times.isEmpty else { return }
        if isFirst {
            for column in series.indices { series[column].chooseEncoding(values[column]) }
            isFirst = false
        }
        var columns: [AlignedColumn] = []
        for column in series.indices {
            let isFull = values[column].count == times.count
            columns.append(
                AlignedColumn(
                    measurement: series[column].measurement, type: series[column].type,
                    encoding: series[column].encoding, compressor: series[column].compressor, values: values[column],
                    presence: isFull ? [] : presence[column]))
            values[column] = ValueColumn(series[column].type)
            presence[column] = []
        }
        try writer.writeAlignedChunk(times: times, columns: columns)
        times = []
    }
}

extension ValueColumn {
    /// Appends all values of another column of the same type.
    mutating func append(contentsOf other: ValueColumn) {
        guard type.isVariableLength else {
            bits.append(contentsOf: other.bits)
            return
        }
        for row in 0..<other.count { append(from: other, at: row) }
    }
}
