// SPDX-License-Identifier: Apache-2.0

import Dispatch
import StorageEngine
import Synchronization

/// What one producer has under way: bounds it, and measures how long commits take.
final class BenchWindow: CommitCompletion {
    private struct State {
        /// The last batch given to the engine.
        var given: UInt64 = 0
        var through: UInt64 = 0
        var failure: StorageError?
        /// A batch whose latency is being measured.
        var probe: (ticket: UInt64, began: Double)?
        var latencies: [Double] = []
    }

    /// Latencies kept at most.
    private static let latenciesMax = 100_000

    private let batchesMax: UInt64
    private let state = Mutex(State())
    private let progress = DispatchSemaphore(value: 0)

    init(batchesMax: Int) { self.batchesMax = UInt64(max(1, batchesMax)) }

    /// Gives a batch to the engine when less than the window is under way; the producer's thread.
    func append(_ batch: inout WriteBatch, to engine: StorageEngine) throws {
        let ticket = state.withLock { state in
            state.given += 1
            return state.given
        }
        if ticket > batchesMax { try wait(for: ticket - batchesMax) }
        if ticket % 16 == 1 {
            let began = BenchClock.seconds()
            state.withLock { state in
                if state.probe == nil, state.latencies.count < Self.latenciesMax { state.probe = (ticket, began) }
            }
        }
        while let failure = tryAppend(&batch, ticket, to: engine) {
            guard failure.code == .overloaded else { throw failure }
            try wait(for: ticket - 1)
        }
    }

    private func tryAppend(_ batch: inout WriteBatch, _ ticket: UInt64, to engine: StorageEngine) -> StorageError? {
        do throws(StorageError) {
            try engine.append(&batch, ticket: ticket, completion: self)
            return nil
        } catch {
            return error
        }
    }

    /// Waits until everything is durable and visible.
    func drain() throws { try wait(for: state.withLock { $0.given }) }

    /// Seconds from append to completion, sampled; rising.
    var latencies: [Double] { state.withLock { $0.latencies.sorted() } }

    private func wait(for wanted: UInt64) throws {
        while true {
            let (through, failure) = state.withLock { ($0.through, $0.failure) }
            if let failure { throw failure }
            if through >= wanted { return }
            progress.wait()
        }
    }

    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
        let now = BenchClock.seconds()
        state.withLock { state in
            state.through = ticket
            if case .failure(let error) = result { state.failure = error }
            if let probe = state.probe, probe.ticket <= ticket {
                state.latencies.append(now - probe.began)
                state.probe = nil
            }
        }
        progress.signal()
    }
}

/// The element at a fraction of a sorted list; 0 if it is empty.
func percentile(_ sorted: [Double], _ fraction: Double) -> Double {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * fraction))]
}
