// SPDX-License-Identifier: Apache-2.0

/// A user as the catalog keeps it.
package struct UserRecord: Sendable, Equatable {
    /// Rises, is never reused; 0 = `root`.
    package var id: Int64
    package var name: String
    /// Text form of a password hash; empty = nobody can log in with a password.
    package var passwordHash: String
    /// Whether the password is the one that everybody knows from the manual (design promise P7).
    package var isDefaultPassword: Bool

    package init(id: Int64, name: String, passwordHash: String, isDefaultPassword: Bool) {
        self.id = id
        self.name = name
        self.passwordHash = passwordHash
        self.isDefaultPassword = isDefaultPassword
    }
}

/// One privilege of one user on one pattern; the three together are the key.
package struct GrantRecord: Sendable, Equatable {
    package var userID: Int64
    /// SQL name, for example `WRITE_DATA`.
    package var privilege: String
    /// Canonical path pattern, for example `root.ln.**`.
    package var pattern: String
    /// Whether the user may pass the privilege on.
    package var withGrantOption: Bool

    package init(userID: Int64, privilege: String, pattern: String, withGrantOption: Bool) {
        self.userID = userID
        self.privilege = privilege
        self.pattern = pattern
        self.withGrantOption = withGrantOption
    }
}

/// Everything about users, in id order.
package struct AccessState: Sendable, Equatable {
    package var users: [UserRecord] = []
    package var grants: [GrantRecord] = []
    /// Smallest id that no user, dropped ones included, ever had; at least 1, because 0 is `root`'s.
    package var nextUserID: Int64 = 1

    package init() {}
}
