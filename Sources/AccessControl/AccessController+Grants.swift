// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
package import TimeSeriesModel

/// Rights. The methods that change something sync the disk: never on an event loop.
extension AccessController {
    /// Whether `principal` may do this to the series, device or other path of these canonical nodes.
    package func allows(_ principal: Principal, _ privilege: Privilege, onPath nodes: [String]) -> Bool {
        principal == .root || current[principal.id]?.allows(privilege, onPath: nodes) ?? false
    }

    /// Whether `principal` holds a global privilege, or one for series on all of them.
    package func allows(_ principal: Principal, _ privilege: Privilege) -> Bool {
        principal == .root || current[principal.id]?.allowsEverywhere(privilege) ?? false
    }

    /// Whether `principal` holds the privilege on all of `pattern` with the right to pass it on.
    package func mayPassOn(_ principal: Principal, _ privilege: Privilege, onPattern pattern: PathPattern) -> Bool {
        principal == .root || current[principal.id]?.mayPassOn(privilege, onPattern: pattern) ?? false
    }

    /// The rights of a user, sorted by privilege and pattern; `root` has all. Throws 804 if there is no such user.
    package func grants(of name: String) throws(AccessError) -> [Grant] {
        guard let user = current[name] else { throw .noSuchUser(name) }
        guard !user.isRoot else {
            return Privilege.allCases.map { Grant(privilege: $0, pattern: .all, withGrantOption: true) }
        }
        return user.grants
    }

    /// Gives rights. What the user already has stays; the grant option is added when asked for, never taken.
    /// Throws 804 if there is no such user, 803 for `root`, 701 for a global privilege on less than `root.**`, 820 for
    /// other wildcards than a last `**`.
    package func grant(
        _ privileges: [Privilege], onPattern pattern: PathPattern, to name: String, withGrantOption: Bool = false
    ) throws(AccessError) {
        try Self.check(privileges, pattern)
        try change(name, rootMessage: "Invalid operation, administrator already has all privileges") {
            (user) throws(AccessError) in
            var added: [Grant] = []
            for privilege in privileges {
                let held = user.grants.first { $0.privilege == privilege && $0.pattern == pattern }
                let option = withGrantOption || held?.withGrantOption ?? false
                added.append(Grant(privilege: privilege, pattern: pattern, withGrantOption: option))
            }
            do throws(CatalogError) { try catalog.putGrants(added.map { $0.record(of: user.record.id) }) } catch {
                throw .catalog(error)
            }
            user.grants.removeAll { old in added.contains { $0.isSameRight(as: old) } }
            user.grants.append(contentsOf: added)
            user.grants.sort(by: Grant.precedes)
        }
    }

    /// Takes rights that were given on exactly this pattern. Throws 811 if the user holds none of them, and as
    /// ``grant(_:onPattern:to:withGrantOption:)`` does.
    package func revoke(
        _ privileges: [Privilege], onPattern pattern: PathPattern, from name: String
    ) throws(AccessError) {
        try Self.check(privileges, pattern)
        try change(name, rootMessage: "Invalid operation, administrator must have all privileges") {
            (user) throws(AccessError) in
            let taken = user.grants.filter { privileges.contains($0.privilege) && $0.pattern == pattern }
            guard !taken.isEmpty else { throw .hasNot(privileges[0], on: pattern.text, user: name) }
            do throws(CatalogError) { try catalog.deleteGrants(taken.map { $0.record(of: user.record.id) }) } catch {
                throw .catalog(error)
            }
            user.grants.removeAll { taken.contains($0) }
        }
    }

    private func change(
        _ name: String, rootMessage: String, _ body: (inout User) throws(AccessError) -> Void
    ) throws(AccessError) {
        try changing.withLock { (_) throws(AccessError) in
            guard var user = current[name] else { throw .noSuchUser(name) }
            guard !user.isRoot else { throw .rootIsFixed(rootMessage) }
            try body(&user)
            let changed = user
            publish { $0.put(changed) }
        }
    }

    private static func check(_ privileges: [Privilege], _ pattern: PathPattern) throws(AccessError) {
        guard !privileges.isEmpty else { throw .illegalParameter("no privilege is named") }
        if pattern != .all, let global = privileges.first(where: \.isGlobal) { throw .isGlobal(global) }
        let start = pattern.nodes.last == "**" ? Array(pattern.nodes.dropLast()) : pattern.nodes
        guard start == ["root"] || PathPattern(nodes: start).isExact else {
            throw .illegalParameter(
                "Illegal pattern path: \(pattern.text), only a full path or one that ends in .** can be granted")
        }
    }
}

extension Grant {
    func record(of userID: Int64) -> GrantRecord {
        GrantRecord(
            userID: userID, privilege: privilege.rawValue, pattern: pattern.text, withGrantOption: withGrantOption)
    }

    func isSameRight(as other: Grant) -> Bool { privilege == other.privilege && pattern == other.pattern }

    /// The order of listings, and that of the catalog.
    static func precedes(_ left: Grant, _ right: Grant) -> Bool {
        (left.privilege.rawValue, left.pattern.text) < (right.privilege.rawValue, right.pattern.text)
    }
}
