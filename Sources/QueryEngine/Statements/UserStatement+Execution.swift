// SPDX-License-Identifier: Apache-2.0

import AccessControl
import TimeSeriesModel

/// Users and rights.
extension StatementContext {
    func execute(_ statement: UserStatement) throws(StatementError) -> StatementResult {
        switch statement {
        case .create(let user, let password):
            try require(.manageUser)
            try change { (access) throws(AccessError) in try access.createUser(named: user, password: password) }
        case .drop(let user):
            try require(.manageUser)
            try change { (access) throws(AccessError) in try access.dropUser(named: user) }
        case .setPassword(let user, let password):
            // Whoever may manage users must not become root by it.
            if user == Principal.root.name, !isAdministrator {
                throw .denied(Privilege.manageUser.sqlName, on: "root.**")
            }
            if user != principal.name { try require(.manageUser) }
            try change { (access) throws(AccessError) in try access.setPassword(of: user, to: password) }
        case .grant(let words, let patterns, let user, let withGrantOption):
            let privileges = try privileges(words, mayPassOnOver: patterns)
            for pattern in patterns {
                try change { (access) throws(AccessError) in
                    try access.grant(
                        Self.applicable(privileges, to: pattern, of: words),
                        onPattern: PathPattern(nodes: pattern.nodes), to: user, withGrantOption: withGrantOption)
                }
            }
        case .revoke(let words, let patterns, let user):
            let privileges = try privileges(words, mayPassOnOver: patterns)
            for pattern in patterns {
                try change { (access) throws(AccessError) in
                    try access.revoke(
                        Self.applicable(privileges, to: pattern, of: words),
                        onPattern: PathPattern(nodes: pattern.nodes), from: user)
                }
            }
        case .list: return listUsers()
        case .listPrivileges(let user): return try listPrivileges(of: user)
        }
        return .done
    }

    private func change(_ body: (AccessController) throws(AccessError) -> Void) throws(StatementError) {
        do throws(AccessError) {
            try body(service.access)
        } catch {
            throw StatementError(code: error.code, message: error.message)
        }
    }

    /// The privileges that the words stand for; 803 if the user may not pass one of them on.
    private func privileges(
        _ words: [String], mayPassOnOver patterns: [PathText]
    ) throws(StatementError) -> [Privilege] {
        var privileges: [Privilege] = []
        for word in words {
            guard let named = Privilege.named(word) else { throw .semantic("`\(word)` is no privilege") }
            privileges += named
        }
        for pattern in patterns {
            let wanted = Self.applicable(privileges, to: pattern, of: words)
            for privilege in wanted
            where !service.access.mayPassOn(principal, privilege, onPattern: PathPattern(nodes: pattern.nodes)) {
                throw .denied(privilege.sqlName, on: pattern.text)
            }
        }
        return privileges
    }

    /// ALL on less than `root.**` is what can be had there: the rights over series.
    private static func applicable(_ privileges: [Privilege], to pattern: PathText, of words: [String]) -> [Privilege] {
        words == ["ALL"] && pattern.nodes != ["root", "**"] ? privileges.filter { !$0.isGlobal } : privileges
    }

    /// Who may not manage users sees themselves.
    private func listUsers() -> StatementResult {
        let names = service.access.allows(principal, .manageUser) ? service.access.users() : [principal.name]
        return listing([.text("User")], of: names) { [.text($0)] }
    }

    private func listPrivileges(of user: String) throws(StatementError) -> StatementResult {
        if user != principal.name { try require(.manageUser) }
        let grants: [Grant]
        do throws(AccessError) {
            grants = try service.access.grants(of: user)
        } catch {
            throw StatementError(code: error.code, message: error.message)
        }
        return listing(
            [.text("Role"), .text("Path"), .text("Privileges"), ResultColumn(name: "GrantOption", type: .boolean)],
            of: grants
        ) { grant in
            [.text(""), .text(grant.pattern.text), .text(grant.privilege.sqlName), .boolean(grant.withGrantOption)]
        }
    }
}
