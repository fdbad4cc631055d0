// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ExportRun {
    /// Columns of one CSV file at most.
    private static let columnsMax = 1_000

    /// Writes CSV or line protocol; returns the number of values.
    func writeTexts(_ series: [ListedSeries]) async throws -> Int {
        let units = try self.units(series)
        let state = try begin()
        await count(units)
        let start = state.flatMap { state in units.firstIndex { $0.key == state.unit } } ?? 0
        var file: ExportFile?
        var skipped = 0
        for (index, unit) in units.enumerated().dropFirst(start) {
            let resumed = index == start ? state : nil
            if isFolder || file == nil { file = try open(unit, index, resumed) }
            guard let file else { break }
            skipped += try await write(unit, to: file, after: resumed)
        }
        finish()
        if skipped > 0 { note("\(skipped) values are NaN or infinite, which line protocol cannot say: left out") }
        return points
    }

    private func units(_ series: [ListedSeries]) throws -> [ExportUnit] {
        guard format == .csv, !isFolder else { return ExportUnit.devices(series) }
        guard series.count <= Self.columnsMax else {
            throw FileTrouble(
                "\(series.count) series are too many columns for one CSV file (\(Self.columnsMax)); name a folder: --output \(output)/"
            )
        }
        return [ExportUnit.whole(series)]
    }

    private func path(_ unit: ExportUnit, _ index: Int) -> String {
        guard isFolder else { return output }
        return "\(output)/\(Self.fileName(unit.key, number: index)).\(format == .csv ? "csv" : "line")"
    }

    /// The file of a unit: new, or cut to what counts.
    private func open(_ unit: ExportUnit, _ index: Int, _ state: ExportState?) throws -> ExportFile {
        let path = path(unit, index)
        guard let state else { return try ExportFile(new: path) }
        // A single file of line protocol holds the devices before, too: then the unit begins behind them.
        return try ExportFile(resuming: path, at: isFolder && state.columns != unit.names ? 0 : state.bytes)
    }

    /// Writes the rows of a unit; returns how many values were left out.
    private func write(_ unit: ExportUnit, to file: ExportFile, after state: ExportState?) async throws -> Int {
        var text = RowText(format, unit)
        let goesOn = state?.columns == unit.names && state?.lastTime != nil
        var pages = ExportPages(unit, from: from, to: to)
        if goesOn, let last = state?.lastTime {
            guard last < .max else { return 0 }
            pages.from = last + 1
        } else if format == .csv, file.byteCount == 0 {
            try file.write(text.head)
        } else if format == .csv {
            throw FileTrouble("the series of \(unit.key) have changed since the export was interrupted: export anew")
        }
        try save(unit, file, lastTime: goesOn ? state?.lastTime : nil)
        while let rows = try await pages.next(session) {
            let (bytes, values) = text.lines(rows)
            try file.write(bytes)
            try file.sync()
            wrote(values)
            try save(unit, file, lastTime: rows.times?.last)
        }
        try file.sync()
        return text.skipped
    }

    private func save(_ unit: ExportUnit, _ file: ExportFile, lastTime: Int64?) throws {
        try ExportState(
            request: request, unit: unit.key, columns: unit.names, lastTime: lastTime, bytes: file.byteCount,
            points: points
        ).save(statePath)
    }
}
