// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
package import TimeSeriesModel

/// What one flush writes: the memtables that got points between two freezes. They get no more points.
package struct FrozenMemtable: Sendable {
    /// The oldest first, at least one. A deletion hides the points of those whose ``Memtable/lastSequence`` is below its own; at
    /// equal times the newer layer wins.
    package let layers: [Memtable]
    /// Everything in the log up to this one is in these memtables, older ones or in files.
    package let lastSequence: LogSequence
}

/// The sources of one moment: what a snapshot reads.
struct StorageView: Sendable {
    /// The newest first.
    var memtables: [Memtable]
    var files: FileSet
    /// What is hidden in them; only what is durable, and what was dropped from the schema.
    var deletions = DeletionSet()
}

/// The memtables, the file set and the deletions, exchanged in one step: a reader sees a flushed point in its memtable or in its
/// file, never in none. The writer appends to the active memtable and freezes it; the flusher takes frozen ones, oldest first.
///
/// A commit with deletions gets a memtable of its own: the one before is sealed as a *layer* of the same flush, so that a
/// deletion hides whole memtables or nothing of them.
package final class MemtableSet: Sendable {
    struct State {
        /// What was sealed since the last freeze, the oldest first.
        var layers: [Memtable] = []
        var active: Memtable
        /// Takes the place of ``active`` with the next publish; only the writer knows it.
        var staged: Memtable?
        /// The oldest first.
        var frozen: [FrozenMemtable] = []
        var files: FileSet
        var deletions: DeletionSet
        /// Deletions on their way through the log.
        var requested: [RequestedDeletion] = []
    }

    let state: Mutex<State>

    init(files: FileSet, now: Int64, deletions: DeletionSet = DeletionSet()) {
        state = Mutex(State(active: Memtable(createdAt: now), files: files, deletions: deletions))
    }

    /// Where the writer appends. Only ``freeze(through:now:)`` and ``seal(before:now:)`` change it.
    package var active: Memtable { state.withLock { $0.staged ?? $0.active } }

    /// The memtables that wait for their flush; those of one flush count once.
    package var frozenCount: Int { state.withLock { $0.frozen.count } }

    /// Memtables of the next flush.
    var layerCount: Int { state.withLock { $0.layers.count + 1 } }

    /// Bytes of all memtables.
    package var byteCount: Int {
        state.withLock { state in
            state.frozen.reduce(state.unfrozenByteCount) { $0 + $1.layers.reduce(0) { $0 + $1.byteCount } }
        }
    }

    /// Bytes of what the next freeze takes.
    var unfrozenByteCount: Int { state.withLock { $0.unfrozenByteCount } }

    /// Whether what the next freeze takes is large, or lies in many layers.
    func isFreezeDue(_ settings: StorageSettings) -> Bool {
        state.withLock { state in
            if state.active.isFull(settings.memtableBytesMax) { return true }
            guard !state.layers.isEmpty else { return false }
            return state.unfrozenByteCount >= settings.memtableBytesMax
                || state.layers.count + 1 >= max(2, settings.memtableLayersMax)
        }
    }

    /// Sets the active memtable and its layers aside for their flush and begins another; writer thread only, between commits.
    ///
    /// An empty one may be frozen too: its flush writes no file, but a checkpoint. `now` is the monotonic clock's.
    package func freeze(through lastSequence: LogSequence, now: Int64) {
        state.withLock { state in
            state.active.seal(through: lastSequence)
            state.frozen.append(FrozenMemtable(layers: state.layers + [state.active], lastSequence: lastSequence))
            state.layers = []
            state.active = Memtable(createdAt: now)
        }
    }

    /// Before a commit with deletions: what it appends goes to a memtable that readers see from its publish on. Writer thread only,
    /// once a commit; `sequence` is the first of the commit.
    func seal(before sequence: LogSequence, now: Int64) {
        state.withLock { state in
            guard state.staged == nil, !state.active.isEmpty else { return }
            state.active.seal(through: sequence - 1)
            state.staged = Memtable(createdAt: now)
        }
    }

    /// Makes visible what was appended, and hides what was deleted, in one step; writer thread only, after the sync.
    func publish(_ deletions: [Deletion] = []) {
        guard !deletions.isEmpty else { return active.publish() }
        state.withLock { state in
            if let staged = state.staged {
                state.layers.append(state.active)
                state.active = staged
                state.staged = nil
            }
            state.active.publish()
            state.deletions = state.deletions.adding(deletions)
            for deletion in deletions { state.forgetRequest(of: deletion) }
        }
    }

    /// The next one to flush.
    var oldestFrozen: FrozenMemtable? { state.withLock { $0.frozen.first } }

    /// The last one to flush.
    var newestFrozen: FrozenMemtable? { state.withLock { $0.frozen.last } }

    /// What readers see at this moment.
    func view() -> StorageView {
        state.withLock { state in
            var memtables = [state.active] + state.layers.reversed()
            for frozen in state.frozen.reversed() { memtables += frozen.layers.reversed() }
            return StorageView(memtables: memtables, files: state.files, deletions: state.visibleDeletions)
        }
    }

    var files: FileSet { state.withLock { $0.files } }

    /// Lets files take the place of the oldest frozen memtable; flusher only, when the catalog names them.
    func finishFlush(_ frozen: FrozenMemtable, added: [StoredFile]) {
        state.withLock { state in
            precondition(state.frozen.first?.lastSequence == frozen.lastSequence, "memtables are flushed in order")
            state.frozen.removeFirst()
            state.files = state.files.replacing([], with: added)
        }
    }

    /// Lets files take the place of others that hold the same points; compaction, when the catalog says so. The old ones
    /// stay readable for those who hold them and are removed from the disk when the last one lets go.
    func replace(_ removed: [StoredFile], with added: [StoredFile]) {
        state.withLock { $0.files = $0.files.replacing(removed, with: added) }
        let kept = Set(added.map(\.record.version))
        for file in removed where !kept.contains(file.record.version) { file.markObsolete() }
    }
}

extension MemtableSet.State {
    var unfrozenByteCount: Int {
        layers.reduce(active.byteCount + (staged?.byteCount ?? 0)) { $0 + $1.byteCount }
    }
}
