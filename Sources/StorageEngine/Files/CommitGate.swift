// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What flusher and compactor pass one at a time: whoever is in it sees catalog, file set and disk agree. A backup passes it to
/// pin one moment of all three.
final class CommitGate: Sendable {
    private let gate = Mutex(())

    /// Runs a commit while nobody else does; blocks. What runs inside must not do it again.
    func run<Outcome: Sendable, Failure: Error>(
        _ body: () throws(Failure) -> Outcome
    ) throws(Failure) -> Outcome {
        try gate.withLock { _ throws(Failure) in try body() }
    }
}

extension StorageEngine {
    /// Held by whoever commits to the catalog.
    var commitGate: CommitGate { files.gate }
}
