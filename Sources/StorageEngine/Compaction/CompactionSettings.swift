// SPDX-License-Identifier: Apache-2.0

/// What the configuration says about merging and removing TsFiles.
package struct CompactionSettings: Sendable {
    /// `enable_compaction`: whether files are merged and rewritten. Whole files go all the same.
    package var isEnabled = true
    /// `target_compaction_file_size`: bytes of a file that is merged no more are half of it to twice.
    package var targetBytes = 1 << 30
    /// `inner_compaction_candidate_file_num`: files of one partition of similar size that are merged; at least 2.
    package var fanIn = 10
    /// `compaction_spanning_file_num`: as ``fanIn``, of files of several partitions, all of which a query of any of them opens.
    package var spanningFanIn = 4
    /// `compaction_partition_files_max`: files of one partition, those of target size left out, beyond which neighbours are merged
    /// whatever their size.
    package var partitionFilesMax = 40
    /// `compaction_idle_time_in_ms`: a partition without new files for so long is merged as far as it pays.
    package var idleMilliseconds: Int64 = 21_600_000
    /// `compaction_write_throughput_mb_per_sec`: MiB a second that compaction writes at most; 0 or less = unlimited.
    package var megabytesPerSecond = 16
    /// `compaction_schedule_interval_in_ms`: pause between looks at the files when nothing happens.
    package var intervalMilliseconds: Int64 = 60_000
    /// `compaction_hidden_percent`: share of deleted and expired points at which a file is written again without them.
    package var hiddenPercent = 20
    /// `compaction_deletions_max`: deletions that files still need, beyond which files are written again for the oldest.
    package var deletionsMax = 1_000
    /// `compaction_deletion_age_max_in_ms`: age at which files are written again for a deletion however little it hides.
    package var deletionAgeMaxMilliseconds: Int64 = 604_800_000
    /// `disk_usage_limit`: bytes of TsFiles beyond which the oldest partitions are removed; 0 = none.
    package var diskBytesMax = 0

    package init() {}
}
