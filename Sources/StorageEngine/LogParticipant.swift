// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import TimeSeriesModel

/// An owner of durable state that is not points (dead letters, sessions, ...): its changes travel in the log records of
/// the batches that they belong to, and in the catalog from the next checkpoint on (design section 4.1).
package protocol LogParticipant: AnyObject, Sendable {
    /// Its number in log and catalog; never changes.
    var participant: UInt8 { get }

    /// Takes in a change that was logged before the last stop; before the engine is open, in log order.
    func replay(_ payload: Span<UInt8>, sequence: LogSequence)

    /// Takes in a change that is durable now; writer thread, in log order, before the batch is completed.
    func applied(_ payload: Span<UInt8>, sequence: LogSequence)

    /// The state that changed with records up to `sequence` and that the catalog does not have; flush thread.
    func checkpointChanges(through sequence: LogSequence) -> [ParticipantChange]

    /// The catalog has what the last call of ``checkpointChanges(through:)`` gave.
    func checkpointed(through sequence: LogSequence)
}

/// What goes into a checkpoint besides files, and what is released by it.
package protocol CheckpointSource: Sendable {
    /// Adds schema and participants' state up to `sequence`; flush thread, before the catalog's commit.
    func addChanges(through sequence: LogSequence, to transaction: inout CheckpointTransaction)

    /// The catalog has everything up to `sequence`: the log before it may go.
    func checkpointed(through sequence: LogSequence)
}
