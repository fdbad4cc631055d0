// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

extension Ingestor {
    /// One missing permission refuses the whole row (`mqtt-payloads.md` section 1.7). Returns all rows refused, those of
    /// `refused` too.
    func refuseDeniedRows(
        _ group: IncomingGroup, _ resolved: ResolvedGroup, in rows: inout IncomingRows, excluding refused: Set<Int>,
        as principal: Principal
    ) -> Set<Int> {
        let denied = deniedColumns(resolved, as: principal)
        guard !denied.isEmpty else { return refused }
        var excluded = refused
        let width = group.measurements.count
        for row in 0..<group.rows.count where !refused.contains(row) {
            let first = group.firstCell + row * width
            guard let column = denied.first(where: { !isAbsent(rows.cells[first + $0.column], rows) }) else { continue }
            excluded.insert(row)
            refuseRow(row, of: group, Refusal(.denied, column.message), in: &rows)
        }
        return excluded
    }

    /// The columns that this user may not write, or not create.
    private func deniedColumns(
        _ resolved: ResolvedGroup, as principal: Principal
    ) -> [(column: Int, message: String)] {
        var denied: [(column: Int, message: String)] = []
        let needsDatabase = service.storage.schema.databasePath(covering: resolved.path) == nil
        for (index, column) in resolved.columns.enumerated() {
            let series = "\(resolved.path.text).\(column.name)"
            if column.isDenied {
                denied.append((index, missingPrivilege("WRITE_DATA", series, principal)))
            } else if case .missing = column.target, service.settings.createsSchema {
                let nodes = resolved.path.nodes + [column.name]
                if !service.access.allows(principal, .writeSchema, onPath: nodes) {
                    denied.append((index, missingPrivilege("WRITE_SCHEMA", series, principal)))
                } else if needsDatabase, !service.access.allows(principal, .manageDatabase) {
                    denied.append((index, missingPrivilege("MANAGE_DATABASE", "root.**", principal)))
                }
            }
        }
        return denied
    }

    private func missingPrivilege(_ privilege: String, _ path: String, _ principal: Principal) -> String {
        "No permissions for this operation, please add privilege \(privilege) on [\(path)] to user \(principal.name)"
    }
}
