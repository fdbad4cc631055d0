// SPDX-License-Identifier: Apache-2.0

/// The kinds of control packets; the raw value is the upper half of a packet's first byte (`mqtt-broker.md` section 1).
package enum PacketType: UInt8, Sendable, CaseIterable {
    /// The first packet of a client.
    case connect = 1
    /// The answer to CONNECT.
    case connack = 2
    /// A message.
    case publish = 3
    /// The answer to a PUBLISH of QoS 1.
    case puback = 4
    /// The first answer to a PUBLISH of QoS 2.
    case pubrec = 5
    /// The answer to PUBREC.
    case pubrel = 6
    /// The answer to PUBREL.
    case pubcomp = 7
    /// Asks for messages.
    case subscribe = 8
    /// The answer to SUBSCRIBE.
    case suback = 9
    /// Asks for no more messages.
    case unsubscribe = 10
    /// The answer to UNSUBSCRIBE.
    case unsuback = 11
    /// A sign of life.
    case pingreq = 12
    /// The answer to PINGREQ.
    case pingresp = 13
    /// The last packet.
    case disconnect = 14
    /// Enhanced authentication, MQTT 5 only.
    case auth = 15

    /// The name in the standard.
    package var name: String {
        switch self {
        case .connect: "CONNECT"
        case .connack: "CONNACK"
        case .publish: "PUBLISH"
        case .puback: "PUBACK"
        case .pubrec: "PUBREC"
        case .pubrel: "PUBREL"
        case .pubcomp: "PUBCOMP"
        case .subscribe: "SUBSCRIBE"
        case .suback: "SUBACK"
        case .unsubscribe: "UNSUBSCRIBE"
        case .unsuback: "UNSUBACK"
        case .pingreq: "PINGREQ"
        case .pingresp: "PINGRESP"
        case .disconnect: "DISCONNECT"
        case .auth: "AUTH"
        }
    }

    /// The lower half of the first byte, for every packet but PUBLISH, whose flags mean something.
    package var fixedFlags: UInt8 {
        switch self {
        case .pubrel, .subscribe, .unsubscribe: 0b0010
        default: 0
        }
    }

    /// Whether `sender` may send such a packet in this version [3:4.8.0-1] [5:4.13.1-1].
    package func maySend(_ sender: Peer, _ version: ProtocolVersion) -> Bool {
        switch self {
        case .connect, .subscribe, .unsubscribe, .pingreq: sender == .client
        case .connack, .suback, .unsuback, .pingresp: sender == .server
        case .publish, .puback, .pubrec, .pubrel, .pubcomp: true
        case .disconnect: sender == .client || version == .v5_0
        case .auth: version == .v5_0
        }
    }

    /// Whether these flags are legal. MQTT 3.1 sets the DUP flag of repeated PUBREL, SUBSCRIBE and UNSUBSCRIBE.
    package func areLegal(flags: UInt8, _ version: ProtocolVersion) -> Bool {
        if self == .publish { return true }
        if version == .v3_1, fixedFlags != 0 { return flags & 0b0111 == fixedFlags }
        return flags == fixedFlags
    }
}

/// The two ends of a connection.
package enum Peer: Sendable, Equatable, CaseIterable {
    /// The end that connected.
    case client
    /// The end that accepted.
    case server
}
