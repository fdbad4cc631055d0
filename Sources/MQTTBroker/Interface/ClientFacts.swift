// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol
package import NIOCore

/// What is known of an accepted client.
package struct ClientFacts: Sendable {
    /// The client identifier, also where the server assigned it.
    package var clientID: String
    /// As sent; nil = no user name.
    package var userName: String?
    /// The version that the client speaks.
    package var version: ProtocolVersion
    /// Where it comes from; nil where the transport does not tell.
    package var remoteAddress: SocketAddress?
    /// Seconds, as sent; 0 = off.
    package var keepAliveSeconds: UInt16

    /// Facts of these parts.
    package init(
        clientID: String, userName: String?, version: ProtocolVersion, remoteAddress: SocketAddress?,
        keepAliveSeconds: UInt16
    ) {
        self.clientID = clientID
        self.userName = userName
        self.version = version
        self.remoteAddress = remoteAddress
        self.keepAliveSeconds = keepAliveSeconds
    }
}
