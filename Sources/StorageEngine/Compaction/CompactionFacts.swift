// SPDX-License-Identifier: Apache-2.0

/// What can be shown of the maintenance of files: SHOW COMPACTIONS and the metrics.
package struct CompactionFacts: Sendable, Equatable {
    /// Why a task runs.
    package enum Kind: String, Sendable, Equatable {
        /// Neighbours of one partition become one file.
        case merge = "MERGE"
        /// Files of scattered rows become one.
        case mergeOfScattered = "MERGE_SCATTERED"
        /// A file is written again without its hidden points.
        case rewrite = "REWRITE"
    }

    /// The task under way.
    package struct Task: Sendable, Equatable {
        package var kind: Kind
        /// Canonical path.
        package var database: String
        /// Those that get a new file; rising.
        package var partitions: [Int64]
        /// Names below `tsfiles/`.
        package var inputs: [String]
        /// Of the inputs.
        package var bytesTotal: UInt64
        /// Written so far; at the end mostly fewer than ``bytesTotal``.
        package var bytesDone: UInt64
        /// Nanoseconds of the wall clock.
        package var startedAt: Int64
    }

    package var isEnabled = true
    package var running: Task?
    /// Tasks that could run now, the running one included, as of the last look.
    package var pending = 0
    /// Since the start of the server, like all that follows.
    package var tasks: UInt64 = 0
    package var failures: UInt64 = 0
    package var latestFailure: String?
    package var bytesRead: UInt64 = 0
    package var bytesWritten: UInt64 = 0
    package var filesIn: UInt64 = 0
    package var filesOut: UInt64 = 0
    /// Overwritten, deleted or expired points that went.
    package var pointsDropped: UInt64 = 0
    /// Files that went as a whole: expired, deleted, of dropped databases, or over `disk_usage_limit`.
    package var filesRemoved: UInt64 = 0
    package var bytesRemoved: UInt64 = 0
    /// Of those, for `disk_usage_limit`.
    package var filesEvicted: UInt64 = 0
    /// Bytes that flushes wrote.
    package var bytesFlushed: UInt64 = 0

    package init() {}

    /// Bytes written by flushes and compactions for each byte that was flushed; nil before the first flush.
    package var writeAmplification: Double? {
        bytesFlushed == 0 ? nil : Double(bytesFlushed + bytesWritten) / Double(bytesFlushed)
    }
}
