// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import Synchronization

/// Many batches on their way into the log, a few at a time: who appends waits while too much is under way. Used by one thread.
final class BatchPipeline: CommitCompletion {
    /// Bytes under way from which on appending waits.
    static let bytesMax = 8 << 20

    private struct State {
        var ticket: UInt64 = 0
        /// Batches under way, the oldest first.
        var waiting: [(ticket: UInt64, bytes: Int)] = []
        var failure: StorageError?

        var bytes: Int { waiting.reduce(0) { $0 + $1.bytes } }
    }

    private let storage: StorageEngine
    private let isStopped: @Sendable () -> Bool
    private let state = Mutex(State())
    private let progress = Semaphore()

    /// `isStopped` says that the work has to end (301).
    init(_ storage: StorageEngine, isStopped: @escaping @Sendable () -> Bool) {
        self.storage = storage
        self.isStopped = isStopped
    }

    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
        state.withLock { state in
            state.waiting.removeAll { $0.ticket <= ticket }
            if case .failure(let error) = result, state.failure == nil { state.failure = error }
        }
        progress.signal()
    }

    /// Takes the content of the batch to the log, as soon as there is room.
    func append(_ batch: inout WriteBatch) throws(StatementError) {
        guard !batch.isEmpty else { return }
        try wait { $0.bytes < Self.bytesMax }
        let bytes = batch.byteCount
        while true {
            let ticket = state.withLock { state in
                state.ticket += 1
                state.waiting.append((state.ticket, bytes))
                return state.ticket
            }
            do throws(StorageError) {
                try storage.append(&batch, ticket: ticket, completion: self)
                return
            } catch {
                state.withLock { state in state.waiting.removeAll { $0.ticket == ticket } }
                guard error.code == .overloaded else { throw StatementError(error) }
            }
            // Others fill the queue; it empties with the next commits.
            _ = progress.wait(milliseconds: 10)
            try check()
        }
    }

    /// Waits until everything is durable.
    func finish() throws(StatementError) {
        try wait { $0.waiting.isEmpty }
    }

    private func wait(until isDone: (State) -> Bool) throws(StatementError) {
        while true {
            let (isDone, failure) = state.withLock { (isDone($0), $0.failure) }
            if let failure { throw StatementError(failure) }
            if isDone { return }
            _ = progress.wait(milliseconds: 200)
            try check()
        }
    }

    private func check() throws(StatementError) {
        if isStopped() { throw .failed("the server is stopping; load again, what is stored already does no harm") }
        guard let failure = storage.state.failure else { return }
        throw StatementError(StorageError(.readOnly, "the rest is not stored; load again: \(failure.message)"))
    }
}
