// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension PointColumn {
    /// Appends some points of another column of the same type, their texts with them.
    mutating func append(_ other: borrowing PointColumn, _ rows: Range<Int>) {
        times.append(contentsOf: other.times[rows])
        guard values.type.isVariableLength else {
            values.bits.append(contentsOf: other.values.bits[rows])
            return
        }
        for row in rows { values.append(from: other.values, at: row) }
    }
}
