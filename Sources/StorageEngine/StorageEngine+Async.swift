// SPDX-License-Identifier: Apache-2.0

/// The blocking calls for tasks: each waits on a thread of its own, never on one of Swift's pool.
extension StorageEngine {
    /// Returns when everything acknowledged before is in TsFiles.
    package func flush() async throws(StorageError) {
        try await Self.wait("flush-wait") { () throws(StorageError) in try self.flushBlocking() }
    }

    /// Returns when everything that was created or appended before is durable.
    package func sync() async throws(StorageError) {
        try await Self.wait("sync-wait") { () throws(StorageError) in try self.syncBlocking() }
    }

    private static func wait(
        _ name: String, _ body: @escaping @Sendable () throws(StorageError) -> Void
    ) async throws(StorageError) {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, StorageError>, Never>) in
            do throws(StorageError) {
                _ = try WorkerThread(name: name) { continuation.resume(returning: Result(catching: body)) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        try result.get()
    }

    private func flushBlocking() throws(StorageError) { try flush() }

    private func syncBlocking() throws(StorageError) { try sync() }
}
