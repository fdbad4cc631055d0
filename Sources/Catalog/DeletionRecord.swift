// SPDX-License-Identifier: Apache-2.0

/// A deletion that files still need: points of series that the pattern matches, in the times from `lower` to `upper`, that
/// were logged before `sequence`. All four fields together are the key.
package struct DeletionRecord: Sendable, Hashable {
    /// Log sequence.
    package var sequence: UInt64
    /// Canonical path pattern of series: device nodes and measurement.
    package var pattern: String
    /// Inclusive.
    package var lower: Int64
    /// Inclusive.
    package var upper: Int64

    package init(sequence: UInt64, pattern: String, lower: Int64, upper: Int64) {
        self.sequence = sequence
        self.pattern = pattern
        self.lower = lower
        self.upper = upper
    }
}

/// How long points are kept. The pattern is the key.
package struct TimeToLiveRecord: Sendable, Equatable {
    /// A device's canonical path, or a path followed by `**`.
    package var pattern: String
    /// Above zero; the highest number = for ever.
    package var milliseconds: Int64

    package init(pattern: String, milliseconds: Int64) {
        self.pattern = pattern
        self.milliseconds = milliseconds
    }
}
