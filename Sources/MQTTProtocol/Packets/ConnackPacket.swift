// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// CONNACK: the answer to CONNECT.
package struct ConnackPacket: Hashable, Sendable {
    /// Whether the server had a session of this client.
    package var isSessionPresent: Bool
    /// The reason; on 3.x only what ``ConnectReturnCode`` has.
    package var reason: ReasonCode
    /// MQTT 5 only.
    package var properties: Properties

    /// A CONNACK of these parts.
    package init(reason: ReasonCode, isSessionPresent: Bool = false, properties: Properties = Properties()) {
        self.reason = reason
        self.isSessionPresent = isSessionPresent
        self.properties = properties
    }

    /// Appends the packet; on 3.x a reason without a return code becomes 3, server unavailable.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        buffer.writePacket(.connack) { body in
            body.writeInteger(UInt8(isSessionPresent && version != .v3_1 ? 1 : 0))
            guard version == .v5_0 else {
                body.writeInteger((ConnectReturnCode(reason) ?? .serverUnavailable).rawValue)
                return
            }
            body.writeInteger(reason.rawValue)
            body.writeProperties(properties)
        }
    }

    /// Reads the body.
    package static func decode(_ body: ByteBuffer, _ version: ProtocolVersion) throws(PacketError) -> ConnackPacket {
        var reader = FieldReader(body)
        let flags = try reader.byte("acknowledge flags")
        guard flags & 0xfe == 0 || version == .v3_1 else { throw .malformed("reserved acknowledge flags") }
        let code = try reader.byte("return code")
        var packet = ConnackPacket(reason: .success, isSessionPresent: flags & 1 != 0 && version != .v3_1)
        if version == .v5_0 {
            packet.reason = ReasonCode(rawValue: code)
            guard packet.reason.isLegal(in: .connack) else { throw .protocolError("\(packet.reason) in CONNACK") }
            packet.properties = try Properties.read(from: &reader, in: .connack)
        } else {
            guard let returnCode = ConnectReturnCode(rawValue: code) else {
                throw .protocolError("return code \(code) in CONNACK")
            }
            packet.reason = returnCode.reason
        }
        guard !packet.isSessionPresent || packet.reason == .success else {
            throw .protocolError("a session with a refusal in CONNACK")
        }
        try reader.end(.connack)
        return packet
    }
}
