// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// UNSUBSCRIBE: asks for no more messages of some topic filters.
package struct UnsubscribePacket: Hashable, Sendable {
    /// Not 0.
    package var packetIdentifier: UInt16
    /// At least one; text, not empty.
    package var filters: [ByteBuffer]
    /// MQTT 5 only.
    package var properties: Properties

    /// An UNSUBSCRIBE of these parts.
    package init(packetIdentifier: UInt16, filters: [ByteBuffer], properties: Properties = Properties()) {
        self.packetIdentifier = packetIdentifier
        self.filters = filters
        self.properties = properties
    }

    /// Appends the packet.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        buffer.writePacket(.unsubscribe) { body in
            body.writeInteger(packetIdentifier)
            if version == .v5_0 { body.writeProperties(properties) }
            for filter in filters { body.writeField(filter) }
        }
    }

    /// Reads the body.
    package static func decode(
        _ body: ByteBuffer, _ version: ProtocolVersion
    ) throws(PacketError) -> UnsubscribePacket {
        var reader = FieldReader(body)
        var packet = UnsubscribePacket(packetIdentifier: try reader.packetIdentifier(), filters: [])
        if version == .v5_0 { packet.properties = try Properties.read(from: &reader, in: .unsubscribe) }
        repeat {
            guard !reader.isAtEnd else { throw .protocolError("UNSUBSCRIBE without a filter") }
            packet.filters.append(try reader.filter())
        } while !reader.isAtEnd
        return packet
    }
}

/// UNSUBACK: the answer to UNSUBSCRIBE.
package struct UnsubackPacket: Hashable, Sendable {
    /// The identifier of the UNSUBSCRIBE.
    package var packetIdentifier: UInt16
    /// MQTT 5: one for every filter, in order; 3.x has none.
    package var reasons: [ReasonCode]
    /// MQTT 5 only.
    package var properties: Properties

    /// An UNSUBACK of these parts.
    package init(packetIdentifier: UInt16, reasons: [ReasonCode] = [], properties: Properties = Properties()) {
        self.packetIdentifier = packetIdentifier
        self.reasons = reasons
        self.properties = properties
    }

    /// Appends the packet.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        buffer.writePacket(.unsuback) { body in
            body.writeInteger(packetIdentifier)
            guard version == .v5_0 else { return }
            body.writeProperties(properties)
            for reason in reasons { body.writeInteger(reason.rawValue) }
        }
    }

    /// Reads the body.
    package static func decode(_ body: ByteBuffer, _ version: ProtocolVersion) throws(PacketError) -> UnsubackPacket {
        var reader = FieldReader(body)
        var packet = UnsubackPacket(packetIdentifier: try reader.packetIdentifier())
        guard version == .v5_0 else {
            try reader.end(.unsuback)
            return packet
        }
        packet.properties = try Properties.read(from: &reader, in: .unsuback)
        while !reader.isAtEnd {
            let reason = ReasonCode(rawValue: try reader.byte("reason code"))
            guard reason.isLegal(in: .unsuback) else { throw .protocolError("\(reason) in UNSUBACK") }
            packet.reasons.append(reason)
        }
        guard !packet.reasons.isEmpty else { throw .protocolError("UNSUBACK without a code") }
        return packet
    }
}
