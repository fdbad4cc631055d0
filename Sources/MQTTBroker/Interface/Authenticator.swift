// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol

/// Decides who a client is. The broker knows no users: the room that does conforms (design section 3).
package protocol Authenticator<Identity>: Sendable {
    /// Who a client turned out to be; fixed when CONNACK is sent and kept until the connection ends.
    associatedtype Identity: Sendable

    /// Checks the credentials of one CONNECT. `completion` is called exactly once, on any thread, possibly before the
    /// method returns. Must not block.
    func authenticate(
        _ request: AuthenticationRequest, completion: @escaping @Sendable (AuthenticationVerdict<Identity>) -> Void)
}

/// What a CONNECT says about its sender.
package struct AuthenticationRequest: Sendable {
    /// The client identifier, also where the server assigned it.
    package var clientID: String
    /// As sent; nil = no user name.
    package var userName: String?
    /// As sent; nil = no password.
    package var password: [UInt8]?
    /// Whether the peer is this machine (127.0.0.0/8, ::1, a local socket).
    package var isLoopback: Bool
    /// The version that the client speaks.
    package var version: ProtocolVersion

    /// A request of these facts.
    package init(clientID: String, userName: String?, password: [UInt8]?, isLoopback: Bool, version: ProtocolVersion) {
        self.clientID = clientID
        self.userName = userName
        self.password = password
        self.isLoopback = isLoopback
        self.version = version
    }
}

/// The answer to an ``AuthenticationRequest``.
package enum AuthenticationVerdict<Identity: Sendable>: Sendable {
    /// The client is this identity.
    case accepted(Identity)
    /// The client is refused; `message` is the reason string of CONNACK on MQTT 5 and goes to the log.
    case refused(AuthenticationRefusal, message: String)
}

/// Why a client is not let in, as far as the wire can tell it.
package enum AuthenticationRefusal: Sendable, Equatable, CaseIterable {
    /// Missing or wrong credentials: CONNACK 4, 0x86.
    case badCredentials
    /// Known, but not allowed here: CONNACK 5, 0x87.
    case notAuthorized
    /// Too many logins at once, try later: CONNACK 3, 0x88.
    case busy
}
