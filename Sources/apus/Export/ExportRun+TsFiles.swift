// SPDX-License-Identifier: Apache-2.0

import Foundation
import TimeSeriesModel
import TsFile

extension ExportRun {
    /// Bytes at which a file is followed by another, in a folder.
    private static let pieceBytesMax = 64 << 20

    /// Writes TsFiles; returns the number of values. An interrupted export goes on behind the last whole file.
    func writeTsFiles(_ series: [ListedSeries]) async throws -> Int {
        let aligned = try await SeriesCatalog.alignedDevices(session)
        let units = ExportUnit.tsFileUnits(series, aligned: aligned)
        let state = try begin()
        await count(units)
        let start = state.flatMap { state in units.firstIndex { $0.key == state.unit } } ?? 0
        let files = TsFilePieces(self, number: state?.pieces ?? 0)
        for (index, unit) in units.enumerated().dropFirst(start) {
            var pages = ExportPages(unit, from: from, to: to)
            if index == start, let last = state?.lastTime {
                guard last < .max else { continue }
                pages.from = last + 1
            }
            while let rows = try await pages.next(session) {
                let values = try files.write(rows, unit)
                wrote(values)
                guard isFolder, files.byteCount >= Self.pieceBytesMax else { continue }
                try files.finish()
                try ExportState(
                    request: request, unit: unit.key, columns: unit.names, lastTime: rows.times?.last, bytes: 0,
                    pieces: files.number, points: points
                ).save(statePath)
            }
        }
        try files.finish()
        finish()
        return points
    }
}

/// The TsFiles of an export, one after the other.
final class TsFilePieces {
    private let run: ExportRun
    /// Files that are complete.
    private(set) var number: Int
    private var piece: TsFilePiece?

    init(_ run: ExportRun, number: Int) {
        self.run = run
        self.number = number
    }

    /// Of the file under way.
    var byteCount: Int { piece?.byteCount ?? 0 }

    /// Adds rows of a unit; returns how many values they have.
    func write(_ rows: SQLRows, _ unit: ExportUnit) throws -> Int {
        let open = try piece ?? TsFilePiece(path + ".part")
        piece = open
        return try open.write(rows, unit)
    }

    /// Completes the file under way, if there is one.
    func finish() throws {
        guard let piece else { return }
        try piece.finish()
        guard unsafe rename(piece.path, path) == 0 else { throw FileTrouble("rename", piece.path, errno: errno) }
        self.piece = nil
        number += 1
    }

    private var path: String {
        guard run.isFolder else { return run.output }
        let digits = String(number + 1)
        return "\(run.output)/export-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).tsfile"
    }
}

/// One TsFile that is being written.
final class TsFilePiece {
    private struct Sink: TsFileSink {
        let file: ExportFile

        mutating func write(_ bytes: Span<UInt8>) throws {
            try file.write(unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) })
        }
    }

    let path: String
    private let file: ExportFile
    private var writer: TsFileWriter<Sink>
    private var device: TsFileDeviceID?

    init(_ path: String) throws {
        self.path = path
        // What an interrupted export left of it is worth nothing.
        file = try ExportFile(resuming: path, at: 0)
        writer = TsFileWriter(sink: Sink(file: file))
    }

    var byteCount: Int { file.byteCount }

    func write(_ rows: SQLRows, _ unit: ExportUnit) throws -> Int {
        let times = rows.times ?? []
        let device = unit.deviceID
        if device != self.device { try writer.beginDevice(device, isAligned: unit.isAligned) }
        self.device = device
        guard unit.isAligned else {
            var values = 0
            for (index, series) in unit.series.enumerated() {
                let (points, _) = try Self.column(rows.values[index], times, series)
                try writer.writeChunk(
                    measurement: series.measurement, type: series.type, encoding: series.encoding,
                    compressor: series.compressor, points: points)
                values += points.count
            }
            return values
        }
        var columns: [AlignedColumn] = []
        var values = 0
        for (index, series) in unit.series.enumerated() {
            let (points, presence) = try Self.column(rows.values[index], times, series)
            values += points.count
            columns.append(
                AlignedColumn(
                    measurement: series.measurement, type: series.type, encoding: series.encoding,
                    compressor: series.compressor, values: points.values, presence: presence))
        }
        try writer.writeAlignedChunk(times: times, columns: columns)
        return values
    }

    func finish() throws {
        _ = try writer.finish()
        try file.sync()
    }

    /// The values of a column with their times, and which rows have one.
    private static func column(
        _ cells: [SQLCell], _ times: [Int64], _ series: ListedSeries
    ) throws -> (points: PointColumn, presence: [UInt64]) {
        var points = PointColumn(series.type)
        var presence = [UInt64](repeating: 0, count: (cells.count + 63) / 64)
        for (row, cell) in cells.enumerated() where cell != .null {
            guard let value = Value(cell, series.type) else {
                throw FileTrouble(
                    "the server answered `\(cell.plainText ?? "")` for \(series.path), which is \(series.type.name)")
            }
            points.times.append(times[row])
            points.values.append(value)
            presence[row / 64] |= 1 << UInt64(row % 64)
        }
        return (points, presence)
    }
}

extension Value {
    /// The value of a cell of a column of this type; nil where it is none.
    init?(_ cell: SQLCell, _ type: DataType) {
        switch (type, cell) {
        case (.boolean, .boolean(let flag)): self = .boolean(flag)
        case (.int32, .integer(let number)):
            guard let number = Int32(exactly: number) else { return nil }
            self = .int32(number)
        case (.int64, .integer(let number)): self = .int64(number)
        case (.timestamp, .integer(let number)): self = .timestamp(number)
        case (.float, .number(let number)): self = .float(Float(number))
        case (.double, .number(let number)): self = .double(number)
        case (.float, .text(let text)):
            guard let number = Float(text) else { return nil }
            self = .float(number)
        case (.double, .text(let text)):
            guard let number = Double(text) else { return nil }
            self = .double(number)
        case (.text, .text(let text)): self = .text(Array(text.utf8))
        case (.string, .text(let text)): self = .string(Array(text.utf8))
        case (.date, .text(let text)):
            guard let day = DateTimeText.date(Array(text.utf8).span) else { return nil }
            self = .date(day)
        case (.blob, .text(let text)):
            guard text.hasPrefix("0x"), let bytes = HexText.bytes(Array(text.dropFirst(2).utf8).span) else {
                return nil
            }
            self = .blob(bytes)
        default: return nil
        }
    }
}
