// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// How one column of a group is to be written.
struct ColumnPlan {
    enum Target {
        case existing(SeriesEntry)
        /// Does not exist yet; created with the plan's type once a value is sure to be stored.
        case toCreate
        /// Cannot be stored: why, or nil where there is just nothing to store.
        case dropped(Refusal?)
    }

    /// Canonical measurement name.
    var name: String
    var target: Target
    /// The type of the series.
    var type: DataType
    /// What the payload declares; nil = the series' type reads the text.
    var declared: DataType?
    /// Whether some row has a value that can be stored; only such a column is created.
    var hasStorableValue = false
}

extension CellConverter {
    /// Appends the cell as `plan` says: read as the declared type, then converted to the series' type
    /// (`mqtt-payloads.md` section 3.5), or read as the series' type where nothing is declared.
    func append(
        _ cell: IncomingCell, text: Span<UInt8>, as plan: ColumnPlan, to column: inout ValueColumn
    ) -> CellOutcome {
        guard let declared = plan.declared, declared != plan.type else {
            return append(cell, text: text, to: &column)
        }
        var declaredColumn = ValueColumn(declared)
        let outcome = append(cell, text: text, to: &declaredColumn)
        guard declaredColumn.count == 1 else { return outcome }
        let isExact = column.append(converting: declaredColumn, at: 0)
        return isExact ? outcome : .storedInexactly
    }
}
