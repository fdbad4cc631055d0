// SPDX-License-Identifier: Apache-2.0

import CPlatform
import Catalog
import Logging
import ServerMetrics
import Synchronization
import TimeSeriesModel

/// Merges TsFiles, and removes those that nobody can see any more, on a thread of its own with low priority (design section 5).
///
/// One piece of work at a time: ``runOnce()``. It only reads files that the catalog names and writes new ones; what changes is
/// one catalog transaction at the end, so that it may be interrupted at any point. It waits for flushes, and holds no lock that
/// the writer or a query needs for more than the exchange of the file set.
package final class Compactor: Sendable {
    struct State {
        var isStopping = false
        var running: CompactionFacts.Task?
        var pending = 0
        var latestFailure: StorageError?
        /// Monotonic; nothing is merged before, after a failure.
        var pauseUntil = Int64.min
        var log = FailureLog()
        /// What was written and may or may not be in the catalog.
        var uncertain: CompactionResult?
        /// What is known of files' contents, by version.
        var surveys: [UInt64: FileSurvey] = [:]
        /// When a deletion was seen first, milliseconds of the wall clock.
        var deletionsSeen: [DeletionRecord: Int64] = [:]
    }

    let environment: StorageEnvironment
    let memtables: MemtableSet
    let store: FileStore
    let flusher: Flusher
    let schema: SchemaStore
    let metrics: CompactionMetrics
    let throttle: Throttle
    let state = Mutex(State())
    /// Held by the thread that does a piece of work; nobody else waits for it.
    private let working = Mutex(())
    private let thread = Mutex<WorkerThread?>(nil)
    private let wakeUp = WakeUp()
    /// Ends the pauses of the throttle.
    private let hurry = WakeUp()

    init(
        environment: StorageEnvironment, memtables: MemtableSet, store: FileStore, flusher: Flusher,
        schema: SchemaStore
    ) {
        self.environment = environment
        self.memtables = memtables
        self.store = store
        self.flusher = flusher
        self.schema = schema
        metrics = CompactionMetrics(environment.metrics)
        let rate = Int64(clamping: environment.settings.compaction.megabytesPerSecond)
        throttle = Throttle(
            bytesPerSecond: min(max(0, rate), 1 << 40) << 20, clock: environment.monotonicClock)
    }

    var settings: CompactionSettings { environment.settings.compaction }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Starts the thread.
    func start() throws(StorageError) {
        flusher.signal(wakeUp)
        let thread = try environment.threads.start("compact") { [self] in
            // Queries, flushes and the log come first.
            apus_lower_thread_priority(10)
            run()
        }
        self.thread.withLock { $0 = thread }
    }

    /// Whether it has its thread.
    var isRunning: Bool { thread.withLock { $0 != nil } }

    /// Tells it that something may have become superfluous: after deletes, drops and rules of time to live; any thread.
    package func wake() { wakeUp.signal() }

    /// Ends the thread; a merge under way is given up. Blocks.
    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
        hurry.signal()
        let thread = self.thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    private func run() {
        while !isStopping {
            if memtables.frozenCount == 0, runOnce(isThrottled: true) { continue }
            wakeUp.wait(nanoseconds: min(max(1, settings.intervalMilliseconds), 86_400_000) * 1_000_000)
        }
    }

    /// Does the most urgent piece of maintenance on the calling thread, unthrottled. False if there was none, or if it failed.
    package func runOnce() -> Bool { runOnce(isThrottled: false) }

    private func runOnce(isThrottled: Bool) -> Bool {
        working.withLock { _ in
            do throws(StorageError) {
                if try finishUncertain() { return true }
                // Points that are over only by such a rule may still be asked for.
                guard !schema.hasPendingRules else { return false }
                try survey()
                if try removeWhole() { return true }
                if try forgetDeletions() { return true }
                return try compact(isThrottled: isThrottled)
            } catch {
                note(error)
                return false
            }
        }
    }

    /// Called before bytes are written: waits as the throttle says; throws if the work is to end.
    func pace(_ bytes: Int, _ database: DatabaseID, isThrottled: Bool) throws(StorageError) {
        try checkWanted(database)
        guard isThrottled else { return }
        let delay = throttle.take(bytes)
        guard delay > 0 else { return }
        hurry.wait(nanoseconds: delay)
        try checkWanted(database)
    }

    private func checkWanted(_ database: DatabaseID) throws(StorageError) {
        if isStopping { throw StorageError(.closed, "the storage engine is closing") }
        if schema.hasPendingRules { throw StorageError(.closed, "a time to live changes") }
        if schema.databaseEntry(of: database) == nil { throw StorageError(.closed, "the database was dropped") }
    }

    /// A piece of work ended with an error. What was to be given up is none.
    private func note(_ error: StorageError) {
        state.withLock { $0.running = nil }
        guard error.code != .closed else { return }
        metrics.failures.increment()
        let now = environment.monotonicClock.nanoseconds()
        let line = state.withLock { state in
            state.latestFailure = error
            // A damaged file is no input the next time; anything else may need a while to end.
            if error.code != .corrupt {
                state.pauseUntil = now.addingReportingOverflow(settings.intervalMilliseconds * 1_000_000).partialValue
            }
            return state.log.failed(at: now)
        }
        if let line {
            environment.logger.error(
                "a compaction failed and will be tried again; no data is lost",
                metadata: ["reason": "\(error)", "failed": "\(line.failures)"])
        }
    }
}
