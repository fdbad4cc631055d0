// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// The versions of the file's tables (`docs/format/catalog.md`).
enum CatalogSchema {
    /// `PRAGMA application_id`: "Apus" in ASCII, so that a foreign SQLite file is not taken for a catalog.
    static let applicationID: Int32 = 0x4170_7573

    /// `PRAGMA user_version` of files that this code writes.
    static var version: Int { steps.count }

    /// Step n turns version n into n + 1. A step that was released is never changed.
    static let steps: [String] = [
        """
        CREATE TABLE database (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE device (
            id INTEGER PRIMARY KEY, database_id INTEGER NOT NULL, path TEXT NOT NULL, is_aligned INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE series (
            id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, measurement TEXT NOT NULL, type INTEGER NOT NULL,
            encoding INTEGER NOT NULL, compressor INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE file (
            version INTEGER PRIMARY KEY, database_id INTEGER NOT NULL, time_partition INTEGER NOT NULL,
            name TEXT NOT NULL UNIQUE, byte_count INTEGER NOT NULL, point_count INTEGER NOT NULL,
            min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, creation_time INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), flushed_through INTEGER NOT NULL) STRICT;
        INSERT INTO checkpoint VALUES (1, 0);
        CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE participant_state (
            participant INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (participant, key)
        ) STRICT;
        CREATE TABLE user (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,
            is_default_password INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE user_grant (
            user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE, privilege TEXT NOT NULL,
            pattern TEXT NOT NULL, with_grant_option INTEGER NOT NULL, PRIMARY KEY (user_id, privilege, pattern)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE file ADD COLUMN file_order INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN through_sequence INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE file ADD COLUMN partitions BLOB;
        ALTER TABLE file ADD COLUMN sha256 BLOB;
        UPDATE file SET file_order = version, through_sequence = (SELECT flushed_through FROM checkpoint WHERE id = 1);
        ALTER TABLE series ADD COLUMN declared INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE deletion (
            sequence INTEGER NOT NULL, pattern TEXT NOT NULL, min_time INTEGER NOT NULL, max_time INTEGER NOT NULL,
            PRIMARY KEY (sequence, pattern, min_time, max_time)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE time_to_live (pattern TEXT PRIMARY KEY, milliseconds INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """,
    ]
}

extension SQLiteCatalog {
    /// Creates or migrates the tables in one transaction, and refuses files that are foreign or too new.
    static func prepareSchema(in queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { database in
            let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            guard application == CatalogSchema.applicationID || (application == 0 && version == 0 && tables == 0) else {
                throw CatalogFault.foreignFile
            }
            guard version <= CatalogSchema.version else { throw CatalogFault.tooNew(version: version) }
            guard version < CatalogSchema.version else { return }
            try database.inTransaction(.immediate) {
                for step in CatalogSchema.steps[max(version, 0)...] { try database.execute(sql: step) }
                try database.execute(sql: "PRAGMA application_id = \(CatalogSchema.applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(CatalogSchema.version)")
                return .commit
            }
        }
    }
}
