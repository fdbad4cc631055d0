// SPDX-License-Identifier: Apache-2.0

/// The keys of merging and removing TsFiles.
package enum CompactionKeys {
    static let flushFiles = integerKey(
        "flush_files_max", .storage, 1...10_000, default: 64,
        "TsFiles of one time partition that are written when memory is emptied, those with most rows; the rows of all other "
            + "partitions go to one file a database.")
    static let isEnabled = booleanKey(
        "enable_compaction", .storage, default: true,
        "Merge TsFiles, and write those again of which much is deleted. Expired files go all the same.",
        .iotdb("several switches (enable_seq_space_compaction, ...)"))
    static let target = integerKey(
        "target_compaction_file_size", .storage, 1 << 20...1 << 40, unit: "bytes", default: 1 << 30,
        "The size that merging aims at: files from half of it on are merged no more.", .iotdb("2147483648"))
    static let candidates = integerKey(
        "inner_compaction_candidate_file_num", .storage, 2...30, default: 10,
        "TsFiles of similar size in one time partition that are merged.", .iotdb("30"))
    static let spanningCandidates = integerKey(
        "compaction_spanning_file_num", .storage, 2...30, default: 4,
        "TsFiles of several time partitions that are merged; a query of one of these opens all of them.")
    static let partitionFiles = integerKey(
        "compaction_partition_files_max", .storage, 2...10_000, default: 40,
        "TsFiles below the target size in one time partition beyond which neighbours are merged whatever their size.")
    static let idleTime = integerKey(
        "compaction_idle_time_in_ms", .storage, 0...Int.max / 1_000_000, unit: "ms", default: 21_600_000,
        "The time without new rows after which a time partition is merged into as few files as it pays.")
    static let throughput = integerKey(
        "compaction_write_throughput_mb_per_sec", .storage, -1...1_000_000, unit: "MiB/s", default: 16,
        "What compaction writes at most, so that the log and queries have the disk; 0 or -1 = as much as it can.")
    static let interval = integerKey(
        "compaction_schedule_interval_in_ms", .storage, 100...86_400_000, unit: "ms", default: 60_000,
        "The pause between looks for files to merge or to remove, when nothing happens that calls for one.")
    static let hiddenShare = integerKey(
        "compaction_hidden_percent", .storage, 1...100, unit: "percent", default: 20,
        "The share of deleted and expired rows from which on a TsFile is written again without them.")
    static let deletions = integerKey(
        "compaction_deletions_max", .storage, 0...1_000_000, default: 1_000,
        "Deletions that TsFiles still need, beyond which files are written again for the oldest of them.")
    static let deletionAge = integerKey(
        "compaction_deletion_age_max_in_ms", .storage, 0...Int.max / 1_000_000, unit: "ms", default: 604_800_000,
        "The time after which files are written again for a deletion, however little it hides in them.")
    static let diskLimit = integerKey(
        "disk_usage_limit", .storage, 0...Int.max, unit: "bytes", default: 0,
        "What TsFiles may take. Beyond it the oldest time partitions are removed, never the present one; 0 = no limit.")

    static let all: [KeyDeclaration] = [
        flushFiles.declaration, isEnabled.declaration, target.declaration, candidates.declaration,
        spanningCandidates.declaration, partitionFiles.declaration, idleTime.declaration, throughput.declaration,
        interval.declaration, hiddenShare.declaration, deletions.declaration, deletionAge.declaration,
        diskLimit.declaration,
    ]
}
