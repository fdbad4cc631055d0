// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TimeSeriesModel

/// A deletion that is not in the log yet.
struct RequestedDeletion: Sendable {
    var points: SchemaRemoval.Points
    /// Whether it hides points already: those of a drop do, because the schema does not show the series any more, and one that is
    /// created again must not show the points of its predecessor for a moment.
    var isVisible: Bool
}

extension MemtableSet {
    /// The deletions that are durable.
    var deletions: DeletionSet { state.withLock { $0.deletions } }

    /// Notes deletions that go to the log next; throws ``StorageError/Code/overloaded`` when there would be more than `max` in all.
    func request(_ points: [SchemaRemoval.Points], isVisible: Bool, max: Int) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            let count = state.deletions.count + state.requested.count
            guard points.count <= max - count else {
                throw StorageError(
                    .overloaded,
                    "nothing was deleted: there are \(count) deletions that files still need, and "
                        + "deletions_max=\(max) allows no more; compaction makes room")
            }
            for points in points { state.requested.append(RequestedDeletion(points: points, isVisible: isVisible)) }
        }
    }

    /// Takes back what ``request(_:isVisible:max:)`` noted: nothing of it goes to the log.
    func withdraw(_ points: [SchemaRemoval.Points]) {
        state.withLock { state in for points in points { state.forgetRequest(of: points) } }
    }

    /// Forgets deletions that no source needs any more; compaction, when the catalog has forgotten them.
    func removeDeletions(_ deletions: [Deletion]) {
        state.withLock { $0.deletions = $0.deletions.removing(deletions) }
    }
}

extension MemtableSet.State {
    /// What readers have to hide. A requested deletion counts as later than all that is there.
    var visibleDeletions: DeletionSet {
        guard requested.contains(where: \.isVisible) else { return deletions }
        return deletions.adding(
            requested.filter(\.isVisible).map {
                Deletion(sequence: .max, pattern: $0.points.pattern, range: $0.points.range)
            })
    }

    mutating func forgetRequest(of points: SchemaRemoval.Points) {
        if let index = requested.firstIndex(where: { $0.points == points }) { requested.remove(at: index) }
    }

    mutating func forgetRequest(of deletion: Deletion) {
        forgetRequest(of: SchemaRemoval.Points(pattern: deletion.pattern, range: deletion.range))
    }
}
