// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel

/// Users. The methods that are not async hash passwords and sync the disk: never on an event loop.
extension AccessController {
    /// Names of all users, sorted.
    package func users() -> [String] { current.users.values.map(\.record.name).sorted() }

    /// The user of this name; nil if there is none. For identities that the server vouches for itself, not for logins.
    package func principal(named name: String) -> Principal? { current[name]?.principal }

    /// The user of this name, made if missing, without rights and without a password that anybody could log in with.
    /// Refuses `root` (803): the rights of everybody who does not say who they are must not be all rights.
    package func ensureUser(named name: String) throws(AccessError) -> Principal {
        guard name != Principal.root.name else {
            throw .rootIsFixed("Invalid operation, clients without credentials cannot act as root")
        }
        if let user = current[name] { return user.principal }
        do {
            return try addUser(named: name, passwordHash: "")
        } catch {
            // Somebody else was faster.
            if error.code == 805, let user = current[name] { return user.principal }
            throw error
        }
    }

    /// Adds a user without rights. Throws 805 if the name is taken, 820 for bad names and passwords.
    package func createUser(named name: String, password: String) throws(AccessError) {
        if let defect = NameRules.defect(ofPassword: password) { throw .illegalParameter(defect) }
        if let defect = NameRules.defect(ofName: name) { throw .illegalParameter(defect) }
        guard current[name] == nil else { throw .userExists(name) }
        _ = try addUser(named: name, passwordHash: hash(password).text)
    }

    private func addUser(named name: String, passwordHash: String) throws(AccessError) -> Principal {
        if let defect = NameRules.defect(ofName: name) { throw .illegalParameter(defect) }
        return try changing.withLock { (nextID) throws(AccessError) in
            guard current[name] == nil else { throw .userExists(name) }
            let user = User(
                record: UserRecord(id: nextID, name: name, passwordHash: passwordHash, isDefaultPassword: false))
            do throws(CatalogError) { try catalog.putUser(user.record) } catch { throw .catalog(error) }
            nextID += 1
            publish { $0.put(user) }
            return user.principal
        }
    }

    /// Removes a user with its grants. Connections keep their identity, which from now on may do nothing.
    /// Throws 804 if there is none, 803 for `root`.
    package func dropUser(named name: String) throws(AccessError) {
        guard name != Principal.root.name else { throw .rootIsFixed("Default administrator cannot be deleted") }
        try changing.withLock { (_) throws(AccessError) in
            guard let user = current[name] else { throw .noSuchUser(name) }
            do throws(CatalogError) { try catalog.deleteUser(id: user.record.id) } catch { throw .catalog(error) }
            publish { $0.remove(user) }
            checker.forget(user.record.id)
        }
    }

    /// Changes a password; from then on only the new one logs in. Throws 804 if there is no such user, 820 for a bad one.
    package func setPassword(of name: String, to password: String) throws(AccessError) {
        guard current[name] != nil else { throw .noSuchUser(name) }
        if let defect = NameRules.defect(ofPassword: password) { throw .illegalParameter(defect) }
        let text = hash(password).text
        try changing.withLock { (_) throws(AccessError) in
            guard var user = current[name] else { throw .noSuchUser(name) }
            user.record.passwordHash = text
            user.record.isDefaultPassword = user.isRoot && password == Self.defaultRootPassword
            user.hash = PasswordHash(text: text)
            let changed = user
            do throws(CatalogError) { try catalog.putUser(changed.record) } catch { throw .catalog(error) }
            publish { $0.put(changed) }
        }
    }

    private func hash(_ password: String) -> PasswordHash {
        PasswordHash(of: Array(password.utf8), cost: settings.scrypt)
    }
}
