// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel
package import TsFile

/// What the configuration says about storage. Every limit is named after its key.
package struct StorageSettings: Sendable {
    /// `timestamp_precision`; fixed once data exists.
    package var precision = TimestampPrecision.milliseconds
    /// `time_partition_interval`, milliseconds, at least one hour; fixed once data exists.
    package var partitionIntervalMilliseconds: Int64 = 604_800_000

    /// `default_database_level`: nodes below `root` of a database that is created on the fly; at least 1.
    package var databaseLevel = 1
    /// `database_limit_threshold`: databases at most; -1 = 1,000.
    package var databaseLimit = -1
    /// `cluster_device_limit_threshold`: devices at most; -1 = as many as ``schemaBytesMax`` holds.
    package var deviceLimit = -1
    /// `cluster_timeseries_limit_threshold`: series at most; -1 = as many as ``schemaBytesMax`` holds.
    package var seriesLimit = -1
    /// `schema_memory_max_bytes`: memory of databases, devices and series, as the schema estimates it.
    package var schemaBytesMax = 256 * 1024 * 1024
    /// `default_ttl_in_ms`: how long points are kept where no `SET TTL` says it; nil (-1) = for ever.
    package var timeToLiveMilliseconds: Int64?
    /// `ttl_rule_capacity`: rules of `SET TTL` at most.
    package var timeToLiveRulesMax = 1_000
    /// `deletions_max`: deletions that files may still need; beyond, `DELETE` and `DROP` are refused until compaction has removed
    /// some.
    package var deletionsMax = 10_000
    /// Encoding and compression of new series.
    package var seriesDefaults = SeriesDefaults()

    /// `wal_sync_mode_fsync_delay_in_ms`: how long a commit waits before its sync, to spare a memory card.
    package var syncDelayMilliseconds = 0
    /// `wal_segment_size_max`: bytes after which a log segment is followed by another.
    package var segmentBytesMax = 64 * 1024 * 1024
    /// `log_commit_max_bytes`: what one commit takes from the queue at most (but at least one batch).
    package var commitBytesMax = 16 * 1024 * 1024
    /// `log_queue_max_bytes`: bytes of batches that may wait for the log; beyond, `append` refuses.
    package var queueBytesMax = 256 * 1024 * 1024
    /// `log_retry_interval_in_ms`: pause between attempts to write again after an I/O error.
    package var retryDelayMilliseconds = 200

    /// `memtable_size_threshold`: bytes at which the active memtable is frozen and flushed.
    package var memtableBytesMax = 64 * 1024 * 1024
    /// `memtable_age_max_in_ms`: age at which it is frozen though it is not full.
    package var memtableAgeMaxMilliseconds: Int64 = 3_600_000
    /// `memtable_layers_max`: memtables of one flush, of which each deletion begins another; beyond, they are frozen.
    package var memtableLayersMax = 32
    /// `tsfile_open_files_max`: TsFiles that are held open for reading; those of running queries come on top.
    package var openFilesMax = 512
    /// `memtable_frozen_max`: frozen memtables that may wait for their flush; beyond, the writer waits.
    package var frozenMemtablesMax = 2
    /// `log_unflushed_max_bytes`: log bytes since the last freeze at which one is due whatever the memtable holds, so that
    /// the log, the schema and the participants' memory stay bounded without any points.
    package var unflushedLogBytesMax = 256 * 1024 * 1024
    /// `flush_retry_interval_in_ms`: pause before a failed flush is tried again.
    package var flushRetryMilliseconds: Int64 = 1_000
    /// `flush_files_max`: TsFiles of one partition that a flush writes at most; the rows of all others go to one file a database.
    package var flushFilesMax = 64
    /// Merging and removing of TsFiles.
    package var compaction = CompactionSettings()

    package init() {}

    /// ``partitionIntervalMilliseconds`` in the server's precision.
    package var partitionInterval: Int64 { partitionIntervalMilliseconds * (precision.unitsPerSecond / 1_000) }
}

/// Encoding and compressor of new series by type (`default_*_encoding`, `default_compressor`).
package struct SeriesDefaults: Sendable {
    package var booleanEncoding = TsFileEncoding.plain
    package var int32Encoding = TsFileEncoding.ts2diff
    package var int64Encoding = TsFileEncoding.ts2diff
    package var floatEncoding = TsFileEncoding.gorilla
    package var doubleEncoding = TsFileEncoding.gorilla
    package var textEncoding = TsFileEncoding.plain
    package var compressor = TsFileCompressor.lz4

    package init() {}

    /// The encoding of a new series of `type`.
    package func encoding(of type: DataType) -> TsFileEncoding {
        switch type {
        case .boolean: booleanEncoding
        case .int32, .date: int32Encoding
        case .int64, .timestamp: int64Encoding
        case .float: floatEncoding
        case .double: doubleEncoding
        case .text, .string: textEncoding
        // The only one that BLOB has.
        case .blob: .plain
        }
    }
}
