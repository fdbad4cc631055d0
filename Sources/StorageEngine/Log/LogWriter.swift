// SPDX-License-Identifier: Apache-2.0

import Logging
import ServerMetrics
import TimeSeriesModel

/// The one writer (design section 4.2): numbers, writes, applies, syncs, publishes, completes. All of its state belongs to
/// the thread that calls ``step()``.
struct LogWriter {
    /// What the caller does until the next step.
    enum Next: Equatable {
        case goOn
        /// Sleep until woken, or so many nanoseconds (nil = however long).
        case wait(nanoseconds: Int64?)
        case finished
    }

    let environment: StorageEnvironment
    let schema: SchemaStore
    let memtables: MemtableSet
    let flusher: Flusher
    let queue: BatchQueue
    let health: EngineHealth
    let metrics: LogMetrics
    /// Whether the flusher has no thread of its own, in tests that want every step in a known order.
    let isSingleThreaded: Bool
    /// By number.
    var participants: [UInt8: any LogParticipant] = [:]

    var chain: SegmentChain
    var nextSequence: LogSequence
    /// Everything up to here is in a frozen memtable or in files.
    var lastFrozen: LogSequence
    /// Log bytes since the last freeze, and when the first of them came (monotonic).
    var unfrozenBytes = 0
    var unfrozenSince: Int64?

    /// The commit under way; survives failed attempts.
    var inFlight: [QueuedBatch] = []
    var isNumbered = false
    var isApplied = false
    /// What happened to the schema with it.
    var changes: [SchemaChange] = []
    /// What it hides once it is published.
    var deletions: [Deletion] = []
    var freezeRequests: [FreezeRequest] = []
    var isFinishing = false
    var isFailing = false
    /// Whether a freeze waits for a flush that fails.
    var isHeldBack = false

    var staging = RecordBuffer()
    var decoder = TabletDecoder()
    var awaited = CompletionList()

    init(
        environment: StorageEnvironment, schema: SchemaStore, memtables: MemtableSet, flusher: Flusher,
        queue: BatchQueue, health: EngineHealth, participants: [any LogParticipant], chain: SegmentChain,
        nextSequence: LogSequence, lastFrozen: LogSequence, isSingleThreaded: Bool
    ) {
        self.isSingleThreaded = isSingleThreaded
        self.environment = environment
        self.schema = schema
        self.memtables = memtables
        self.flusher = flusher
        self.queue = queue
        self.health = health
        metrics = LogMetrics(environment.metrics)
        for participant in participants { self.participants[participant.participant] = participant }
        self.chain = chain
        self.nextSequence = nextSequence
        self.lastFrozen = lastFrozen
        unfrozenSince = nextSequence - 1 > lastFrozen ? environment.monotonicClock.nanoseconds() : nil
    }

    /// The newest sequence given to a record.
    var lastSequence: LogSequence { nextSequence - 1 }

    /// One commit, if there is work.
    mutating func step() -> Next {
        do throws(StorageError) {
            if holdBack() { return .wait(nanoseconds: isSingleThreaded ? pauseAfterFailure : nil) }
            if isFreezeDue { try freeze() }
            if inFlight.isEmpty { takeWork() }
            guard !inFlight.isEmpty || !freezeRequests.isEmpty || isFailing else {
                return isFinishing ? finish() : .wait(nanoseconds: nanosecondsUntilOld)
            }
            // After a failure nobody sends anything until the log is known to be writable: find out, by the head of a segment.
            if isFailing, !hasRecords { try chain.start(firstSequence: nextSequence) }
            try commit()
            if !freezeRequests.isEmpty, !holdBack() { try freeze() }
            return .goOn
        } catch {
            return failed(error)
        }
    }

    /// Whether the commit under way is more than barriers.
    var hasRecords: Bool { inFlight.contains { $0.partCount > 0 } }

    private var pauseAfterFailure: Int64 { Int64(environment.settings.retryDelayMilliseconds) * 1_000_000 }

    /// The commit under way is durable. Before anyone hears of it: who was told of success is not refused next.
    mutating func noteWritten() {
        guard isFailing else { return }
        isFailing = false
        health.recovered()
    }

    /// Takes batches first and then changes of the schema: whatever the batches name was defined before they were handed over.
    /// In the log the changes come first.
    private mutating func takeWork() {
        let taken = queue.take(bytesMax: environment.settings.commitBytesMax)
        freezeRequests += taken.freezeRequests
        isFinishing = taken.isFinished
        inFlight = taken.batches
        isNumbered = false
        isApplied = false
        changes = schema.takeUnlogged()
        deletions = []
        if !changes.isEmpty {
            inFlight.insert(contentsOf: Self.batches(of: changes), at: 0)
            number()
            // They are in the last of the changes' records at the latest, and a checkpoint is never in between.
            schema.logged(changes, sequence: inFlight[0].firstSequence)
        }
    }

    /// Nothing was written, or not all of it, or it may be lost: this segment is over, and everything that was not
    /// acknowledged goes to the next one.
    private mutating func failed(_ error: StorageError) -> Next {
        chain.end()
        isFailing = true
        metrics.failures.increment()
        health.failed(error)
        for request in freezeRequests { request.complete(.failure(error)) }
        freezeRequests.removeAll()
        guard !queue.isClosed else {
            abandon(error)
            return .finished
        }
        return .wait(nanoseconds: pauseAfterFailure)
    }

    /// The end while the log cannot be written: nobody is told that it is durable.
    private mutating func abandon(_ error: StorageError) {
        while true {
            for batch in inFlight { batch.completion?.committed(through: batch.ticket, result: .failure(error)) }
            inFlight = []
            let taken = queue.take(bytesMax: .max)
            for request in taken.freezeRequests { request.complete(.failure(error)) }
            if taken.batches.isEmpty { return }
            inFlight = taken.batches
        }
    }

    private mutating func finish() -> Next {
        if lastSequence > lastFrozen {
            do throws(StorageError) {
                try freeze()
            } catch {
                environment.logger.warning(
                    "the last rows stay in the log and will be flushed at the next start",
                    metadata: ["reason": "\(error)"])
            }
        }
        chain.end()
        return .finished
    }
}
