// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Bounds and defaults of the query engine.
package struct QuerySettings: Sendable {
    /// `query_thread_count`: threads that parse, read and compute; a blocked read holds one of them.
    package var threadCount = 2
    /// `statement_thread_count`: threads for statements that wait for a commit (INSERT, DELETE, CREATE, DROP, SET TTL).
    package var storingThreadCount = 4
    /// `query_queue_max`: pieces of work that wait for a thread; beyond, statements are refused (301).
    package var queueMax = 1_024
    /// `query_memory_bytes_max`: bytes of points and rows that one query may hold at a time (709).
    package var memoryBytesMax = 128 * 1024 * 1024
    /// `query_statement_bytes_max`: longest statement text (700).
    package var statementBytesMax = 1024 * 1024
    /// `query_windows_max`: windows of a GROUP BY (701).
    package var windowsMax = 2_000_000
    /// `load_dirs`: the folders that LOAD may read, absolute; empty = every one that the server's process can read.
    package var loadFolders: [String] = []
    package var precision = TimestampPrecision.milliseconds
    /// `time_partition_interval`, shown by SHOW DATABASES, in milliseconds.
    package var timePartitionInterval: Int64 = 604_800_000
    /// The zone of sessions that name none.
    package var defaultZoneID = "UTC"
    /// The rules of named zones (`Europe/Berlin`); UTC and offsets (`+08:00`) need none.
    package var zoneRules: @Sendable (String) -> (any ZoneRules)? = { _ in nil }
    /// What SHOW VERSION answers.
    package var version = "0.1.0"
    package var buildInfo = "apus"

    package init() {}
}
