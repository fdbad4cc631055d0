// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel

/// What the log and the checkpoint ask of the schema.
extension SchemaStore {
    var hasUnlogged: Bool { state.withLock { !$0.unlogged.isEmpty } }

    /// The catalog has everything logged up to here.
    var savedThrough: LogSequence { state.withLock { $0.savedThrough } }

    /// Everything that happened since the last call, in order. Writer thread, after it has taken the batches of a commit,
    /// so that whatever they name is either here or was here before.
    func takeUnlogged() -> [SchemaChange] {
        state.withLock { state in
            let taken = state.unlogged
            state.unlogged.removeAll()
            return taken
        }
    }

    /// The changes are in the log, in records up to `sequence`.
    func logged(_ changes: [SchemaChange], sequence: LogSequence) {
        state.withLock { state in
            for change in changes { state.unsaved.append((sequence, change)) }
        }
    }

    /// The changes are durable: points of what they dropped need not be kept any more.
    func synced(_ changes: [SchemaChange]) {
        state.withLock { state in
            for change in changes {
                switch change {
                case .definition: break
                case .removal(let removal): for id in removal.series { state.dying[id] = nil }
                case .timeToLive: state.pendingRules = max(0, state.pendingRules - 1)
                }
            }
        }
    }

    /// Whether a rule of time to live holds that a crash could take back: nothing may be removed for it yet.
    var hasPendingRules: Bool { state.withLock { $0.pendingRules > 0 } }

    /// Adds what the catalog does not have of everything logged up to `sequence`.
    func addChanges(through sequence: LogSequence, to transaction: inout CheckpointTransaction) {
        state.withLock { state in
            var net = SchemaNetChange()
            for (logged, change) in state.unsaved {
                guard logged <= sequence else { break }
                net.add(change)
            }
            net.put(into: &transaction)
            guard net.hasRemovals else { return }
            // The tables may not show them any more.
            transaction.facts[SchemaFacts.lastDatabase] = String(state.lastDatabaseID)
            transaction.facts[SchemaFacts.lastDevice] = String(state.lastDeviceID)
            transaction.facts[SchemaFacts.lastSeries] = String(state.lastSeriesID)
        }
    }

    /// The catalog has everything logged up to `sequence`.
    func checkpointed(through sequence: LogSequence) {
        state.withLock { state in
            state.savedThrough = max(state.savedThrough, sequence)
            let kept = state.unsaved.firstIndex { $0.sequence > sequence } ?? state.unsaved.endIndex
            state.unsaved.removeFirst(kept)
        }
    }
}

/// Names of the catalog's facts about the schema.
enum SchemaFacts {
    static let lastDatabase = "last_database_id"
    static let lastDevice = "last_device_id"
    static let lastSeries = "last_series_id"
}

/// What is left of changes in order when only the end counts.
struct SchemaNetChange {
    private var definitions: [SchemaDefinition] = []
    private var series: Set<UInt32> = []
    private var devices: Set<UInt32> = []
    private var databases: Set<UInt32> = []
    private var rules: [ByteKey: Int64?] = [:]

    var hasRemovals: Bool { !series.isEmpty || !devices.isEmpty || !databases.isEmpty }

    mutating func add(_ change: SchemaChange) {
        switch change {
        case .definition(let definition): definitions.append(definition)
        case .removal(let removal):
            series.formUnion(removal.series)
            devices.formUnion(removal.devices)
            databases.formUnion(removal.databases)
        case .timeToLive(let pattern, let milliseconds): rules[ByteKey(pattern)] = .some(milliseconds)
        }
    }

    /// Ids are never reused: what was removed came before.
    func put(into transaction: inout CheckpointTransaction) {
        for definition in definitions {
            switch definition {
            case .database(let record): if !databases.contains(record.id) { transaction.databases.append(record) }
            case .device(let record): if !devices.contains(record.id) { transaction.devices.append(record) }
            case .series(let record): if !series.contains(record.id) { transaction.series.append(record) }
            }
        }
        transaction.removedSeries += series.sorted()
        transaction.removedDevices += devices.sorted()
        transaction.removedDatabases += databases.sorted()
        for (pattern, rule) in rules.sorted(by: { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }) {
            if let rule {
                transaction.timeToLives.append(TimeToLiveRecord(pattern: pattern.text, milliseconds: rule))
            } else {
                transaction.removedTimeToLives.append(pattern.text)
            }
        }
    }
}
