// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension LogWriter {
    /// Whether the memtable is full or old, or the log behind it long. Never while a commit is under way: what is not synced
    /// must not get into files.
    var isFreezeDue: Bool {
        guard inFlight.isEmpty, let unfrozenSince else { return false }
        let settings = environment.settings
        return memtables.isFreezeDue(settings) || unfrozenBytes >= settings.unflushedLogBytesMax
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

    /// Back-pressure: whether a freeze has to wait because as many memtables as configured wait for their flush. Nothing is
    /// taken from the queue meanwhile; it fills, and the doors stop reading. The log is left alone: it is healthy, however
    /// long flushes fail. The flusher wakes the writer after every attempt.
    mutating func holdBack() -> Bool {
        while isFreezeWanted, memtables.frozenCount >= environment.settings.frozenMemtablesMax {
            if isSingleThreaded, flusher.flushOldest() { continue }
            if let failure = flusher.failure { noteHeldBack(failure) }
            return true
        }
        if isHeldBack {
            isHeldBack = false
            if !isFailing { health.recovered() }
        }
        return false
    }

    private var isFreezeWanted: Bool {
        guard inFlight.isEmpty, lastSequence > lastFrozen, !queue.isClosed else { return false }
        return isFreezeDue || !freezeRequests.isEmpty
    }

    /// Nobody waits for a flush that fails: neither who asks for one, nor who has something to store.
    private mutating func noteHeldBack(_ failure: StorageError) {
        isHeldBack = true
        if !isFailing { health.failed(failure) }
        for request in freezeRequests + queue.takeFreezeRequests() { request.complete(.failure(failure)) }
        freezeRequests.removeAll()
    }
}
