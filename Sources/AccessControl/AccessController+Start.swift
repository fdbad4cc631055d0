// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import TimeSeriesModel

extension AccessController {
    /// The manual's password of `root`, which everybody knows.
    static let defaultRootPassword = "root"

    static func makeRoot(
        in catalog: any AccessCatalog, settings: AccessSettings, logger: Logger
    ) throws(AccessError) -> User {
        let password = settings.initialRootPassword ?? defaultRootPassword
        if let defect = NameRules.defect(ofPassword: password) {
            throw .illegalParameter("initial_root_password: \(defect)")
        }
        let record = UserRecord(
            id: Principal.root.id, name: Principal.root.name,
            passwordHash: PasswordHash(of: Array(password.utf8), cost: settings.scrypt).text,
            isDefaultPassword: password == defaultRootPassword)
        do throws(CatalogError) { try catalog.putUser(record) } catch { throw .catalog(error) }
        if record.isDefaultPassword {
            logger.notice(
                "created user root with the default password: it works from this machine only until it is changed with `apus user passwd root`"
            )
        } else {
            logger.notice("created user root with initial_root_password")
        }
        return User(record: record)
    }
}

extension AccessSnapshot {
    /// What the catalog holds. An unreadable hash locks its user out and an unreadable grant is no grant; the log names
    /// them, everything else works.
    init(_ state: AccessState, logger: Logger) {
        for record in state.users {
            let user = User(record: record)
            if user.hash == nil, !record.passwordHash.isEmpty {
                logger.error("the password hash of user \(record.name) is unreadable; set its password anew")
            }
            put(user)
        }
        for record in state.grants {
            guard var user = self[record.userID], let privilege = Privilege(rawValue: record.privilege),
                let pattern = try? PathPattern(parsing: record.pattern)
            else {
                logger.error("grant \(record.privilege) on \(record.pattern) of user \(record.userID) is unreadable")
                continue
            }
            user.grants.append(
                Grant(privilege: privilege, pattern: pattern, withGrantOption: record.withGrantOption))
            put(user)
        }
    }
}
