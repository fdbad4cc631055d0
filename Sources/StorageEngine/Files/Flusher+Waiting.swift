// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TimeSeriesModel

extension Flusher {
    /// Signals `wakeUp` after every attempt from now on, whether it succeeds or fails.
    func signal(_ wakeUp: WakeUp) { state.withLock { $0.waiters.append(wakeUp) } }

    /// Returns when everything up to `sequence` is in files and in the catalog; the memtable with it must be frozen already.
    /// Throws what made an attempt fail meanwhile (the flusher goes on trying), or ``StorageError/Code/closed``. Blocks.
    package func waitUntilFlushed(through sequence: LogSequence) throws(StorageError) {
        let signal = WakeUp()
        let failuresBefore = state.withLock { state in
            state.waiters.append(signal)
            return state.failures
        }
        defer { state.withLock { state in state.waiters.removeAll { $0 === signal } } }
        // A failed attempt may be pausing.
        wake()
        while true {
            let outcome = state.withLock { state -> Result<Bool, StorageError> in
                if state.flushedThrough >= sequence { return .success(true) }
                if state.failures > failuresBefore, let failure = state.latestFailure { return .failure(failure) }
                if state.isStopping { return .failure(StorageError(.closed, "the storage engine is closing")) }
                return .success(false)
            }
            if try outcome.get() { return }
            signal.wait()
        }
    }
}
