// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import StorageEngine
import TimeSeriesModel

/// Writes what a log segment holds, record by record.
struct LogReport {
    /// Columns of a section that are named.
    private static let columnsMax = 8

    let command: InspectCommand
    let place: FilePlace
    private let names: SeriesNames

    init(_ command: InspectCommand, _ place: FilePlace) {
        self.command = command
        self.place = place
        names = SeriesNames(besideLogIn: place.folder)
    }

    /// True if the segment is whole: its records end where the file ends, or in a commit that was never acknowledged.
    func write(_ file: any StorageFile) throws -> Bool {
        var log = try LogInspection(file, name: place.name)
        writeOutput(command.json ? try line(HeaderJSON(log, name: place.name)) : head(log))
        var isWhole = true, records = 0
        while let record = try log.next() {
            records += 1
            if record.problem != nil { isWhole = false }
            writeOutput(command.json ? try line(RecordJSON(record, names)) : text(record))
        }
        guard let end = log.end else { return isWhole }
        writeOutput(
            command.json ? try line(EndJSON(end, records: records)) : text(end, records: records, of: log.byteCount))
        return isWhole && end.laterRecord == nil
    }

    private func head(_ log: LogInspection) -> String {
        let header = log.header
        let before =
            header.previousNumber == 0
            ? "none before it" : "follows segment \(header.previousNumber), which ends at \(header.previousEnd)"
        return """
            \(place.name): log segment \(header.number), \(log.byteCount) bytes, first sequence \(header.firstSequence), \(before)
              offset  sequence  bytes  content

            """
    }

    private func text(_ record: LogInspection.Record) -> String {
        var text = "  \(record.offset)  \(record.sequence)  \(record.byteCount)"
        if record.part > 0 || record.continues {
            text += "  part \(record.part)\(record.continues ? ", goes on" : ", the last")"
        }
        text += "\n"
        for section in record.sections { text += "      \(self.text(section))\n" }
        if let problem = record.problem { text += "      DAMAGED: \(problem)\n" }
        return text
    }

    private func text(_ section: LogSection) -> String {
        switch section {
        case .other(_, let text, let byteCount): return "\(text) (\(byteCount) bytes)"
        case .rows(let count, let times, let columns, let byteCount):
            var named = columns.prefix(Self.columnsMax).map { "\(names[$0.series]) \($0.type.name) (\($0.valueCount))" }
            if columns.count > named.count { named.append("and \(columns.count - named.count) more") }
            let span =
                times.isEmpty
                ? "" : ", \(TableText.date(times.lower, command.unit)) to \(TableText.date(times.upper, command.unit))"
            return "\(count) rows\(span) (\(byteCount) bytes): \(named.joined(separator: ", "))"
        }
    }

    private func text(_ end: LogInspection.End, records: Int, of byteCount: Int) -> String {
        var text = "\(records) records, the end is at offset \(end.offset)"
        guard let reason = end.reason else {
            text +=
                end.isBatchUnfinished
                ? ": the last batch has no end, it was never acknowledged" : ": the file ends there"
            return text + "\n"
        }
        text += " of \(byteCount): \(reason)"
        if let later = end.laterRecord {
            return text
                + ". DAMAGED: at offset \(later) a record follows that was written when all before it was safe\n"
        }
        return text + "; nothing valid follows: the rest of a commit that was never acknowledged\n"
    }

    private func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}

/// Names of series, as far as a catalog tells.
struct SeriesNames {
    private var names: [UInt32: String] = [:]

    /// From the catalog of the data folder whose log folder this is; no names if it cannot be read.
    init(besideLogIn folder: String) {
        let path = "\(folder)/../\(FolderCheck.catalogName)"
        guard FileManager.default.fileExists(atPath: path), let copy = try? CatalogExamination(path: path).copy,
            let state = try? copy.load()
        else { return }
        let devices = Dictionary(state.devices.map { ($0.id, $0.path) }) { $1 }
        for series in state.series {
            names[series.id] = "\(devices[series.deviceID] ?? "?").\(series.measurement)"
        }
    }

    /// The path, or the number where it is not known.
    subscript(id: SeriesID) -> String { names[id.rawValue] ?? "series \(id.rawValue)" }
}

private struct HeaderJSON: Encodable {
    var file: String
    var kind = "log segment"
    var number: UInt64
    var bytes: Int
    var firstSequence: UInt64
    var previousNumber: UInt64
    var previousEnd: UInt64

    init(_ log: LogInspection, name: String) {
        file = name
        bytes = log.byteCount
        number = log.header.number
        firstSequence = log.header.firstSequence
        previousNumber = log.header.previousNumber
        previousEnd = log.header.previousEnd
    }
}

private struct RecordJSON: Encodable {
    struct Column: Encodable {
        var series: String
        var type: String
        var values: Int
    }

    struct Section: Encodable {
        var kind: String
        var bytes: Int
        var text: String?
        var rows: Int?
        var columns: [Column]?
    }

    var offset: Int
    var sequence: UInt64
    var bytes: Int
    var part: Int
    var continues: Bool
    var sections: [Section]
    var problem: String?

    init(_ record: LogInspection.Record, _ names: SeriesNames) {
        offset = record.offset
        sequence = record.sequence
        bytes = record.byteCount
        part = record.part
        continues = record.continues
        problem = record.problem
        sections = record.sections.map { section in
            switch section {
            case .other(let kind, let text, let byteCount): Section(kind: kind, bytes: byteCount, text: text)
            case .rows(let count, _, let columns, let byteCount):
                Section(
                    kind: "rows", bytes: byteCount, rows: count,
                    columns: columns.map { Column(series: names[$0.series], type: $0.type.name, values: $0.valueCount) }
                )
            }
        }
    }
}

private struct EndJSON: Encodable {
    var end: Int
    var records: Int
    var reason: String?
    var laterRecord: Int?
    var unfinishedBatch: Bool

    init(_ end: LogInspection.End, records: Int) {
        self.end = end.offset
        self.records = records
        reason = end.reason
        laterRecord = end.laterRecord
        unfinishedBatch = end.isBatchUnfinished
    }
}
