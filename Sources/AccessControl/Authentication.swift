// SPDX-License-Identifier: Apache-2.0

/// Where a connection comes from, as far as the default password cares.
package enum ConnectionOrigin: Sendable, Hashable {
    /// 127.0.0.0/8 or ::1, and no PROXY or Forwarded header.
    case loopback
    case remote
}

/// Why credentials were refused.
package enum AuthenticationFailure: Error, Sendable, Hashable {
    /// No or a blank user name, or no password.
    case missingCredentials
    /// Wrong password or no such user: the two look alike.
    case wrongCredentials
    /// Too many failures; checks wait.
    case locked
    /// Right, but everybody knows this password, and the client is not on this machine (design promise P7).
    case defaultPasswordFromRemote
    /// More checks are waiting than ``AccessSettings`` allows; the client may come back.
    case busy

    /// One line for the client.
    package var message: String {
        switch self {
        case .missingCredentials: "user name and password are required"
        case .wrongCredentials: "wrong user name or password"
        case .locked: "too many failed logins, try again later"
        case .defaultPasswordFromRemote:
            "the default password of root is accepted from this machine only; change it with `apus user passwd root`"
        case .busy: "too many logins are waiting, try again later"
        }
    }
}
