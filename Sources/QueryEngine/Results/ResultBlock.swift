// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Some rows of a result, column by column.
package struct ResultBlock: Sendable, Equatable {
    /// Largest number of rows in a block.
    package static let rowsMax = 4_096

    package let rowCount: Int
    /// One per row; empty where the result has no Time column.
    package let times: [Timestamp]
    /// Parallel to ``ResultSet/columns``.
    package let columns: [ResultValues]

    package init(rowCount: Int, times: [Timestamp], columns: [ResultValues]) {
        self.rowCount = rowCount
        self.times = times
        self.columns = columns
    }
}

/// The cells of one column in one block.
package struct ResultValues: Sendable, Equatable {
    /// Only the values that are present, in row order.
    package var values: ValueColumn
    /// Bit i & 63 of word i / 64: row i has a value. Empty = every row has one.
    package var presence: [UInt64]

    package init(values: ValueColumn, presence: [UInt64]) {
        self.values = values
        self.presence = presence
    }

    /// Whether row `row` has a value.
    @inlinable
    package func isPresent(_ row: Int) -> Bool {
        presence.isEmpty || presence[row >> 6] >> UInt64(row & 63) & 1 == 1
    }

    /// The cells as one array of `rowCount` boxed values, nil where there is none. Not for hot loops.
    package func cells(rowCount: Int) -> [Value?] {
        var result: [Value?] = []
        result.reserveCapacity(rowCount)
        var position = 0
        for row in 0..<rowCount {
            if isPresent(row) {
                result.append(values[position])
                position += 1
            } else {
                result.append(nil)
            }
        }
        return result
    }
}
