// SPDX-License-Identifier: Apache-2.0

internal import GRDB
import Synchronization

/// The catalog file, `catalog.sqlite` (`docs/format/catalog.md`).
///
/// One connection, and everything is done one after the other: commits are seconds apart and reads are rare. The file is
/// held exclusively while it is open, so SQLite keeps its index of the log on the heap instead of mapping a shared file
/// (which a full disk turns into SIGBUS), and nobody's stray transaction can make a checkpoint fail.
/// Every method blocks; never call one on an event loop.
package final class SQLiteCatalog: StorageCatalog, AccessCatalog {
    /// The file, for error messages.
    let path: String
    /// nil = closed; GRDB crashes when a closed queue is used. The lock costs nothing, the queue is serial anyway.
    private let queue: Mutex<DatabaseQueue?>

    /// Opens the file, creates it (mode 0600) or brings it to this version's format. The folder must exist.
    ///
    /// Throws when the file is damaged, no catalog, too new, held by another process, or cannot be read or written.
    package init(path: String) throws(CatalogError) {
        self.path = path
        do {
            try Self.createFile(at: path)
            let queue = try DatabaseQueue(path: path, configuration: Self.configuration(isFile: true))
            try Self.prepareSchema(in: queue)
            self.queue = Mutex(queue)
        } catch {
            throw CatalogError(error, path: path)
        }
    }

    /// A catalog without a file, for tests and tools; it is gone when the object is.
    private init() throws(CatalogError) {
        path = ":memory:"
        do {
            let queue = try DatabaseQueue(configuration: Self.configuration(isFile: false))
            try Self.prepareSchema(in: queue)
            self.queue = Mutex(queue)
        } catch {
            throw CatalogError(error, path: path)
        }
    }

    /// A catalog over a connection that has the tables.
    init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = Mutex(queue)
    }

    /// A catalog without a file, for tests and tools; it is gone when the object is.
    package static func inMemory() throws(CatalogError) -> SQLiteCatalog { try SQLiteCatalog() }

    /// Moves SQLite's log into the file and lets go of it; later calls throw. Closing twice is fine.
    package func close() throws(CatalogError) {
        do {
            try queue.withLock { queue in
                try queue?.close()
                queue = nil
            }
        } catch {
            throw CatalogError(error, path: path)
        }
    }

    /// Calls `body` with the connection and turns what it throws into an error that names the file.
    func withQueue<T>(_ body: (DatabaseQueue) throws -> T) throws(CatalogError) -> T {
        do {
            return try queue.withLock { queue in
                guard let queue else { throw CatalogFault.closed }
                return try body(queue)
            }
        } catch {
            throw CatalogError(error, path: path)
        }
    }

    /// Runs `body` in a read transaction.
    func read<T>(_ body: (Database) throws -> T) throws(CatalogError) -> T {
        try withQueue { try $0.read(body) }
    }

    /// Runs `body` in a transaction that is durable when the call returns, and undone when it throws.
    func write(_ body: (Database) throws -> Void) throws(CatalogError) {
        try withQueue { queue in
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try body(database)
                    return .commit
                }
            }
        }
    }
}
