// SPDX-License-Identifier: Apache-2.0

/// Who waits for batches: one object a worker, told once a commit.
package protocol CommitCompletion: AnyObject, Sendable {
    /// Every batch of this object up to `ticket` is durable and visible, or (failure) will never be. Called on the
    /// writer thread; must be quick.
    func committed(through ticket: UInt64, result: Result<Void, StorageError>)
}

/// What the engine can do now.
package struct EngineState: Sendable, Equatable {
    /// Whether what is appended is being made durable; false while the log cannot be written, and after the end.
    package var acceptsWrites: Bool
    /// Why not.
    package var failure: StorageError?
    package var isClosed: Bool

    package init(acceptsWrites: Bool, failure: StorageError?, isClosed: Bool) {
        self.acceptsWrites = acceptsWrites
        self.failure = failure
        self.isClosed = isClosed
    }
}
