// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol
import NIOCore

/// Where and as whom a client connects.
package struct ClientOptions: Sendable {
    /// A name or an address.
    package var host: String
    /// The TCP port.
    package var port: Int
    /// Default: 3.1.1.
    package var version = ProtocolVersion.v3_1_1
    /// Empty = the server makes one up; not on 3.1.
    package var clientID = ""
    /// Nil = none.
    package var userName: String?
    /// Nil = none.
    package var password: String?
    /// Clean Session, Clean Start.
    package var isCleanStart = true
    /// Seconds; 0 = off. The connection sends PINGREQ by itself.
    package var keepAliveSeconds: UInt16 = 0
    /// Nil = none.
    package var will: ConnectPacket.Will?
    /// MQTT 5 properties of CONNECT.
    package var properties = Properties()
    /// Unacknowledged messages at most; less if the server's Receive Maximum is less. More wait their turn.
    package var inFlightMax = 20
    /// From the beginning to CONNACK.
    package var connectTimeoutSeconds = 30

    /// Options with the defaults.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    var connectPacket: ConnectPacket {
        ConnectPacket(
            version: version, clientID: clientID, isCleanStart: isCleanStart, keepAliveSeconds: keepAliveSeconds,
            userName: userName, password: password.map { ByteBuffer(string: $0) }, will: will, properties: properties)
    }
}
