// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// SUBACK: one code for every filter of a SUBSCRIBE, in order.
package struct SubackPacket: Hashable, Sendable {
    /// The identifier of the SUBSCRIBE.
    package var packetIdentifier: UInt16
    /// 3.x: the granted QoS; 3.1.1 also 0x80.
    package var reasons: [ReasonCode]
    /// MQTT 5 only.
    package var properties: Properties

    /// A SUBACK of these parts.
    package init(packetIdentifier: UInt16, reasons: [ReasonCode], properties: Properties = Properties()) {
        self.packetIdentifier = packetIdentifier
        self.reasons = reasons
        self.properties = properties
    }

    /// Appends the packet; on 3.1.1 every failure is 0x80. On 3.1, which has no failure, the caller sends none.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        buffer.writePacket(.suback) { body in
            body.writeInteger(packetIdentifier)
            if version == .v5_0 { body.writeProperties(properties) }
            for reason in reasons {
                body.writeInteger(version != .v5_0 && reason.isFailure ? 0x80 : reason.rawValue)
            }
        }
    }

    /// Reads the body.
    package static func decode(_ body: ByteBuffer, _ version: ProtocolVersion) throws(PacketError) -> SubackPacket {
        var reader = FieldReader(body)
        var packet = SubackPacket(packetIdentifier: try reader.packetIdentifier(), reasons: [])
        if version == .v5_0 { packet.properties = try Properties.read(from: &reader, in: .suback) }
        while !reader.isAtEnd {
            let reason = ReasonCode(rawValue: try reader.byte("reason code"))
            let isLegal =
                version == .v5_0 ? reason.isLegal(in: .suback) : reason.rawValue < 3 || reason.rawValue == 0x80
            guard isLegal, version != .v3_1 || !reason.isFailure else { throw .protocolError("\(reason) in SUBACK") }
            packet.reasons.append(reason)
        }
        guard !packet.reasons.isEmpty else { throw .protocolError("SUBACK without a code") }
        return packet
    }
}
