// SPDX-License-Identifier: Apache-2.0

/// Typed rows of one device, column by column, ready for the log: what `Ingestion` hands to `StorageEngine`.
///
/// A scratch value that one event loop keeps: `removeAll` keeps the memory of its columns.
package struct Tablet: Sendable {
    /// A column: the series, and its values for the rows that have one.
    package struct Column: Sendable {
        package var series: SeriesID
        /// As many values as rows are present, in row order.
        package var values: ValueColumn
        /// Bit i & 63 of word i / 64: row i has a value. Empty = every row has one.
        package var presence: [UInt64]

        package init(series: SeriesID, type: DataType) {
            self.series = series
            values = ValueColumn(type)
            presence = []
        }
    }

    package var times: [Int64] = []
    /// Only the first `columnCount` are in use.
    package var columns: [Column] = []
    package var columnCount = 0

    package init() {}

    package mutating func removeAll() {
        times.removeAll(keepingCapacity: true)
        columnCount = 0
    }

    /// Takes the next column into use, empty.
    package mutating func addColumn(series: SeriesID, type: DataType) {
        if columnCount == columns.count {
            columns.append(Column(series: series, type: type))
        } else {
            columns[columnCount].series = series
            columns[columnCount].values.type = type
            columns[columnCount].values.removeAll()
            columns[columnCount].presence.removeAll(keepingCapacity: true)
        }
        columnCount += 1
    }
}
