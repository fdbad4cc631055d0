// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Any control packet.
package enum Packet: Hashable, Sendable {
    /// CONNECT.
    case connect(ConnectPacket)
    /// CONNACK.
    case connack(ConnackPacket)
    /// PUBLISH.
    case publish(PublishPacket)
    /// PUBACK.
    case puback(AcknowledgementPacket)
    /// PUBREC.
    case pubrec(AcknowledgementPacket)
    /// PUBREL.
    case pubrel(AcknowledgementPacket)
    /// PUBCOMP.
    case pubcomp(AcknowledgementPacket)
    /// SUBSCRIBE.
    case subscribe(SubscribePacket)
    /// SUBACK.
    case suback(SubackPacket)
    /// UNSUBSCRIBE.
    case unsubscribe(UnsubscribePacket)
    /// UNSUBACK.
    case unsuback(UnsubackPacket)
    /// PINGREQ.
    case pingreq
    /// PINGRESP.
    case pingresp
    /// DISCONNECT.
    case disconnect(DisconnectPacket)
    /// AUTH.
    case auth(AuthPacket)

    /// Reads a packet that a ``FrameReader`` of the same version and sender has cut out.
    package static func decode(
        _ frame: Frame, _ version: ProtocolVersion, from sender: Peer
    ) throws(PacketError) -> Packet {
        let body = frame.body
        switch frame.type {
        case .publish: return .publish(try PublishPacket.decode(frame, version, from: sender))
        case .puback: return .puback(try AcknowledgementPacket.decode(body, as: .puback, version))
        case .pubrec: return .pubrec(try AcknowledgementPacket.decode(body, as: .pubrec, version))
        case .pubrel: return .pubrel(try AcknowledgementPacket.decode(body, as: .pubrel, version))
        case .pubcomp: return .pubcomp(try AcknowledgementPacket.decode(body, as: .pubcomp, version))
        case .connect: return .connect(try connect(body))
        case .connack: return .connack(try ConnackPacket.decode(body, version))
        case .subscribe: return .subscribe(try SubscribePacket.decode(body, version))
        case .suback: return .suback(try SubackPacket.decode(body, version))
        case .unsubscribe: return .unsubscribe(try UnsubscribePacket.decode(body, version))
        case .unsuback: return .unsuback(try UnsubackPacket.decode(body, version))
        case .pingreq, .pingresp:
            guard body.readableBytes == 0 else { throw .malformed("a body in \(frame.type.name)") }
            return frame.type == .pingreq ? .pingreq : .pingresp
        case .disconnect: return .disconnect(try DisconnectPacket.decode(body, version, from: sender))
        case .auth: return .auth(try AuthPacket.decode(body))
        }
    }

    private static func connect(_ body: ByteBuffer) throws(PacketError) -> ConnectPacket {
        do {
            return try ConnectPacket.decode(body)
        } catch {
            throw error.error
        }
    }

    /// Appends the packet in the form of `version`.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        switch self {
        case .connect(let packet): packet.encode(into: &buffer)
        case .connack(let packet): packet.encode(into: &buffer, version)
        case .publish(let packet): packet.encode(into: &buffer, version)
        case .puback(let packet): packet.encode(as: .puback, into: &buffer, version)
        case .pubrec(let packet): packet.encode(as: .pubrec, into: &buffer, version)
        case .pubrel(let packet): packet.encode(as: .pubrel, into: &buffer, version)
        case .pubcomp(let packet): packet.encode(as: .pubcomp, into: &buffer, version)
        case .subscribe(let packet): packet.encode(into: &buffer, version)
        case .suback(let packet): packet.encode(into: &buffer, version)
        case .unsubscribe(let packet): packet.encode(into: &buffer, version)
        case .unsuback(let packet): packet.encode(into: &buffer, version)
        case .pingreq: buffer.writePacket(.pingreq) { _ in }
        case .pingresp: buffer.writePacket(.pingresp) { _ in }
        case .disconnect(let packet): packet.encode(into: &buffer, version)
        case .auth(let packet): packet.encode(into: &buffer)
        }
    }
}
