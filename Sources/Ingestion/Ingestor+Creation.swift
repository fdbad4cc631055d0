// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

extension Ingestor {
    /// Decides how each column is written; creates nothing.
    func makePlans(
        _ group: IncomingGroup, _ resolved: ResolvedGroup, _ rows: borrowing IncomingRows, excluding excluded: Set<Int>
    ) -> [ColumnPlan] {
        var plans: [ColumnPlan] = []
        for (index, column) in resolved.columns.enumerated() {
            let declared = group.declaredTypes.map { rows.declaredTypes[$0.lowerBound + index] }
            plans.append(plan(column, index, declared, group, rows, excluding: excluded))
        }
        return plans
    }

    private func plan(
        _ column: ResolvedColumn, _ index: Int, _ declared: DataType?, _ group: IncomingGroup,
        _ rows: borrowing IncomingRows, excluding excluded: Set<Int>
    ) -> ColumnPlan {
        switch column.target {
        case .illegal(let code, let message):
            return ColumnPlan(name: column.name, target: .dropped(Refusal(code, message)), type: .text)
        case .existing(let series):
            var plan = ColumnPlan(
                name: column.name, target: .existing(series), type: series.type, declared: declared)
            if let declared, !mayWrite(declared, into: series.type) {
                plan.target = .dropped(
                    Refusal(
                        .typeMismatch,
                        "series \(series.device.path.text).\(column.name) is \(series.type.name); "
                            + "a value declared \(declared.name) cannot be written into it"))
            }
            return plan
        case .missing:
            return planMissing(column, index, declared, group, rows, excluding: excluded)
        }
    }

    /// The first row whose value is sure to be stored decides the type of a new series.
    private func planMissing(
        _ column: ResolvedColumn, _ index: Int, _ declared: DataType?, _ group: IncomingGroup,
        _ rows: borrowing IncomingRows, excluding excluded: Set<Int>
    ) -> ColumnPlan {
        var plan = ColumnPlan(name: column.name, target: .dropped(nil), type: declared ?? .text, declared: declared)
        var isUndecided = true
        let text = rows.text.span
        for row in 0..<group.rows.count where !excluded.contains(row) {
            let cell = rows.cells[group.firstCell + row * group.measurements.count + index]
            if isAbsent(cell, rows) { continue }
            guard let type = declared ?? service.settings.inferredType(of: cell, text: text) else { continue }
            var probe = ValueColumn(type)
            _ = converter.append(cell, text: text, to: &probe)
            guard probe.count == 1 || isUndecided else { continue }
            plan.type = type
            plan.target = .toCreate
            isUndecided = false
            if probe.count == 1 {
                plan.hasStorableValue = true
                plan.target = service.settings.createsSchema ? .toCreate : .dropped(doesNotExist(column, group, rows))
                break
            }
        }
        return plan
    }

    private func doesNotExist(
        _ column: ResolvedColumn, _ group: IncomingGroup, _ rows: borrowing IncomingRows
    ) -> Refusal {
        Refusal(
            .unknownSeries,
            "series \(rows.string(group.device)).\(column.name) does not exist, and enable_auto_create_schema is false")
    }

    /// Creates the series that a value waits for; a plan whose series cannot be created is dropped with the reason.
    func createMissing(_ plans: inout [ColumnPlan], _ group: IncomingGroup, _ resolved: ResolvedGroup) {
        var wanted: [Int] = []
        for (index, plan) in plans.enumerated() {
            if case .toCreate = plan.target, plan.hasStorableValue { wanted.append(index) }
        }
        guard !wanted.isEmpty else { return }
        do throws(SchemaError) {
            // A device that exists keeps its form, whatever the payload asks for.
            let created = try service.storage.schema.createSeries(
                device: resolved.path, isAligned: group.isAligned == true,
                measurements: wanted.map { (plans[$0].name, plans[$0].type) },
                allOrNothing: !service.settings.insertsPartially)
            for (index, result) in zip(wanted, created) {
                switch result {
                case .success(let series):
                    adopt(series, in: &plans[index])
                case .failure(let error):
                    plans[index].target = .dropped(Refusal(error))
                }
            }
        } catch {
            for index in wanted { plans[index].target = .dropped(Refusal(error)) }
        }
    }

    /// Someone else may have created the series meanwhile, with another type: then that type wins.
    private func adopt(_ series: SeriesEntry, in plan: inout ColumnPlan) {
        plan.type = series.type
        plan.target = .existing(series)
        if let declared = plan.declared, !mayWrite(declared, into: series.type) {
            plan.target = .dropped(
                Refusal(
                    .typeMismatch,
                    "series \(series.device.path.text).\(plan.name) is \(series.type.name); "
                        + "a value declared \(declared.name) cannot be written into it"))
        }
    }
}

extension Refusal {
    init(_ error: SchemaError) { self.init(error.code, error.message) }
}
