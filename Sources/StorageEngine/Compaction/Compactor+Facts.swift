// SPDX-License-Identifier: Apache-2.0

import ServerMetrics
import Synchronization

extension Compactor {
    /// What can be shown now.
    package var facts: CompactionFacts {
        var facts = CompactionFacts()
        facts.isEnabled = settings.isEnabled
        state.withLock { state in
            facts.running = state.running
            facts.pending = state.pending
            facts.latestFailure = state.latestFailure?.message
        }
        facts.tasks = metrics.tasks.value
        facts.failures = metrics.failures.value
        facts.bytesRead = metrics.bytesRead.value
        facts.bytesWritten = metrics.bytesWritten.value
        facts.filesIn = metrics.filesIn.value
        facts.filesOut = metrics.filesOut.value
        facts.pointsDropped = metrics.pointsDropped.value
        facts.filesRemoved = metrics.filesRemoved.value
        facts.bytesRemoved = metrics.bytesRemoved.value
        facts.filesEvicted = metrics.filesEvicted.value
        facts.bytesFlushed = flusher.metrics.bytes.value
        return facts
    }

    /// Shows the state as metrics.
    func registerMetrics() {
        environment.metrics.observe("apus_compaction_running", help: "1 while a compaction task runs, else 0.") {
            [weak self] in self?.facts.running == nil ? 0 : 1
        }
        environment.metrics.observe("apus_compaction_pending", help: "Compaction tasks that could run.") {
            [weak self] in Double(self?.facts.pending ?? 0)
        }
        environment.metrics.observe(
            "apus_write_amplification", help: "Bytes written by flush and compaction for each byte flushed."
        ) { [weak self] in self?.facts.writeAmplification ?? 1 }
    }
}
