// SPDX-License-Identifier: Apache-2.0

import Catalog
package import TimeSeriesModel

/// The deletions of one moment. Immutable; a change makes another set.
package struct DeletionSet: Sendable {
    /// Patterns without wildcards, by their text's bytes.
    private var exact: [ByteKey: [Deletion]] = [:]
    private var patterns: [Deletion] = []
    package private(set) var count = 0

    package init() {}

    package init(_ deletions: [Deletion]) {
        for deletion in deletions { insert(deletion) }
    }

    /// What the catalog says.
    init(records: [DeletionRecord]) throws(StorageError) {
        for record in records {
            do throws(PathError) {
                insert(
                    Deletion(
                        sequence: record.sequence, pattern: try PathPattern(parsing: record.pattern),
                        range: TimeRange(record.lower, record.upper)))
            } catch {
                throw StorageError(
                    .catalog,
                    "the catalog contradicts itself: `\(record.pattern)` of a deletion is no pattern: \(error)")
            }
        }
    }

    package var isEmpty: Bool { count == 0 }

    /// Every deletion, by sequence.
    package func all() -> [Deletion] {
        (exact.values.flatMap { $0 } + patterns).sorted { $0.sequence < $1.sequence }
    }

    /// The times of a series that are hidden in a source whose last log sequence is `sequence`: sorted, apart from each other.
    package func hidden(
        device nodes: [String], measurement: String, from sequence: LogSequence
    ) -> [TimeRange] {
        guard count > 0 else { return [] }
        var found: [TimeRange] = []
        if !exact.isEmpty {
            let key = ByteKey(nodes.joined(separator: ".") + "." + measurement)
            for deletion in exact[key] ?? [] where deletion.sequence > sequence { found.append(deletion.range) }
        }
        if !patterns.isEmpty {
            let path = nodes + [measurement]
            for deletion in patterns where deletion.sequence > sequence && deletion.pattern.matches(path) {
                found.append(deletion.range)
            }
        }
        return TimeRange.union(found)
    }

    /// The set with more deletions.
    package func adding(_ deletions: [Deletion]) -> DeletionSet {
        var set = self
        for deletion in deletions { set.insert(deletion) }
        return set
    }

    /// The set without deletions that nothing needs any more.
    package func removing(_ deletions: [Deletion]) -> DeletionSet {
        let removed = Set(deletions.map(\.record))
        return DeletionSet(all().filter { !removed.contains($0.record) })
    }

    private mutating func insert(_ deletion: Deletion) {
        guard !deletion.range.isEmpty else { return }
        if deletion.pattern.isExact {
            exact[ByteKey(deletion.pattern.text), default: []].append(deletion)
        } else {
            patterns.append(deletion)
        }
        count += 1
    }
}

extension TimeRange {
    /// The times in any of the ranges: sorted, none empty, and none touching the next.
    package static func union(_ ranges: [TimeRange]) -> [TimeRange] {
        guard ranges.count > 1 else { return ranges.filter { !$0.isEmpty } }
        var merged: [TimeRange] = []
        for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lower < $1.lower }) {
            let touches = merged.last.map { $0.upper == .max || range.lower <= $0.upper + 1 } ?? false
            if touches, let last = merged.indices.last {
                merged[last].upper = max(merged[last].upper, range.upper)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
