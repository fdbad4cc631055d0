// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

extension Ingestor {
    /// The fast path: every series exists and may be written, so cells go straight into a tablet.
    func appendReady(
        _ group: IncomingGroup, _ resolved: ResolvedGroup, in rows: inout IncomingRows, to batch: inout WriteBatch
    ) {
        beginTablet(group, in: rows)
        var hasFailures = false
        for (column, resolvedColumn) in resolved.columns.enumerated() {
            guard case .existing(let series) = resolvedColumn.target else { continue }
            hasFailures = appendColumn(column, of: group, series, in: &rows) || hasFailures
        }
        if hasFailures, !service.settings.insertsPartially {
            // Rare setting, rare case: start over where rows can be refused whole.
            tablet.removeAll()
            appendRows(group, resolved, in: &rows, excluding: Set(), to: &batch)
        } else {
            finishTablet(group, in: &rows, to: &batch)
        }
    }

    private func beginTablet(_ group: IncomingGroup, in rows: borrowing IncomingRows) {
        tablet.removeAll()
        tablet.times.append(contentsOf: rows.times[group.rows])
    }

    /// Fills one column from the cells of all rows; returns whether a cell failed.
    private func appendColumn(
        _ column: Int, of group: IncomingGroup, _ series: SeriesEntry, in rows: inout IncomingRows
    ) -> Bool {
        let width = group.measurements.count
        let rowCount = group.rows.count
        tablet.addColumn(series: series.id, type: series.type)
        let slot = tablet.columnCount - 1
        swap(&scratch, &tablet.columns[slot].values)
        defer { swap(&scratch, &tablet.columns[slot].values) }
        var failed = false
        for row in 0..<rowCount {
            let cell = rows.cells[group.firstCell + row * width + column]
            let outcome = converter.append(cell, text: rows.text.span, to: &scratch)
            if case .stored = outcome { continue }
            if note(outcome, in: &rows) { continue }
            if case .failed(let failure) = outcome {
                if service.settings.insertsPartially {
                    reportFailure(failure, cell, row: row, column: column, of: group, type: series.type, in: &rows)
                }
                failed = true
            }
            markAbsent(row, of: rowCount, slot: slot)
        }
        if scratch.count == 0 { tablet.columnCount = slot }
        return failed
    }

    /// Counts the oddities of an outcome; true if the cell was stored all the same.
    func note(_ outcome: CellOutcome, in rows: inout IncomingRows) -> Bool {
        switch outcome {
        case .stored: return true
        case .storedInexactly:
            rows.count(.inexactInteger)
            return true
        case .absentText:
            rows.count(.nullText)
            return false
        case .absent, .failed: return false
        }
    }

    /// Notes that a row has no value in the column.
    func markAbsent(_ row: Int, of rowCount: Int, slot: Int) {
        if tablet.columns[slot].presence.isEmpty {
            for _ in 0..<(rowCount + 63) / 64 { tablet.columns[slot].presence.append(.max) }
        }
        tablet.columns[slot].presence[row / 64] &= ~(1 << UInt64(row & 63))
    }

    func reportFailure(
        _ failure: ConversionFailure, _ cell: IncomingCell, row: Int, column: Int, of group: IncomingGroup,
        type: DataType, in rows: inout IncomingRows
    ) {
        let code: ProblemCode = failure == .wrongText ? .typeMismatch : .valueTooLarge
        report(code, in: &rows) { rows in
            let measurement = rows.measurements[group.measurements.lowerBound + column]
            let name = excerpt(rows.text.span.extracting(measurement.range))
            let value = excerpt(rows.text.span.extracting(cell.text.range))
            return Problem(
                code, .column, element: group.element,
                row: Int(rows.rowIndexes[group.rows.lowerBound + row]), device: rows.shownDevice(group.device),
                "value `\(value)` of \(name) \(failure.rule(for: type))")
        }
    }

    /// Hands the tablet to the batch; rows left without any value only because cells failed count as refused.
    func finishTablet(
        _ group: IncomingGroup, in rows: inout IncomingRows, to batch: inout WriteBatch,
        excluding excluded: Set<Int> = []
    ) {
        let rowCount = tablet.times.count
        guard rowCount > 0, tablet.columnCount > 0 else {
            rows.refusedRows += rowsWithValues(group, rows, excluding: excluded)
            return
        }
        batch.append(tablet)
        var points = 0
        var isFull = false
        for slot in 0..<tablet.columnCount {
            points += tablet.columns[slot].values.count
            isFull = isFull || tablet.columns[slot].presence.isEmpty
        }
        storedPoints += points
        guard !isFull else {
            storedRows += rowCount
            return
        }
        let present = presentRows()
        storedRows += present
        if present < rowCount { rows.refusedRows += refusedAmong(group, rows, excluding: excluded) }
    }

    /// How many rows of the tablet have at least one value.
    private func presentRows() -> Int {
        var count = 0
        for word in 0..<(tablet.times.count + 63) / 64 {
            var bits: UInt64 = 0
            for slot in 0..<tablet.columnCount { bits |= tablet.columns[slot].presence[word] }
            let rest = tablet.times.count - word * 64
            if rest < 64 { bits &= (1 << UInt64(rest)) - 1 }
            count += bits.nonzeroBitCount
        }
        return count
    }

    /// Rows without a stored value that did have one in the payload.
    private func refusedAmong(
        _ group: IncomingGroup, _ rows: borrowing IncomingRows, excluding excluded: Set<Int>
    ) -> Int {
        var count = 0
        var position = 0
        for row in 0..<group.rows.count where !excluded.contains(row) {
            if !isPresent(position), hasValue(row, group, rows) { count += 1 }
            position += 1
        }
        return count
    }

    private func isPresent(_ row: Int) -> Bool {
        for slot in 0..<tablet.columnCount where tablet.columns[slot].presence[row / 64] >> UInt64(row & 63) & 1 == 1 {
            return true
        }
        return false
    }

    private func rowsWithValues(
        _ group: IncomingGroup, _ rows: borrowing IncomingRows, excluding excluded: Set<Int>
    ) -> Int {
        var count = 0
        for row in 0..<group.rows.count where !excluded.contains(row) && hasValue(row, group, rows) { count += 1 }
        return count
    }

    /// Whether the payload gives the row a value in any column.
    func hasValue(_ row: Int, _ group: IncomingGroup, _ rows: borrowing IncomingRows) -> Bool {
        let width = group.measurements.count
        let first = group.firstCell + row * width
        for cell in first..<first + width where !isAbsent(rows.cells[cell], rows) { return true }
        return false
    }

    /// Whether the cell means "no value".
    func isAbsent(_ cell: IncomingCell, _ rows: borrowing IncomingRows) -> Bool {
        cell.kind == .null || (cell.kind == .text && isNullText(rows.text.span.extracting(cell.text.range)))
    }
}
