// SPDX-License-Identifier: Apache-2.0

/// Where a property or reason code stands: the packet, and where it matters its direction; a set of such places.
package struct PacketContext: OptionSet, Hashable, Sendable {
    /// One bit a place.
    package let rawValue: UInt32

    /// The places whose bits are set.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// CONNECT.
    package static let connect = PacketContext(rawValue: 1 << 0)
    /// The will in CONNECT.
    package static let will = PacketContext(rawValue: 1 << 1)
    /// CONNACK.
    package static let connack = PacketContext(rawValue: 1 << 2)
    /// PUBLISH to the server.
    package static let publishFromClient = PacketContext(rawValue: 1 << 3)
    /// PUBLISH to a client.
    package static let publishFromServer = PacketContext(rawValue: 1 << 4)
    /// PUBACK.
    package static let puback = PacketContext(rawValue: 1 << 5)
    /// PUBREC.
    package static let pubrec = PacketContext(rawValue: 1 << 6)
    /// PUBREL.
    package static let pubrel = PacketContext(rawValue: 1 << 7)
    /// PUBCOMP.
    package static let pubcomp = PacketContext(rawValue: 1 << 8)
    /// SUBSCRIBE.
    package static let subscribe = PacketContext(rawValue: 1 << 9)
    /// SUBACK.
    package static let suback = PacketContext(rawValue: 1 << 10)
    /// UNSUBSCRIBE.
    package static let unsubscribe = PacketContext(rawValue: 1 << 11)
    /// UNSUBACK.
    package static let unsuback = PacketContext(rawValue: 1 << 12)
    /// DISCONNECT of a client.
    package static let disconnectFromClient = PacketContext(rawValue: 1 << 13)
    /// DISCONNECT of the server.
    package static let disconnectFromServer = PacketContext(rawValue: 1 << 14)
    /// AUTH.
    package static let auth = PacketContext(rawValue: 1 << 15)

    /// PUBLISH in both directions.
    static let publish: PacketContext = [.publishFromClient, .publishFromServer]
    /// PUBACK, PUBREC, PUBREL and PUBCOMP.
    static let acknowledgements: PacketContext = [.puback, .pubrec, .pubrel, .pubcomp]
    /// DISCONNECT in both directions.
    static let disconnect: PacketContext = [.disconnectFromClient, .disconnectFromServer]
}
