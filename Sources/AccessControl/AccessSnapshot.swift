// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel

/// A user with everything that decisions about it need.
struct User: Sendable {
    var record: UserRecord
    /// nil = nobody can log in with a password.
    var hash: PasswordHash?
    /// Sorted by privilege and pattern text.
    var grants: [Grant]

    var principal: Principal { Principal(id: record.id, name: record.name) }
    var isRoot: Bool { record.id == Principal.root.id }

    init(record: UserRecord, grants: [Grant] = []) {
        self.record = record
        hash = PasswordHash(text: record.passwordHash)
        self.grants = grants
    }

    func allows(_ privilege: Privilege, onPath nodes: [String]) -> Bool {
        isRoot || grants.contains { $0.privilege == privilege && $0.pattern.matches(nodes) }
    }

    /// Whether the user holds the privilege on everything.
    func allowsEverywhere(_ privilege: Privilege) -> Bool {
        isRoot || grants.contains { $0.privilege == privilege && $0.pattern == .all }
    }

    func mayPassOn(_ privilege: Privilege, onPattern pattern: PathPattern) -> Bool {
        isRoot || grants.contains { $0.privilege == privilege && $0.withGrantOption && $0.pattern.covers(pattern) }
    }
}

/// All users at one moment; replaced as a whole by every change.
struct AccessSnapshot: Sendable {
    private(set) var users: [Int64: User] = [:]
    private var ids: [String: Int64] = [:]

    subscript(id: Int64) -> User? { users[id] }

    subscript(name: String) -> User? { ids[name].flatMap { users[$0] } }

    mutating func put(_ user: User) {
        users[user.record.id] = user
        ids[user.record.name] = user.record.id
    }

    mutating func remove(_ user: User) {
        users[user.record.id] = nil
        ids[user.record.name] = nil
    }
}

extension PathPattern {
    /// Whether everything that `other` matches is matched here as well; both are of the form that grants have: exact, or
    /// exact up to a last `**`.
    fileprivate func covers(_ other: PathPattern) -> Bool {
        if nodes == other.nodes { return true }
        guard nodes.last == "**", other.nodes.count >= nodes.count else { return false }
        return other.nodes.starts(with: nodes.dropLast())
    }
}
