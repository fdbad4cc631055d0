// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TimeSeriesModel

/// Durable, queryable time series: log, memtables, files, schema (design section 4). One owner a data folder.
package final class StorageEngine: Sendable {
    let environment: StorageEnvironment
    package let schema: SchemaStore
    let memtables: MemtableSet
    let files: FileStore
    let flusher: Flusher
    package let compactor: Compactor
    let segments: SegmentRegistry
    let queue: BatchQueue
    let health: EngineHealth
    private let folder: DataFolder
    private let writerThread = Mutex<WorkerThread?>(nil)
    /// What the writer froze last, once it has finished.
    private let lastFrozen = Mutex<LogSequence>(0)

    init(
        environment: StorageEnvironment, folder: DataFolder, schema: SchemaStore, memtables: MemtableSet,
        files: FileStore, flusher: Flusher, segments: SegmentRegistry
    ) {
        self.environment = environment
        self.folder = folder
        self.schema = schema
        self.memtables = memtables
        self.files = files
        self.flusher = flusher
        self.segments = segments
        compactor = Compactor(
            environment: environment, memtables: memtables, store: files, flusher: flusher, schema: schema)
        queue = BatchQueue(bytesMax: environment.settings.queueBytesMax)
        health = EngineHealth(logger: environment.logger)
        flusher.signal(queue.wakeUp)
    }

    /// What the engine can do now. Cheap enough to be asked once a read burst.
    package var state: EngineState { health.state }

    /// Takes the content of `batch` (which stays empty, with memory) to the log; `completion` hears when everything up
    /// to `ticket` is durable and visible. Tickets of one completion object rise. An empty batch is a barrier.
    ///
    /// Any thread; does not block. Throws ``StorageError/Code/closed`` after the end, ``StorageError/Code/overloaded`` when
    /// `log_queue_max_bytes` wait already; then nothing was taken.
    package func append(
        _ batch: inout WriteBatch, ticket: UInt64, completion: any CommitCompletion
    ) throws(StorageError) {
        try queue.append(&batch, ticket: ticket, completion: completion)
    }

    /// What is durable and visible now; for queries.
    package func snapshot() -> Snapshot {
        Snapshot(view: memtables.view(), readers: files.readers, partitioning: files.partitioning, now: files.now)
    }

    /// Blocks until everything acknowledged before is in TsFiles. Throws what keeps it from that.
    package func flush() throws(StorageError) {
        if let failure = health.state.failure { throw StorageError(.readOnly, failure.message) }
        let sequence = try queue.requestFreeze().wait()
        try flusher.waitUntilFlushed(through: sequence)
    }

    /// Blocks until everything that was created or appended before is durable. Throws ``StorageError/Code/readOnly`` when nothing
    /// can be made durable now: it may still become so.
    package func sync() throws(StorageError) {
        let barrier = Barrier()
        health.watch(barrier.wakeUp)
        defer { health.unwatch(barrier.wakeUp) }
        var batch = WriteBatch()
        try append(&batch, ticket: 1, completion: barrier)
        try barrier.wait(health)
    }

    /// Ends the engine: finishes the commit under way, flushes, closes; blocking. What could not be flushed stays in the
    /// log for the next start. The second call returns at once.
    package func close() throws(StorageError) {
        queue.close()
        let thread = writerThread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let thread else { return }
        compactor.stop()
        thread.join()
        let failure = health.state.failure
        health.closed()
        var flushFailure: StorageError?
        do throws(StorageError) {
            try flusher.waitUntilFlushed(through: lastFrozen.withLock { $0 })
        } catch {
            flushFailure = error
        }
        flusher.stop()
        folder.release()
        if let error = failure ?? flushFailure { throw error }
    }

    /// Starts the threads; nothing is made durable before. Throws with none of them running.
    func start(_ writer: consuming sending LogWriter) throws(StorageError) {
        do throws(StorageError) {
            try flusher.start()
            try compactor.start()
            try startWriting(writer)
        } catch {
            compactor.stop()
            flusher.stop()
            throw error
        }
    }

    private func startWriting(_ writer: consuming sending LogWriter) throws(StorageError) {
        let queue = queue
        let delay = environment.settings.syncDelayMilliseconds
        let first = writer
        let thread = try environment.threads.start("log") { [self] in
            var writer = first
            while true {
                if delay > 0, queue.byteCount > 0 { WorkerThread.sleep(milliseconds: delay) }
                switch writer.step() {
                case .goOn: continue
                case .wait(let nanoseconds): queue.wakeUp.wait(nanoseconds: nanoseconds)
                case .finished:
                    lastFrozen.withLock { $0 = writer.lastFrozen }
                    return
                }
            }
        }
        writerThread.withLock { $0 = thread }
        schema.onCreation { queue.wakeUp.signal() }
    }
}

/// Waits for a commit on a thread that may block.
private final class Barrier: CommitCompletion {
    private let outcome = Mutex<Result<Void, StorageError>?>(nil)
    let wakeUp = WakeUp()

    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
        outcome.withLock { $0 = result }
        wakeUp.signal()
    }

    /// Returns after the commit; throws what it ended with, or what keeps it from being done.
    func wait(_ health: EngineHealth) throws(StorageError) {
        while true {
            if let result = outcome.withLock({ $0 }) { return try result.get() }
            if let failure = health.state.failure {
                throw StorageError(.readOnly, "nothing can be stored now: \(failure.message)")
            }
            wakeUp.wait()
        }
    }
}
