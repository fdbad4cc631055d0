// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension LogWriter {
    /// Whether the memtable is full or old, or the log behind it long. Never while a commit is under way: what is not synced
    /// must not get into files.
    var isFreezeDue: Bool {
        guard inFlight.isEmpty, let unfrozenSince else { return false }
        let settings = environment.settings
        return memtables.active.isFull(settings.memtableBytesMax) || unfrozenBytes >= settings.unflushedLogBytesMax
            || (environment.monotonicClock.nanoseconds() - unfrozenSince) / 1_000_000
                >= settings.memtableAgeMaxMilliseconds
    }

    /// How long until the memtable is old; nil = there is nothing to freeze.
    var nanosecondsUntilOld: Int64? {
        unfrozenSince.map { since in
            let age = environment.monotonicClock.nanoseconds() - since
            let ageMax = environment.settings.memtableAgeMaxMilliseconds.multipliedReportingOverflow(by: 1_000_000)
            return max(0, (ageMax.overflow ? .max : ageMax.partialValue) - max(0, age))
        }
    }

    mutating func noteUnfrozen(_ bytes: Int) {
        unfrozenBytes += bytes
        if unfrozenSince == nil { unfrozenSince = environment.monotonicClock.nanoseconds() }
    }

    /// Sets the memtable aside for its flush and begins a segment and a memtable; then answers freeze requests.
    mutating func freeze() throws(StorageError) {
        if lastSequence > lastFrozen {
            if !queue.isClosed { try waitForRoom() }
            try chain.start(firstSequence: nextSequence)
            memtables.freeze(through: lastSequence, now: environment.monotonicClock.nanoseconds())
            lastFrozen = lastSequence
            unfrozenBytes = 0
            unfrozenSince = nil
            flusher.wake()
        }
        for request in freezeRequests { request.complete(.success(lastFrozen)) }
        freezeRequests.removeAll()
    }

    /// Back-pressure: no more frozen memtables than configured. The queue fills meanwhile, and the doors stop reading.
    private func waitForRoom() throws(StorageError) {
        while memtables.frozenCount >= environment.settings.frozenMemtablesMax, let oldest = memtables.oldestFrozen {
            guard !isSingleThreaded else {
                if flusher.flushOldest() { continue }
                throw flusher.failure ?? StorageError(.io, "a flush failed")
            }
            try flusher.waitUntilFlushed(through: oldest.lastSequence)
        }
    }
}
