// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel

/// What the log side gives to a checkpoint, and lets go after it: schema, participants, segments.
struct LogCheckpoint: CheckpointSource {
    let schema: SchemaStore
    let memtables: MemtableSet
    let participants: [any LogParticipant]
    let segments: SegmentRegistry

    func addChanges(through sequence: LogSequence, to transaction: inout CheckpointTransaction) {
        schema.addChanges(through: sequence, to: &transaction)
        let saved = schema.savedThrough
        transaction.addedDeletions += memtables.deletions.all().map(\.record).filter {
            saved < $0.sequence && $0.sequence <= sequence
        }
        for participant in participants {
            transaction.participantChanges += participant.checkpointChanges(through: sequence)
        }
    }

    func checkpointed(through sequence: LogSequence) {
        schema.checkpointed(through: sequence)
        for participant in participants { participant.checkpointed(through: sequence) }
        segments.remove(through: sequence)
    }
}
