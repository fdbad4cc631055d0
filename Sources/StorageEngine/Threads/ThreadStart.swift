// SPDX-License-Identifier: Apache-2.0

/// How the engine's threads begin; tests let one fail, as a system does that has no more.
struct ThreadStart: Sendable {
    typealias Body = @Sendable () -> Void

    let start: @Sendable (_ name: String, _ body: @escaping Body) throws(StorageError) -> WorkerThread

    static let system = ThreadStart { name, body throws(StorageError) in try WorkerThread(name: name, body) }
}
