// SPDX-License-Identifier: Apache-2.0

/// A closed range of timestamps; empty when `lower > upper`.
package struct TimeRange: Sendable, Equatable {
    package var lower: Timestamp
    package var upper: Timestamp

    /// All times.
    package static let all = TimeRange(Timestamp.min, Timestamp.max)

    @inlinable
    package init(_ lower: Timestamp, _ upper: Timestamp) {
        self.lower = lower
        self.upper = upper
    }

    @inlinable
    package var isEmpty: Bool { lower > upper }

    @inlinable
    package func contains(_ time: Timestamp) -> Bool { lower <= time && time <= upper }

    @inlinable
    package func overlaps(_ other: TimeRange) -> Bool { lower <= other.upper && other.lower <= upper }

    /// The times in both.
    @inlinable
    package func intersection(_ other: TimeRange) -> TimeRange {
        TimeRange(max(lower, other.lower), min(upper, other.upper))
    }
}

/// The order in which rows are delivered.
package enum TimeOrder: Sendable {
    case ascending
    case descending
}
