// SPDX-License-Identifier: Apache-2.0

internal import GRDB

extension SQLiteCatalog {
    package func loadAccess() throws(CatalogError) -> AccessState {
        try read { database in
            var state = AccessState()
            try Self.rows(of: "user", ["id", "name", "password_hash", "is_default_password"], in: database) { row in
                state.users.append(
                    UserRecord(
                        id: try row.number(0), name: try row.text(1), passwordHash: try row.text(2),
                        isDefaultPassword: try row.flag(3)))
            }
            let columns = ["user_id", "privilege", "pattern", "with_grant_option"]
            try Self.rows(of: "user_grant", columns, "ORDER BY 1, 2, 3", in: database) { row in
                state.grants.append(
                    GrantRecord(
                        userID: try row.number(0), privilege: try row.text(1), pattern: try row.text(2),
                        withGrantOption: try row.flag(3)))
            }
            // AUTOINCREMENT remembers the largest id there ever was, also when its user is gone.
            let last = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'user'") ?? 0
            state.nextUserID = max(last, 0) + 1
            return state
        }
    }

    package func putUser(_ user: UserRecord) throws(CatalogError) {
        try write { database in
            // Not INSERT OR REPLACE, which would delete the row and with it, by cascade, the grants.
            try database.execute(
                sql: """
                    INSERT INTO user VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                    password_hash = excluded.password_hash, is_default_password = excluded.is_default_password
                    """, arguments: [user.id, user.name, user.passwordHash, user.isDefaultPassword])
        }
    }

    package func deleteUser(id: Int64) throws(CatalogError) {
        try write { database in try database.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [id]) }
    }

    package func putGrants(_ grants: [GrantRecord]) throws(CatalogError) {
        try write { database in
            for grant in grants {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO user_grant VALUES (?, ?, ?, ?)",
                    arguments: [grant.userID, grant.privilege, grant.pattern, grant.withGrantOption])
            }
        }
    }

    package func deleteGrants(_ grants: [GrantRecord]) throws(CatalogError) {
        try write { database in
            for grant in grants {
                try database.execute(
                    sql: "DELETE FROM user_grant WHERE user_id = ? AND privilege = ? AND pattern = ?",
                    arguments: [grant.userID, grant.privilege, grant.pattern])
            }
        }
    }
}
