// SPDX-License-Identifier: Apache-2.0

import Ingestion
import StorageEngine
import Synchronization
import TimeSeriesModel

/// INSERT: through Ingestion, as every write.
extension StatementContext {
    func execute(_ statement: InsertStatement) throws(StatementError) -> StatementResult {
        try requireWritableLog()
        var rows = statement.incomingRows()
        var batch = WriteBatch()
        let verdict = Ingestor(service: service.ingestion).ingest(&rows, as: principal, into: &batch)
        if !batch.isEmpty {
            let waiter = CommitWaiter()
            do throws(StorageError) {
                try service.storage.append(&batch, ticket: 1, completion: waiter)
                try waiter.wait(until: service.storage)
            } catch {
                throw StatementError(error)
            }
        }
        guard let problem = verdict.firstProblem(in: rows) else { return .done }
        if problem.code == .denied {
            throw .denied("WRITE_DATA", on: statement.device.text)
        }
        let code =
            problem.code == .typeMismatch || problem.code == .valueTooLarge ? 507 : problem.code.statusCode ?? 301
        throw StatementError(code: code, message: verdict.summary(rows.problems) ?? problem.message)
    }
}

extension IngestionVerdict {
    fileprivate func firstProblem(in rows: borrowing IncomingRows) -> Problem? { rows.problems.first }
}

extension InsertStatement {
    /// The rows as a formatter would have made them.
    fileprivate func incomingRows() -> IncomingRows {
        var rows = IncomingRows()
        let device = Self.append(self.device.text, to: &rows)
        for measurement in measurements { rows.measurements.append(Self.append(measurement, to: &rows)) }
        for (index, row) in self.rows.enumerated() {
            rows.times.append(row.time)
            rows.rowIndexes.append(Int32(clamping: index))
            rows.usesArrivalTime.append(false)
            for literal in row.values { rows.cells.append(Self.cell(literal, in: &rows)) }
        }
        rows.groups.append(
            IncomingGroup(
                element: -1, device: device, measurements: 0..<measurements.count, declaredTypes: nil,
                rows: 0..<self.rows.count, firstCell: 0, isAligned: isAligned ? true : nil))
        return rows
    }

    private static func append(_ text: String, to rows: inout IncomingRows) -> TextRange {
        let range = TextRange(offset: rows.text.count, length: text.utf8.count)
        rows.text.append(contentsOf: text.utf8)
        return range
    }

    private static func cell(_ literal: Literal, in rows: inout IncomingRows) -> IncomingCell {
        switch literal {
        case .null: return IncomingCell(.null)
        case .boolean(let flag):
            return IncomingCell(.boolean, text: append(flag ? "true" : "false", to: &rows), bits: flag ? 1 : 0)
        case .integer(let value, let text):
            return IncomingCell(.integer, text: append(text, to: &rows), bits: UInt64(bitPattern: value))
        case .timestamp(let time, _):
            return IncomingCell(.integer, text: append("\(time)", to: &rows), bits: UInt64(bitPattern: time))
        case .decimal(let value, let text):
            return IncomingCell(
                .decimal, text: append(value.isNaN ? "NaN" : text, to: &rows), bits: value.bitPattern)
        case .string(let text): return IncomingCell(.literalText, text: append(text, to: &rows))
        case .binary(let bytes):
            let range = TextRange(offset: rows.text.count, length: bytes.count)
            rows.text += bytes
            return IncomingCell(.binary, text: range)
        }
    }
}

/// Waits on a query thread for the commit of one batch.
private final class CommitWaiter: CommitCompletion {
    private let semaphore = Semaphore()
    private let result = Mutex<Result<Void, StorageError>?>(nil)

    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
        self.result.withLock { $0 = result }
        semaphore.signal()
    }

    /// Waits for the commit, but not for a log that cannot be written: the thread is needed for reading.
    func wait(until storage: StorageEngine) throws(StorageError) {
        while !semaphore.wait(milliseconds: 200) {
            guard let failure = storage.state.failure else { continue }
            throw StorageError(
                .readOnly, "the rows may be stored later or not at all; insert them again: \(failure.message)")
        }
        try result.withLock { $0 }?.get()
    }
}
