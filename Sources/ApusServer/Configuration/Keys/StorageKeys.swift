// SPDX-License-Identifier: Apache-2.0

/// The keys of storage (design section 4; `mqtt-payloads.md` section 5.2).
package enum StorageKeys {
    static let dataFolder = textKey(
        "data_dir", .storage, type: "folder", default: "./data",
        "The folder of everything that is kept; one server owns it. A relative path starts at the working directory.",
        .iotdb("several folders under other keys (dn_data_dirs, dn_wal_dirs, ...)"))
    static let partitionInterval = integerKey(
        "time_partition_interval", .storage, 3_600_000...Int.max / 1_000_000, unit: "ms", default: 604_800_000,
        "The time span of one partition, that is of one folder of TsFiles. It cannot change once there is data.")
    static let syncDelay = integerKey(
        "wal_sync_mode_fsync_delay_in_ms", .storage, 0...60_000, unit: "ms", default: 0,
        "How long a commit waits for company before its sync, to spare a memory card; every acknowledgement waits as long.",
        .iotdb("3"))
    static let segmentSize = integerKey(
        "wal_segment_size_max", .storage, 64 << 10...1 << 40, unit: "bytes", default: 64 << 20,
        "The size of a log segment from which on a new one is begun.", .iotdb("wal_file_size_threshold_in_byte"))
    static let memtableSize = integerKey(
        "memtable_size_threshold", .storage, 64 << 10...1 << 40, unit: "bytes", default: 64 << 20,
        "The size of the rows in memory from which on they are written to TsFiles.",
        .iotdb("memtable_size_threshold of its older versions"))
    static let memtableAge = integerKey(
        "memtable_age_max_in_ms", .storage, 1_000...Int.max / 1_000_000, unit: "ms", default: 3_600_000,
        "The age of rows in memory from which on they are written to TsFiles though there is room.")
    static let frozenMemtables = integerKey(
        "memtable_frozen_max", .storage, 1...64, default: 2,
        "Full memtables that may wait for their TsFiles; beyond it commits wait, and then sockets are not read.")
    static let memtableLayers = integerKey(
        "memtable_layers_max", .storage, 2...1_000, default: 32,
        "Parts of the rows in memory, of which every deletion begins another; beyond it they are written to TsFiles.")
    static let deletions = integerKey(
        "deletions_max", .storage, 1...1_000_000, default: 10_000,
        "Deletions that TsFiles still need; beyond it DELETE and DROP are refused until compaction has removed some.")
    static let unflushedLog = integerKey(
        "log_unflushed_max_bytes", .storage, 1 << 20...1 << 40, unit: "bytes", default: 256 << 20,
        "Bytes of log from which on the memtable is written to TsFiles whatever its size; bounds the recovery.")
    static let commitSize = integerKey(
        "log_commit_max_bytes", .storage, 64 << 10...1 << 30, unit: "bytes", default: 16 << 20,
        "What one commit takes from the queue at most.")
    static let logQueue = integerKey(
        "log_queue_max_bytes", .storage, 1 << 20...1 << 40, unit: "bytes", default: 256 << 20,
        "Bytes of batches that may wait for the log over all doors.")
    static let logRetry = integerKey(
        "log_retry_interval_in_ms", .storage, 1...3_600_000, unit: "ms", default: 200,
        "The pause between attempts to write to the log again after an I/O error; meanwhile the server is read-only.")
    static let flushRetry = integerKey(
        "flush_retry_interval_in_ms", .storage, 1...3_600_000, unit: "ms", default: 1_000,
        "The pause before TsFiles that could not be written are tried again.")
    static let openFiles = integerKey(
        "tsfile_open_files_max", .storage, 16...1_000_000, default: 512,
        "TsFiles that are held open for reading; those of running queries come on top.")
    static let schemaMemory = integerKey(
        "schema_memory_max_bytes", .storage, 1 << 20...1 << 40, unit: "bytes", default: 256 << 20,
        "Memory for databases, devices and series. Beyond it none is created and the row is refused.")

    static let all: [KeyDeclaration] = [
        dataFolder.declaration, partitionInterval.declaration, syncDelay.declaration, segmentSize.declaration,
        memtableSize.declaration, memtableAge.declaration, frozenMemtables.declaration,
        memtableLayers.declaration, deletions.declaration, schemaMemory.declaration,
        unflushedLog.declaration, commitSize.declaration, logQueue.declaration,
        logRetry.declaration, flushRetry.declaration, openFiles.declaration,
    ]
}
