// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

/// `SHOW COMPACTIONS`: the maintenance of files: what it does now, and what it has done since the start.
struct CompactionsView: SystemView {
    let storage: StorageEngine

    var name: [String] { ["COMPACTIONS"] }
    var hasTime: Bool { false }
    var privilege: Privilege? { .maintain }
    var columns: [ResultColumn] { [.text("Fact"), .text("Value")] }

    func open() -> sending any SystemViewRows {
        let facts = storage.compactionFacts()
        return ListRows(Self.task(facts) + Self.counts(facts)) { [.text($0.0), .text($0.1)] }
    }

    private static func task(_ facts: CompactionFacts) -> [(String, String)] {
        var rows = [("enabled", facts.isEnabled ? "true" : "false"), ("pending tasks", "\(facts.pending)")]
        guard let task = facts.running else { return rows + [("running", "none")] }
        rows.append(("running", task.kind.rawValue))
        rows.append(("database", task.database))
        rows.append(("partitions", task.partitions.map { "\($0)" }.joined(separator: ", ")))
        rows.append(("files", task.inputs.joined(separator: ", ")))
        rows.append(("progress", "\(task.bytesDone) of \(task.bytesTotal) bytes"))
        return rows
    }

    private static func counts(_ facts: CompactionFacts) -> [(String, String)] {
        var rows = [
            ("tasks", "\(facts.tasks)"), ("failures", "\(facts.failures)"),
            ("latest failure", facts.latestFailure ?? "none"), ("bytes read", "\(facts.bytesRead)"),
            ("bytes written", "\(facts.bytesWritten)"), ("files in", "\(facts.filesIn)"),
            ("files out", "\(facts.filesOut)"), ("points dropped", "\(facts.pointsDropped)"),
            ("files removed", "\(facts.filesRemoved)"), ("bytes removed", "\(facts.bytesRemoved)"),
            ("files evicted", "\(facts.filesEvicted)"),
        ]
        if let amplification = facts.writeAmplification {
            let hundredths = Int((amplification * 100).rounded())
            rows.append(("write amplification", "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"))
        }
        return rows
    }
}
