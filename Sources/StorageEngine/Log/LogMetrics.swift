// SPDX-License-Identifier: Apache-2.0

import ServerMetrics

/// The numbers of the log.
struct LogMetrics: Sendable {
    let commits: Counter
    let records: Counter
    let bytes: Counter
    let failures: Counter
    let syncLatency: LatencyHistogram

    init(_ registry: MetricsRegistry) {
        commits = registry.counter(
            "apus_log_commits_total", help: "Commits: groups of batches that were synced together.")
        records = registry.counter("apus_log_records_total", help: "Records written to the log.")
        bytes = registry.counter("apus_log_bytes_total", help: "Bytes written to the log.")
        failures = registry.counter("apus_log_failures_total", help: "Writes and syncs of the log that failed.")
        syncLatency = registry.histogram("apus_log_sync_seconds", help: "How long the sync of a commit took.")
    }
}
