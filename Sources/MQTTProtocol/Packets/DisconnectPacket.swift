// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// DISCONNECT: the last packet; from a server on MQTT 5 only.
package struct DisconnectPacket: Hashable, Sendable {
    /// MQTT 5 only; success on 3.x.
    package var reason: ReasonCode
    /// MQTT 5 only.
    package var properties: Properties

    /// A DISCONNECT of these parts.
    package init(reason: ReasonCode = .success, properties: Properties = Properties()) {
        self.reason = reason
        self.properties = properties
    }

    /// Appends the packet in the shortest form that says everything.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        buffer.writePacket(.disconnect) { body in
            guard version == .v5_0, reason != .success || !properties.isEmpty else { return }
            body.writeInteger(reason.rawValue)
            if !properties.isEmpty { body.writeProperties(properties) }
        }
    }

    /// Reads the body.
    package static func decode(
        _ body: ByteBuffer, _ version: ProtocolVersion, from sender: Peer
    ) throws(PacketError) -> DisconnectPacket {
        var reader = FieldReader(body)
        var packet = DisconnectPacket()
        if version == .v5_0, !reader.isAtEnd {
            let context: PacketContext = sender == .client ? .disconnectFromClient : .disconnectFromServer
            packet.reason = ReasonCode(rawValue: try reader.byte("reason code"))
            guard packet.reason.isLegal(in: context) else { throw .protocolError("\(packet.reason) in DISCONNECT") }
            if !reader.isAtEnd { packet.properties = try Properties.read(from: &reader, in: context) }
        }
        try reader.end(.disconnect)
        return packet
    }
}

/// AUTH: a step of an enhanced authentication; MQTT 5 only.
package struct AuthPacket: Hashable, Sendable {
    /// Success, continue or re-authenticate.
    package var reason: ReasonCode
    /// Method and data.
    package var properties: Properties

    /// An AUTH of these parts.
    package init(reason: ReasonCode = .success, properties: Properties = Properties()) {
        self.reason = reason
        self.properties = properties
    }

    /// Appends the packet in the shortest form that says everything.
    package func encode(into buffer: inout ByteBuffer) {
        buffer.writePacket(.auth) { body in
            guard reason != .success || !properties.isEmpty else { return }
            body.writeInteger(reason.rawValue)
            body.writeProperties(properties)
        }
    }

    /// Reads the body.
    package static func decode(_ body: ByteBuffer) throws(PacketError) -> AuthPacket {
        var reader = FieldReader(body)
        var packet = AuthPacket()
        if !reader.isAtEnd {
            packet.reason = ReasonCode(rawValue: try reader.byte("reason code"))
            guard packet.reason.isLegal(in: .auth) else { throw .protocolError("\(packet.reason) in AUTH") }
            packet.properties = try Properties.read(from: &reader, in: .auth)
        }
        try reader.end(.auth)
        return packet
    }
}
