// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel

/// What the log and the checkpoint ask of the schema.
extension SchemaStore {
    var hasUnlogged: Bool { state.withLock { !$0.unlogged.isEmpty } }

    /// Everything created since the last call, parents first. Writer thread, after it has taken the batches of a commit,
    /// so that whatever they name is either here or was here before.
    func takeUnlogged() -> [SchemaDefinition] {
        state.withLock { state in
            let taken = state.unlogged
            state.unlogged.removeAll()
            return taken
        }
    }

    /// The definitions are in the log, in a record up to `sequence`.
    func logged(_ definitions: [SchemaDefinition], sequence: LogSequence) {
        state.withLock { state in
            for definition in definitions { state.unsaved.append((sequence, definition)) }
        }
    }

    /// Adds what the catalog does not have of everything logged up to `sequence`.
    func addChanges(through sequence: LogSequence, to transaction: inout CheckpointTransaction) {
        state.withLock { state in
            for (logged, definition) in state.unsaved {
                guard logged <= sequence else { break }
                switch definition {
                case .database(let record): transaction.databases.append(record)
                case .device(let record): transaction.devices.append(record)
                case .series(let record): transaction.series.append(record)
                }
            }
        }
    }

    /// The catalog has everything logged up to `sequence`.
    func checkpointed(through sequence: LogSequence) {
        state.withLock { state in
            let kept = state.unsaved.firstIndex { $0.sequence > sequence } ?? state.unsaved.endIndex
            state.unsaved.removeFirst(kept)
        }
    }
}
