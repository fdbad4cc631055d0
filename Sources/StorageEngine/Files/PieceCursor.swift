// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel
package import TsFile

/// A part of a series as an aggregate wants it.
package enum SeriesPiece: Sendable {
    /// Everything between the first and the last time of the range, and nothing else: exactly what the series shows there.
    case statistics(SeriesStatistics, TimeRange)
    /// At least one point, times rising.
    case points(PointColumn)
}

/// The points of a series in rising order, with the statistics of a chunk or page in place of its points where nothing else
/// overlaps it and nothing in it is hidden.
package struct PieceCursor: Sendable {
    private var cursor: SeriesCursor

    init(_ cursor: SeriesCursor) { self.cursor = cursor }

    /// The next piece; nil at the end. `acceptsStatistics` is asked for the times of a chunk or page whose statistics could be
    /// had; where it says no, the piece comes in smaller parts or as points. Blocks while it reads files.
    package mutating func next(
        acceptsStatistics: (TimeRange) -> Bool
    ) throws(StorageError) -> SeriesPiece? {
        try cursor.nextPiece(acceptsStatistics)
    }
}
