// SPDX-License-Identifier: Apache-2.0

import ServerMetrics
import Synchronization

/// What compaction counts.
struct CompactionMetrics: Sendable {
    let tasks: Counter
    let failures: Counter
    let bytesRead: Counter
    let bytesWritten: Counter
    let filesIn: Counter
    let filesOut: Counter
    let pointsDropped: Counter
    let filesRemoved: Counter
    let bytesRemoved: Counter
    let filesEvicted: Counter

    init(_ registry: MetricsRegistry) {
        tasks = registry.counter("apus_compactions_total", help: "Compaction tasks done.")
        failures = registry.counter("apus_compaction_failures_total", help: "Compaction tasks that failed.")
        bytesRead = registry.counter("apus_compaction_read_bytes_total", help: "Bytes that compaction read.")
        bytesWritten = registry.counter("apus_compaction_written_bytes_total", help: "Bytes that compaction wrote.")
        filesIn = registry.counter("apus_compaction_input_files_total", help: "TsFiles that compaction merged.")
        filesOut = registry.counter("apus_compaction_output_files_total", help: "TsFiles that compaction wrote.")
        pointsDropped = registry.counter(
            "apus_compaction_dropped_points_total", help: "Overwritten, deleted and expired points that are gone.")
        filesRemoved = registry.counter(
            "apus_tsfiles_removed_total", help: "TsFiles removed as a whole: expired, deleted, evicted.")
        bytesRemoved = registry.counter(
            "apus_tsfiles_removed_bytes_total", help: "Bytes of the TsFiles that were removed as a whole.")
        filesEvicted = registry.counter(
            "apus_tsfiles_evicted_total", help: "TsFiles removed because of disk_usage_limit.")
    }
}
