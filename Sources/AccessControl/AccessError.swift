// SPDX-License-Identifier: Apache-2.0

import Catalog

/// Why a change of users or grants was refused.
package struct AccessError: Error, Sendable, Equatable, CustomStringConvertible {
    /// IoTDB's status number (`iotdb-rpc.md` section 6).
    package let code: Int
    /// One line for the user.
    package let message: String

    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code): \(message)" }
}

extension AccessError {
    static func noSuchUser(_ name: String) -> Self { Self(code: 804, message: "User \(name) does not exist") }

    static func userExists(_ name: String) -> Self { Self(code: 805, message: "User \(name) already exists") }

    /// `root` is what the administrator can always come back to.
    static func rootIsFixed(_ message: String) -> Self { Self(code: 803, message: message) }

    static func isGlobal(_ privilege: Privilege) -> Self {
        Self(code: 701, message: "[\(privilege.sqlName)] can only be set on path: root.**")
    }

    static func illegalParameter(_ message: String) -> Self { Self(code: 820, message: message) }

    static func hasNot(_ privilege: Privilege, on pattern: String, user: String) -> Self {
        Self(code: 811, message: "User \(user) does not have \(privilege.sqlName) on \(pattern)")
    }

    /// The catalog did not take the change, so it did not happen.
    static func catalog(_ error: CatalogError) -> Self { Self(code: 815, message: error.message) }
}
