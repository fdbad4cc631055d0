// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TimeSeriesModel

/// A memtable that gets no more points and waits for its flush, and the last log sequence that is in it.
package struct FrozenMemtable: Sendable {
    package let memtable: Memtable
    /// Everything in the log up to this one is in this memtable, an older one or in files.
    package let lastSequence: LogSequence
}

/// The sources of one moment: what a snapshot reads.
struct StorageView: Sendable {
    /// The newest first.
    var memtables: [Memtable]
    var files: FileSet
}

/// The memtables and the file set, exchanged in one step: a reader sees a flushed point in its memtable or in its file, never
/// in none. The writer appends to the active memtable and freezes it; the flusher takes frozen ones, oldest first.
package final class MemtableSet: Sendable {
    private struct State {
        var active: Memtable
        /// The oldest first.
        var frozen: [FrozenMemtable] = []
        var files: FileSet
    }

    private let state: Mutex<State>

    init(files: FileSet, now: Int64) {
        state = Mutex(State(active: Memtable(createdAt: now), files: files))
    }

    /// Where the writer appends. Only ``freeze(through:now:)`` changes it.
    package var active: Memtable { state.withLock { $0.active } }

    /// The memtables that wait for their flush.
    package var frozenCount: Int { state.withLock { $0.frozen.count } }

    /// Bytes of all memtables.
    package var byteCount: Int {
        state.withLock { $0.frozen.reduce($0.active.byteCount) { $0 + $1.memtable.byteCount } }
    }

    /// Sets the active memtable aside for its flush and begins another; writer thread only, after ``Memtable/publish()``.
    ///
    /// An empty one may be frozen too: its flush writes no file, but a checkpoint. `now` is the monotonic clock's.
    package func freeze(through lastSequence: LogSequence, now: Int64) {
        state.withLock { state in
            state.frozen.append(FrozenMemtable(memtable: state.active, lastSequence: lastSequence))
            state.active = Memtable(createdAt: now)
        }
    }

    /// The next one to flush.
    var oldestFrozen: FrozenMemtable? { state.withLock { $0.frozen.first } }

    /// The last one to flush.
    var newestFrozen: FrozenMemtable? { state.withLock { $0.frozen.last } }

    /// What readers see at this moment.
    func view() -> StorageView {
        state.withLock { state in
            StorageView(
                memtables: [state.active] + state.frozen.reversed().map(\.memtable), files: state.files)
        }
    }

    var files: FileSet { state.withLock { $0.files } }

    /// Lets files take the place of the oldest frozen memtable; flusher only, when the catalog names them.
    func finishFlush(_ frozen: FrozenMemtable, added: [StoredFile]) {
        state.withLock { state in
            precondition(state.frozen.first?.memtable === frozen.memtable, "memtables are flushed in order")
            state.frozen.removeFirst()
            state.files = state.files.replacing([], with: added)
        }
    }

    /// Lets files take the place of others that hold the same points; compaction, when the catalog says so. The old ones
    /// stay readable for those who hold them and are removed from the disk when the last one lets go.
    func replace(_ removed: [StoredFile], with added: [StoredFile]) {
        state.withLock { $0.files = $0.files.replacing(removed, with: added) }
        for file in removed { file.markObsolete() }
    }
}
