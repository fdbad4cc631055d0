// SPDX-License-Identifier: Apache-2.0

import Catalog
import ServerMetrics

/// What the flusher counts.
struct FlushMetrics: Sendable {
    let flushes: Counter
    let failures: Counter
    let files: Counter
    let points: Counter
    let bytes: Counter
    let duration: LatencyHistogram

    init(_ registry: MetricsRegistry) {
        flushes = registry.counter("apus_flushes_total", help: "Memtables flushed.")
        failures = registry.counter("apus_flush_failures_total", help: "Attempts to flush a memtable that failed.")
        files = registry.counter("apus_flushed_files_total", help: "TsFiles written by flushes.")
        points = registry.counter("apus_flushed_points_total", help: "Points in TsFiles written by flushes.")
        bytes = registry.counter("apus_flushed_bytes_total", help: "Bytes of TsFiles written by flushes.")
        duration = registry.histogram(
            "apus_flush_duration_seconds", help: "Time from a flush's begin to its checkpoint.")
    }

    func succeeded(_ written: [FileRecord], nanoseconds: Int64) {
        flushes.increment()
        files.increment(by: UInt64(written.count))
        points.increment(by: written.reduce(0) { $0 + $1.pointCount })
        bytes.increment(by: written.reduce(0) { $0 + $1.byteCount })
        duration.record(nanoseconds: max(0, nanoseconds))
    }
}
