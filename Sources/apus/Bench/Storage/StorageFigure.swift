// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One measured number of `apus bench storage`.
struct StorageFigure: Encodable, Sendable {
    /// The part that measured it, as `--parts` names it.
    var part: StorageBenchPart
    /// What was measured, in words.
    var name: String
    var value: Double
    var unit: String
    /// What belongs to the number: counts, latencies.
    var note = ""

    /// One line of the table.
    var line: String {
        let number = value >= 1_000 ? BenchReport.grouped(value) : BenchReport.decimal(value, value < 10 ? 3 : 1)
        let left = (part.rawValue + ": " + name).padded(to: 62)
        return left + String(repeating: " ", count: max(0, 16 - number.count)) + number + " " + unit.padded(to: 14)
            + note + "\n"
    }
}

/// What `apus bench storage` can measure.
enum StorageBenchPart: String, CaseIterable, Codable, Sendable {
    case ingest, size, scan, lookup, compaction, memory, recovery
}

extension String {
    /// The text with blanks behind it.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
