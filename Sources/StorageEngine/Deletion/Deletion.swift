// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import TimeSeriesModel

/// A deletion: it hides every point of the series that the pattern matches, in the range, that was logged before it.
///
/// Names, not ids: a series that is created again must not show the points of its predecessor.
package struct Deletion: Sendable, Equatable {
    /// Where in the log it happened: it hides memtables and files whose last sequence is below.
    package let sequence: LogSequence
    /// Over device nodes and measurement.
    package let pattern: PathPattern
    package let range: TimeRange

    package init(sequence: LogSequence, pattern: PathPattern, range: TimeRange) {
        self.sequence = sequence
        self.pattern = pattern
        self.range = range
    }

    /// As the catalog keeps it.
    package var record: DeletionRecord {
        DeletionRecord(sequence: sequence, pattern: pattern.text, lower: range.lower, upper: range.upper)
    }
}
