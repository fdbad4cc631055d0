// SPDX-License-Identifier: Apache-2.0

import Glibc
internal import GRDB

extension SQLiteCatalog {
    /// Makes an empty file that only its owner may read, because it will hold password hashes; SQLite itself would use
    /// the umask. The files beside it (`-wal`) get the same mode from SQLite.
    static func createFile(at path: String) throws {
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            _ = Glibc.close(descriptor)
        } else if errno != EEXIST {
            throw CatalogFault.cannotCreate(reason: unsafe String(cString: strerror(errno)))
        }
    }

    /// The settings of the one connection; `PRAGMA` statements in the order in which SQLite needs them.
    static func configuration(isFile: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.label = "catalog"
        // Whoever holds the file holds it until it stops, so waiting would be in vain.
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            // Before the first access: only then SQLite does without the shared-memory file.
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            if isFile {
                let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                guard mode == "wal" else { throw CatalogFault.noWriteAheadLog }
            }
            // FULL: a commit is on the disk when it returns. In WAL mode NORMAL would lose the last ones on power loss.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // The log shrinks again after a large checkpoint; the page cache stays small (KiB when negative).
            try database.execute(sql: "PRAGMA journal_size_limit = 4194304")
            try database.execute(sql: "PRAGMA cache_size = -\(cacheKibibytes)")
            try database.execute(sql: "PRAGMA mmap_size = 0")
            // Damaged pages are refused instead of being followed.
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    /// Size of the page cache.
    static let cacheKibibytes = 1_024
}
