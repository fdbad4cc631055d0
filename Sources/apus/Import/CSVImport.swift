// SPDX-License-Identifier: Apache-2.0

import Foundation
import TimeSeriesModel

/// How far the import of a CSV file got.
struct ImportState: Codable, Equatable {
    /// Of the file when it began: another size is another file.
    var size: Int
    /// Everything before is imported or rejected.
    var offset: Int
    var line: Int
    var rejected: Int
}

/// Imports one CSV file.
final class CSVImport {
    /// Rejected lines that are named on standard error; the others are only in the file.
    private static let namedMax = 100

    private let path: String
    private let session: any SQLTransport
    private let precision: TimestampPrecision
    private let isAligned: Bool
    private let progress: ProgressBar
    private var header: CSVHeader
    private var reader: CSVReader
    private let size: Int
    private var rejects: ExportFile?
    private(set) var rows = 0
    private(set) var rejected = 0

    /// Reads the header and sees to the series.
    init(
        _ path: String, _ session: any SQLTransport, precision: TimestampPrecision, isAligned: Bool, resume: Bool
    ) async throws {
        self.path = path
        self.session = session
        self.precision = precision
        self.isAligned = isAligned
        let file = try InputFile(path)
        size = file.byteCount
        reader = CSVReader { try file.read($0) }
        guard let first = try reader.next() else { throw FileTrouble("\(path) is empty") }
        do {
            header = try CSVHeader(first)
        } catch {
            throw FileTrouble(error.message)
        }
        try await header.resolve(session, isAligned: isAligned)
        progress = ProgressBar("importing", total: size, unit: .bytes)
        try takeUp(resume)
    }

    private var statePath: String { "\(path).import-state" }
    private var rejectedPath: String { "\(path).rejected" }

    /// Goes to where an interrupted import stopped.
    private func takeUp(_ resume: Bool) throws {
        guard resume, let data = FileManager.default.contents(atPath: statePath),
            let state = try? JSONDecoder().decode(ImportState.self, from: data)
        else {
            try? FileManager.default.removeItem(atPath: rejectedPath)
            return
        }
        guard state.size == size, state.offset <= size else {
            throw FileTrouble("\(path) has changed since its import was interrupted: import it anew, without --resume")
        }
        rejected = state.rejected
        let file = try InputFile(path, at: state.offset)
        reader = CSVReader(offset: state.offset, line: state.line) { try file.read($0) }
        progress.advance(by: state.offset)
    }

    /// Imports all lines.
    func run() async throws {
        var batch = ImportBatch()
        var start = reader.offset
        while let record = try reader.next() {
            do throws(FileTrouble) {
                batch.append(try row(record))
            } catch {
                try reject(record, error.message)
            }
            guard batch.isFull else { continue }
            try await send(batch)
            batch = ImportBatch()
            try save()
            progress.advance(by: reader.offset - start)
            start = reader.offset
        }
        try await send(batch)
        progress.clear()
        try rejects?.sync()
        try? FileManager.default.removeItem(atPath: statePath)
    }

    private func save() throws {
        try rejects?.sync()
        let state = ImportState(size: size, offset: reader.offset, line: reader.line, rejected: rejected)
        try JSONEncoder().encode(state).write(to: URL(fileURLWithPath: statePath), options: .atomic)
    }

    private func row(_ record: CSVRecord) throws(FileTrouble) -> ImportBatch.Row {
        if let problem = record.problem { throw FileTrouble(problem) }
        guard record.fields.count == header.columns.count + 1 else {
            throw FileTrouble("it has \(record.fields.count) fields, and the header has \(header.columns.count + 1)")
        }
        guard let time = CSVLiteral.time(record.fields[0].text, precision) else {
            throw FileTrouble("column 1 (Time): `\(record.fields[0].text.prefix(64))` is no time")
        }
        var values: [String?] = []
        for (index, column) in header.columns.enumerated() {
            do throws(FileTrouble) {
                values.append(try CSVLiteral.text(record.fields[index + 1], column.type, precision))
            } catch {
                throw FileTrouble("column \(index + 2) (\(column.path)): \(error.message)")
            }
        }
        return ImportBatch.Row(record: record, time: time, values: values)
    }

    private func send(_ batch: ImportBatch) async throws {
        for (device, columns) in header.devices {
            try await send(batch.rows[...], device: device, columns: columns)
        }
        rows += batch.rows.count
    }

    /// Halves what the server refuses until it is a row.
    private func send(_ rows: ArraySlice<ImportBatch.Row>, device: String, columns: [Int]) async throws {
        let statement = ImportBatch.statement(rows, header, device: device, columns: columns, isAligned: isAligned)
        guard let statement else { return }
        do {
            _ = try await session.execute(statement, rowLimit: 1)
        } catch {
            guard error.concernsRows else { throw error }
            guard rows.count > 1 else {
                if let row = rows.first { try reject(row.record, "\(device): \(error.message)") }
                return
            }
            let middle = rows.startIndex + rows.count / 2
            try await send(rows[..<middle], device: device, columns: columns)
            try await send(rows[middle...], device: device, columns: columns)
        }
    }

    private func reject(_ record: CSVRecord, _ reason: String) throws {
        rejected += 1
        if rejected <= Self.namedMax {
            progress.clear()
            writeError("\(path): line \(record.line): \(reason)\n")
        }
        if rejects == nil {
            let size = (try? FileManager.default.attributesOfItem(atPath: rejectedPath)[.size] as? Int) ?? 0
            rejects = try ExportFile(resuming: rejectedPath, at: size)
            if size == 0 { try rejects?.write(Self.ended(header.bytes)) }
        }
        try rejects?.write(Self.ended(record.bytes))
    }

    /// The last line of a file may lack its line break.
    private static func ended(_ bytes: [UInt8]) -> [UInt8] {
        bytes.last == UInt8(ascii: "\n") ? bytes : bytes + [UInt8(ascii: "\n")]
    }
}

extension SQLClientError {
    /// Whether other rows may be accepted.
    var concernsRows: Bool {
        guard case .refused(let code, _) = self else { return false }
        // Read-only, rights and login, overload: all rows meet the same.
        return code != 600 && code != 601 && !(800..<900).contains(code) && code != 711 && code != 305
    }
}
