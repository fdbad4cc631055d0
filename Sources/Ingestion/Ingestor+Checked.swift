// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

extension Ingestor {
    /// The careful path: some series is new, forbidden, illegal or has a declared type, or some rows are refused already.
    func appendChecked(
        _ group: IncomingGroup, _ resolved: ResolvedGroup, in rows: inout IncomingRows, excluding expired: Set<Int>,
        as principal: Principal, to batch: inout WriteBatch
    ) {
        resolved.refresh(service.storage.schema)
        let excluded = refuseDeniedRows(group, resolved, in: &rows, excluding: expired, as: principal)
        guard excluded.count < group.rows.count else { return }
        appendRows(group, resolved, in: &rows, excluding: excluded, to: &batch)
    }

    func refuseRow(_ row: Int, of group: IncomingGroup, _ refusal: Refusal, in rows: inout IncomingRows) {
        rows.refusedRows += 1
        report(refusal.code, in: &rows) { rows in
            Problem(
                refusal.code, .row, element: group.element, row: Int(rows.rowIndexes[group.rows.lowerBound + row]),
                device: rows.shownDevice(group.device), refusal.message)
        }
    }

    /// Writes all rows but the excluded ones: decides types, drops what fails, creates what is missing.
    func appendRows(
        _ group: IncomingGroup, _ resolved: ResolvedGroup, in rows: inout IncomingRows, excluding refused: Set<Int>,
        to batch: inout WriteBatch
    ) {
        var excluded = refused
        var plans = makePlans(group, resolved, rows, excluding: excluded)
        if !service.settings.insertsPartially {
            // Each round refuses at least one more row, so it ends.
            while refuseFailingRows(group, plans, in: &rows, excluding: &excluded) {
                plans = makePlans(group, resolved, rows, excluding: excluded)
            }
        }
        createMissing(&plans, group, resolved)
        reportDroppedColumns(plans, group, in: &rows, excluding: &excluded)
        fillTablet(group, plans, in: &rows, excluding: excluded)
        finishTablet(group, in: &rows, to: &batch, excluding: excluded)
    }

    /// With `enable_partial_insert=false` a row with a failing column is refused; returns whether there was one.
    private func refuseFailingRows(
        _ group: IncomingGroup, _ plans: [ColumnPlan], in rows: inout IncomingRows, excluding excluded: inout Set<Int>
    ) -> Bool {
        var found = false
        for row in 0..<group.rows.count where !excluded.contains(row) {
            guard let refusal = firstFailure(row, group, plans, rows) else { continue }
            excluded.insert(row)
            refuseRow(row, of: group, refusal, in: &rows)
            found = true
        }
        return found
    }

    private func firstFailure(
        _ row: Int, _ group: IncomingGroup, _ plans: [ColumnPlan], _ rows: borrowing IncomingRows
    ) -> Refusal? {
        for (column, plan) in plans.enumerated() {
            let cell = rows.cells[group.firstCell + row * plans.count + column]
            if isAbsent(cell, rows) { continue }
            if case .dropped(let refusal?) = plan.target { return refusal }
            var probe = ValueColumn(plan.type)
            let outcome = converter.append(cell, text: rows.text.span, as: plan, to: &probe)
            guard case .failed(let failure) = outcome else { continue }
            let value = excerpt(rows.text.span.extracting(cell.text.range))
            return Refusal(
                failure == .wrongText ? .typeMismatch : .valueTooLarge,
                "value `\(value)` of \(plan.name) \(failure.rule(for: plan.declared ?? plan.type)); "
                    + "enable_partial_insert is false, so the row is refused")
        }
        return nil
    }

    /// Reports columns that cannot be stored and cost a value, once each; without partial insert their rows go instead.
    private func reportDroppedColumns(
        _ plans: [ColumnPlan], _ group: IncomingGroup, in rows: inout IncomingRows, excluding excluded: inout Set<Int>
    ) {
        for (column, plan) in plans.enumerated() {
            guard case .dropped(let refusal?) = plan.target else { continue }
            let affected = (0..<group.rows.count).filter { row in
                !excluded.contains(row) && !isAbsent(rows.cells[group.firstCell + row * plans.count + column], rows)
            }
            guard !affected.isEmpty else { continue }
            guard service.settings.insertsPartially else {
                for row in affected {
                    excluded.insert(row)
                    refuseRow(row, of: group, refusal, in: &rows)
                }
                continue
            }
            report(refusal.code, in: &rows) { rows in
                Problem(
                    refusal.code, .column, element: group.element, device: rows.shownDevice(group.device),
                    refusal.message)
            }
        }
    }

    private func fillTablet(
        _ group: IncomingGroup, _ plans: [ColumnPlan], in rows: inout IncomingRows, excluding excluded: Set<Int>
    ) {
        tablet.removeAll()
        let included = (0..<group.rows.count).filter { !excluded.contains($0) }
        for row in included { tablet.times.append(rows.times[group.rows.lowerBound + row]) }
        for (column, plan) in plans.enumerated() {
            switch plan.target {
            case .existing(let series):
                fillColumn(column, plan, series, group, included, in: &rows)
            case .toCreate:
                // No value of it can be stored, so it was not created: say which values failed.
                reportFailures(column, plan, group, included, in: &rows)
            case .dropped(nil):
                // Nothing but nulls; those written as text are counted.
                reportFailures(column, plan, group, included, in: &rows)
            case .dropped:
                continue
            }
        }
    }

    private func fillColumn(
        _ column: Int, _ plan: ColumnPlan, _ series: SeriesEntry, _ group: IncomingGroup, _ included: [Int],
        in rows: inout IncomingRows
    ) {
        tablet.addColumn(series: series.id, type: series.type)
        let slot = tablet.columnCount - 1
        swap(&scratch, &tablet.columns[slot].values)
        defer { swap(&scratch, &tablet.columns[slot].values) }
        for (position, row) in included.enumerated() {
            let cell = rows.cells[group.firstCell + row * group.measurements.count + column]
            let outcome = converter.append(cell, text: rows.text.span, as: plan, to: &scratch)
            if note(outcome, in: &rows) { continue }
            if case .failed(let failure) = outcome {
                reportFailure(
                    failure, cell, row: row, column: column, of: group, type: plan.declared ?? plan.type, in: &rows)
            }
            markAbsent(position, of: included.count, slot: slot)
        }
        if scratch.count == 0 { tablet.columnCount = slot }
    }

    private func reportFailures(
        _ column: Int, _ plan: ColumnPlan, _ group: IncomingGroup, _ included: [Int], in rows: inout IncomingRows
    ) {
        for row in included {
            let cell = rows.cells[group.firstCell + row * group.measurements.count + column]
            var probe = ValueColumn(plan.type)
            let outcome = converter.append(cell, text: rows.text.span, as: plan, to: &probe)
            if note(outcome, in: &rows) { continue }
            if case .failed(let failure) = outcome {
                reportFailure(
                    failure, cell, row: row, column: column, of: group, type: plan.declared ?? plan.type, in: &rows)
            }
        }
    }
}
