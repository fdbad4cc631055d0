// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// PUBACK, PUBREC, PUBREL or PUBCOMP: they differ only in their type.
package struct AcknowledgementPacket: Hashable, Sendable {
    /// The identifier of the PUBLISH.
    package var packetIdentifier: UInt16
    /// MQTT 5 only; success on 3.x.
    package var reason: ReasonCode
    /// MQTT 5 only.
    package var properties: Properties

    /// An acknowledgement of these parts.
    package init(packetIdentifier: UInt16, reason: ReasonCode = .success, properties: Properties = Properties()) {
        self.packetIdentifier = packetIdentifier
        self.reason = reason
        self.properties = properties
    }

    /// Appends the packet as `type`, in the shortest form that says everything.
    package func encode(as type: PacketType, into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        if version != .v5_0 || (reason == .success && properties.isEmpty) {
            let head = UInt32(type.rawValue << 4 | type.fixedFlags) << 24 | 0x02_0000
            buffer.writeInteger(head | UInt32(packetIdentifier))
            return
        }
        buffer.writePacket(type) { body in
            body.writeInteger(packetIdentifier)
            body.writeInteger(reason.rawValue)
            if !properties.isEmpty { body.writeProperties(properties) }
        }
    }

    /// Reads the body of such a packet.
    package static func decode(
        _ body: ByteBuffer, as type: PacketType, _ version: ProtocolVersion
    ) throws(PacketError) -> AcknowledgementPacket {
        var reader = FieldReader(body)
        var packet = AcknowledgementPacket(packetIdentifier: try reader.packetIdentifier())
        if version == .v5_0, !reader.isAtEnd {
            let context = context(of: type)
            packet.reason = ReasonCode(rawValue: try reader.byte("reason code"))
            guard packet.reason.isLegal(in: context) else { throw .protocolError("\(packet.reason) in \(type.name)") }
            if !reader.isAtEnd { packet.properties = try Properties.read(from: &reader, in: context) }
        }
        try reader.end(type)
        return packet
    }

    private static func context(of type: PacketType) -> PacketContext {
        switch type {
        case .puback: .puback
        case .pubrec: .pubrec
        case .pubrel: .pubrel
        default: .pubcomp
        }
    }
}
