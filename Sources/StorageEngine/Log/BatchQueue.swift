// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What waits for the writer: batches from all workers, and requests to freeze the memtable.
final class BatchQueue: Sendable {
    private struct State {
        var batches: [QueuedBatch] = []
        var byteCount = 0
        var freezeRequests: [FreezeRequest] = []
        /// Empty buffers with memory, for the batches to come.
        var spares: [RecordBuffer] = []
        var isClosed = false
    }

    /// What the writer takes at once.
    struct Taken {
        var batches: [QueuedBatch] = []
        var freezeRequests: [FreezeRequest] = []
        /// Closed, and nothing is left behind.
        var isFinished = false
    }

    /// Buffers kept for reuse, and the memory that one may have: a burst's big buffers are let go.
    private static let sparesMax = 64
    private static let spareBytesMax = 1024 * 1024

    private let bytesMax: Int
    private let state = Mutex(State())
    let wakeUp = WakeUp()

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Bytes that wait.
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// Takes the batch's content, and leaves it empty with memory. A barrier needs no room.
    func append(_ batch: inout WriteBatch, ticket: UInt64, completion: any CommitCompletion) throws(StorageError) {
        let isFirst = try state.withLock { state throws(StorageError) in
            guard !state.isClosed else { throw StorageError(.closed, "the storage engine is closed") }
            guard batch.isEmpty || state.byteCount + batch.byteCount <= bytesMax || state.batches.isEmpty else {
                throw StorageError(
                    .overloaded,
                    "\(state.byteCount) bytes wait for the log, and log_queue_max_bytes=\(bytesMax) allows no more")
            }
            var buffer = state.spares.popLast() ?? RecordBuffer()
            swap(&buffer, &batch.buffer)
            state.byteCount += buffer.count
            state.batches.append(
                QueuedBatch(
                    buffer: buffer, laterParts: batch.laterParts, hasParticipants: batch.hasParticipants,
                    ticket: ticket, completion: completion))
            return state.batches.count == 1
        }
        batch.removeAll()
        if isFirst { wakeUp.signal() }
    }

    /// Asks for a freeze after everything that was appended before.
    func requestFreeze() throws(StorageError) -> FreezeRequest {
        let request = FreezeRequest()
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed else { throw StorageError(.closed, "the storage engine is closed") }
            state.freezeRequests.append(request)
        }
        wakeUp.signal()
        return request
    }

    /// Refuses everything from now on; what is there is still taken.
    func close() {
        state.withLock { $0.isClosed = true }
        wakeUp.signal()
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Takes batches in order, up to `bytesMax` bytes but at least one; freeze requests only with the last of them.
    func take(bytesMax: Int) -> Taken {
        state.withLock { state in
            var taken = Taken()
            if state.byteCount <= bytesMax {
                swap(&taken.batches, &state.batches)
                state.byteCount = 0
            } else {
                var bytes = 0
                var count = 0
                while count < state.batches.count, count == 0 || bytes + state.batches[count].buffer.count <= bytesMax {
                    bytes += state.batches[count].buffer.count
                    count += 1
                }
                taken.batches = Array(state.batches[..<count])
                state.batches.removeFirst(count)
                state.byteCount -= bytes
            }
            if state.batches.isEmpty {
                swap(&taken.freezeRequests, &state.freezeRequests)
                taken.isFinished = state.isClosed && taken.batches.isEmpty
            }
            return taken
        }
    }

    /// Takes freeze requests though batches before them wait: for refusing them.
    func takeFreezeRequests() -> [FreezeRequest] {
        state.withLock { state in
            defer { state.freezeRequests = [] }
            return state.freezeRequests
        }
    }

    /// Gives the memory of batches that are done back.
    func recycle(_ batches: inout [QueuedBatch]) {
        state.withLock { state in
            for index in batches.indices {
                guard state.spares.count < Self.sparesMax else { break }
                var buffer = RecordBuffer()
                swap(&buffer, &batches[index].buffer)
                guard buffer.capacity > 0, buffer.capacity <= Self.spareBytesMax else { continue }
                buffer.removeAll()
                state.spares.append(buffer)
            }
            if state.batches.isEmpty, state.batches.capacity < batches.capacity {
                batches.removeAll(keepingCapacity: true)
                swap(&state.batches, &batches)
            }
        }
        batches.removeAll(keepingCapacity: true)
    }
}

/// A wish for everything logged so far to go to files, and the sequence that will tell when that is done.
final class FreezeRequest: Sendable {
    private let outcome = Mutex<Result<UInt64, StorageError>?>(nil)
    private let wakeUp = WakeUp()

    func complete(_ result: Result<UInt64, StorageError>) {
        outcome.withLock { $0 = result }
        wakeUp.signal()
    }

    /// Blocks until the memtable is frozen; the sequence whose flush is to be waited for.
    func wait() throws(StorageError) -> UInt64 {
        while true {
            if let result = outcome.withLock({ $0 }) { return try result.get() }
            wakeUp.wait()
        }
    }
}
