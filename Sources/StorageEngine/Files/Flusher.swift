// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import Synchronization
package import TimeSeriesModel

/// Turns frozen memtables into TsFiles and checkpoints, oldest first, on a thread of its own (design section 4.4).
///
/// What fails is tried again, at the next wake-up or after a pause; a memtable is let go only when the catalog names its files.
package final class Flusher: Sendable {
    struct State {
        /// The catalog has everything up to this sequence.
        var flushedThrough: LogSequence
        /// Attempts that failed so far, and the last one's reason.
        var failures: UInt64 = 0
        var latestFailure: StorageError?
        var log = FailureLog()
        var isStopping = false
        /// Threads that wait for a flush.
        var waiters: [WakeUp] = []
    }

    let environment: StorageEnvironment
    let memtables: MemtableSet
    let store: FileStore
    private let source: any CheckpointSource
    private let directory: SeriesDirectory
    private let isDropped: @Sendable (SeriesID) -> Bool
    let state: Mutex<State>
    private let wakeUp = WakeUp()
    private let thread = Mutex<WorkerThread?>(nil)
    /// The files of the oldest memtable that are written but not in the catalog. They stay as they are while the commit is
    /// tried again: a commit whose failure was reported may still turn out to have happened.
    private let written = Mutex<(sequence: LogSequence, files: [FileRecord])?>(nil)
    let metrics: FlushMetrics

    /// `flushedThrough` is the catalog's at start; points of series that `isDropped` are not written.
    init(
        environment: StorageEnvironment, memtables: MemtableSet, store: FileStore, flushedThrough: LogSequence,
        source: any CheckpointSource, directory: @escaping SeriesDirectory,
        isDropped: @escaping @Sendable (SeriesID) -> Bool = { _ in false }
    ) {
        self.environment = environment
        self.memtables = memtables
        self.store = store
        self.source = source
        self.directory = directory
        self.isDropped = isDropped
        state = Mutex(State(flushedThrough: flushedThrough))
        metrics = FlushMetrics(environment.metrics)
    }

    /// Starts the thread.
    package func start() throws(StorageError) {
        let thread = try environment.threads.start("flush") { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    /// Whether it has its thread; without one, tests call ``flushOldest()``.
    var isRunning: Bool { thread.withLock { $0 != nil } }

    /// Tells it that a memtable was frozen; any thread.
    package func wake() { wakeUp.signal() }

    /// Everything up to this log sequence is in files and in the catalog.
    package var flushedThrough: LogSequence { state.withLock { $0.flushedThrough } }

    /// Why the last attempt failed; nil after a success.
    package var failure: StorageError? { state.withLock { $0.latestFailure } }

    /// Ends the thread after the attempt that is under way; frozen memtables stay, their points are in the log. Blocks.
    package func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
        let thread = self.thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
        wakeWaiters()
    }

    private func run() {
        while !state.withLock({ $0.isStopping }) {
            if memtables.oldestFrozen == nil {
                wakeUp.wait()
                continue
            }
            if !flushOldest() {
                wakeUp.wait(nanoseconds: environment.settings.flushRetryMilliseconds * 1_000_000)
            }
        }
    }

    /// Flushes the oldest frozen memtable, if there is one. False if that failed.
    func flushOldest() -> Bool {
        guard let frozen = memtables.oldestFrozen else { return true }
        let start = environment.monotonicClock.nanoseconds()
        do throws(StorageError) {
            let files = try writeFiles(frozen)
            try commit(frozen, files)
            metrics.succeeded(files, nanoseconds: environment.monotonicClock.nanoseconds() - start)
        } catch {
            note(error, frozen)
            return false
        }
        let failures = state.withLock { state in
            state.flushedThrough = max(state.flushedThrough, frozen.lastSequence)
            state.latestFailure = nil
            return state.log.succeeded()
        }
        if failures > 0 {
            environment.logger.notice("flushes succeed again", metadata: ["failed": "\(failures)"])
        }
        source.checkpointed(through: frozen.lastSequence)
        wakeWaiters()
        return true
    }

    private func writeFiles(_ frozen: FrozenMemtable) throws(StorageError) -> [FileRecord] {
        if let written = written.withLock({ $0 }), written.sequence == frozen.lastSequence { return written.files }
        let plan = FlushPlan(
            frozen.layers, store.partitioning, filesMax: environment.settings.flushFilesMax, directory,
            isDropped: isDropped)
        guard plan.unknownSeries.isEmpty else {
            throw StorageError(
                .corrupt, "the memtable has points of series that the schema does not know: \(plan.unknownSeries)")
        }
        let visibility = Visibility(deletions: memtables.deletions, now: nil, partitioning: store.partitioning)
        var files: [FileRecord] = []
        for target in plan.targets {
            do throws(StorageError) {
                if let file = try write(target, frozen, visibility) { files.append(file) }
            } catch {
                // No catalog was ever told of them, and the next attempt writes them anew.
                for file in files { try? store.fileSystem.remove(store.storedFile(file).path) }
                throw error
            }
        }
        written.withLock { $0 = (frozen.lastSequence, files) }
        return files
    }

    private func write(
        _ target: FlushTarget, _ frozen: FrozenMemtable, _ visibility: Visibility
    ) throws(StorageError) -> FileRecord? {
        let name = store.newName()
        let range = store.partitioning.range(of: target.partitions)
        let layers = LayerSources(layers: frozen.layers, readers: store.readers, visibility: visibility)
        let writer = FileWriter(store: store) { series in
            layers.cursor(of: series, in: range, partitions: target.partitions)
        }
        var groups = target.groups()[...]
        return try writer.write(
            FileTarget(
                database: target.database, databasePath: target.databasePath, partitions: target.partitions,
                throughSequence: frozen.lastSequence, name: name, version: name.version, order: name.version)
        ) { groups.popFirst() }
    }

    private func commit(_ frozen: FrozenMemtable, _ files: [FileRecord]) throws(StorageError) {
        var transaction = CheckpointTransaction()
        source.addChanges(through: frozen.lastSequence, to: &transaction)
        transaction.addedFiles = files
        transaction.flushedThrough = frozen.lastSequence
        try store.gate.run { () throws(StorageError) in
            do throws(CatalogError) {
                try environment.catalog.commit(transaction)
            } catch {
                throw StorageError(.catalog, "the catalog did not take a checkpoint: \(error)")
            }
            memtables.finishFlush(frozen, added: files.map(store.storedFile))
        }
        written.withLock { $0 = nil }
    }

    private func note(_ error: StorageError, _ frozen: FrozenMemtable) {
        metrics.failures.increment()
        let now = environment.monotonicClock.nanoseconds()
        let line = state.withLock { state in
            state.failures += 1
            state.latestFailure = error
            return state.log.failed(at: now)
        }
        if let line {
            environment.logger.error(
                "a flush failed and will be tried again; its points are safe in the log",
                metadata: [
                    "sequence": "\(frozen.lastSequence)", "reason": "\(error)", "failed": "\(line.failures)",
                ])
        }
        wakeWaiters()
    }

    private func wakeWaiters() {
        for waiter in state.withLock({ $0.waiters }) { waiter.signal() }
    }
}
