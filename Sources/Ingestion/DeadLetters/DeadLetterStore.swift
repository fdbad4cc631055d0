// SPDX-License-Identifier: Apache-2.0

package import Catalog
import StorageEngine
import Synchronization
package import TimeSeriesModel

/// The bounded store of refused payloads. Its records travel in the same log record as the rows that were accepted, so
/// an acknowledged refusal survives a crash; the catalog keeps them from the next checkpoint on.
package final class DeadLetterStore: LogParticipant {
    /// Its number in log and catalog.
    package static let participantID: UInt8 = 1

    /// What the store did with records, for the metrics.
    package struct Counts: Sendable, Equatable {
        /// Records now kept, and their bytes.
        package var kept = 0
        package var keptBytes = 0
        /// Records not kept because of the rate limit.
        package var skipped: UInt64 = 0
        /// Records pushed out by newer ones.
        package var evicted: UInt64 = 0
    }

    private struct Entry {
        var key: DeadLetterKey
        /// The record while the catalog does not have it yet.
        var unsaved: [UInt8]?
        var byteCount: Int
    }

    private struct State {
        /// Oldest first.
        var entries: [Entry] = []
        /// Entries before this index were pushed out; cut off now and then.
        var firstLive = 0
        /// Keys that were pushed out and that the next checkpoint deletes from the catalog.
        var evictedKeys: [DeadLetterKey] = []
        /// How many of them the checkpoint under way deletes.
        var deleting = 0
        var lastKey = DeadLetterKey(sequence: 0, ordinal: 0)
        var counts = Counts()
        var limiter: DeadLetterRateLimiter
    }

    package let participant = DeadLetterStore.participantID
    private let settings: DeadLetterSettings
    private let catalog: any StorageCatalog
    private let state: Mutex<State>

    /// Loads what the catalog keeps; blocking.
    package init(settings: DeadLetterSettings, catalog: any StorageCatalog) throws(CatalogError) {
        self.settings = settings
        self.catalog = catalog
        var loaded = State(limiter: DeadLetterRateLimiter(perSecond: settings.recordsPerSecondMax))
        var after: [UInt8]?
        while true {
            let page = try catalog.entries(of: Self.participantID, after: after, limit: 1_000)
            for entry in page {
                guard let key = DeadLetterKey(entry.key) else { continue }
                loaded.entries.append(Entry(key: key, unsaved: nil, byteCount: entry.value.count))
                loaded.counts.kept += 1
                loaded.counts.keptBytes += entry.value.count
                loaded.lastKey = key
            }
            guard let last = page.last else { break }
            after = last.key
        }
        Self.evictOldest(&loaded, bytesMax: settings.bytesMax)
        state = Mutex(loaded)
    }

    package var counts: Counts { state.withLock { $0.counts } }

    /// Whether a record of this client with this code is to be kept now; counts it as skipped if not.
    package func admits(clientID: String, code: ProblemCode, milliseconds: Int64) -> Bool {
        guard settings.bytesMax > 0 else { return false }
        return state.withLock { state in
            let admitted = state.limiter.admits(clientID: clientID, code: code.rawValue, milliseconds: milliseconds)
            if !admitted { state.counts.skipped += 1 }
            return admitted
        }
    }

    // MARK: LogParticipant

    package func replay(_ payload: Span<UInt8>, sequence: LogSequence) { append(payload, sequence) }

    package func applied(_ payload: Span<UInt8>, sequence: LogSequence) { append(payload, sequence) }

    package func checkpointChanges(through sequence: LogSequence) -> [ParticipantChange] {
        state.withLock { state in
            var changes: [ParticipantChange] = []
            for key in state.evictedKeys { changes.append(change(key, nil)) }
            state.deleting = state.evictedKeys.count
            for entry in state.entries[state.firstLive...] where entry.key.sequence <= sequence {
                if let record = entry.unsaved { changes.append(change(entry.key, record)) }
            }
            return changes
        }
    }

    package func checkpointed(through sequence: LogSequence) {
        state.withLock { state in
            state.evictedKeys.removeFirst(state.deleting)
            state.deleting = 0
            for index in state.entries.indices where state.entries[index].key.sequence <= sequence {
                state.entries[index].unsaved = nil
            }
        }
    }

    private func change(_ key: DeadLetterKey, _ value: [UInt8]?) -> ParticipantChange {
        ParticipantChange(participant: participant, key: key.bytes, value: value)
    }

    private func append(_ payload: Span<UInt8>, _ sequence: LogSequence) {
        var record: [UInt8] = []
        record.reserveCapacity(payload.count)
        for index in payload.indices { record.append(payload[index]) }
        state.withLock { state in
            let ordinal = state.lastKey.sequence == sequence ? state.lastKey.ordinal &+ 1 : 0
            let key = DeadLetterKey(sequence: sequence, ordinal: ordinal)
            state.lastKey = key
            state.entries.append(Entry(key: key, unsaved: record, byteCount: record.count))
            state.counts.kept += 1
            state.counts.keptBytes += record.count
            Self.evictOldest(&state, bytesMax: settings.bytesMax)
        }
    }

    private static func evictOldest(_ state: inout State, bytesMax: Int) {
        while state.counts.keptBytes > bytesMax, state.firstLive < state.entries.count {
            let entry = state.entries[state.firstLive]
            // Also where it is not saved yet: a checkpoint under way may be saving it; deleting nothing is harmless.
            state.evictedKeys.append(entry.key)
            state.entries[state.firstLive].unsaved = nil
            state.counts.kept -= 1
            state.counts.keptBytes -= entry.byteCount
            state.counts.evicted += 1
            state.firstLive += 1
        }
        if state.firstLive > 1_024, state.firstLive > state.entries.count / 2 {
            state.entries.removeFirst(state.firstLive)
            state.firstLive = 0
        }
    }
}

extension DeadLetterStore {
    /// Up to `limit` records after `key` (nil = from the oldest), oldest first, with their keys; blocking.
    package func letters(
        after key: DeadLetterKey?, limit: Int
    ) throws(CatalogError) -> [(key: DeadLetterKey, letter: DeadLetter)] {
        let (oldest, unsaved) = state.withLock { state in
            let live = state.entries[state.firstLive...]
            return (live.first?.key, live.compactMap { entry in entry.unsaved.map { (entry.key, $0) } })
        }
        guard let oldest else { return [] }
        // The catalog may still have older ones that were pushed out.
        var found = try saved(after: max(key ?? oldest.predecessor, oldest.predecessor), limit: limit)
        for (entryKey, record) in unsaved where found.count < limit {
            guard key.map({ entryKey > $0 }) ?? true, found.last.map({ entryKey > $0.key }) ?? true,
                let letter = DeadLetter(decoding: record.span)
            else { continue }
            found.append((entryKey, letter))
        }
        return found
    }

    /// Up to `limit` readable records of the catalog.
    private func saved(
        after start: DeadLetterKey, limit: Int
    ) throws(CatalogError) -> [(key: DeadLetterKey, letter: DeadLetter)] {
        var found: [(key: DeadLetterKey, letter: DeadLetter)] = []
        var after = start.bytes
        while found.count < limit {
            let page = try catalog.entries(of: participant, after: after, limit: limit - found.count)
            for entry in page {
                guard let key = DeadLetterKey(entry.key), let letter = DeadLetter(decoding: entry.value.span)
                else { continue }
                found.append((key, letter))
            }
            guard let last = page.last else { break }
            after = last.key
        }
        return found
    }
}

/// The place of a dead letter: the log record that carried it, and its position there.
package struct DeadLetterKey: Hashable, Comparable, Sendable {
    package var sequence: LogSequence
    package var ordinal: UInt16

    /// Ten bytes, big-endian, so that byte order is age order.
    package var bytes: [UInt8] {
        var result: [UInt8] = []
        for shift in stride(from: 56, through: 0, by: -8) {
            result.append(UInt8(truncatingIfNeeded: sequence >> shift))
        }
        result.append(UInt8(ordinal >> 8))
        result.append(UInt8(truncatingIfNeeded: ordinal))
        return result
    }

    /// The greatest key before this one.
    var predecessor: DeadLetterKey {
        if ordinal > 0 { return DeadLetterKey(sequence: sequence, ordinal: ordinal - 1) }
        return sequence > 0 ? DeadLetterKey(sequence: sequence - 1, ordinal: .max) : self
    }

    package init(sequence: LogSequence, ordinal: UInt16) {
        self.sequence = sequence
        self.ordinal = ordinal
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count == 10 else { return nil }
        sequence = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        ordinal = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.sequence, lhs.ordinal) < (rhs.sequence, rhs.ordinal)
    }
}
