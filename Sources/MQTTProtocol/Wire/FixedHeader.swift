// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// The two to five bytes in front of every packet (`mqtt-broker.md` section 1).
package struct FixedHeader: Hashable, Sendable {
    /// What kind of packet follows.
    package var type: PacketType
    /// The lower half of the first byte.
    package var flags: UInt8
    /// How many bytes follow the header.
    package var remainingLength: Int

    /// A header of these parts.
    package init(type: PacketType, flags: UInt8, remainingLength: Int) {
        self.type = type
        self.flags = flags
        self.remainingLength = remainingLength
    }

    /// The size of the header itself.
    package var length: Int { 1 + VariableByteInteger.length(of: remainingLength) }

    /// Checks what the first byte alone tells: kind, direction, flags. `version` is nil before CONNECT.
    static func check(firstByte: UInt8, from sender: Peer, _ version: ProtocolVersion?) throws(PacketError)
        -> PacketType
    {
        guard let type = PacketType(rawValue: firstByte >> 4) else { throw .malformed("packet type 0") }
        let flags = firstByte & 0x0f
        guard let version else {
            guard type == (sender == .client ? .connect : .connack) else {
                throw .protocolError("\(type.name) before \(sender == .client ? "CONNECT" : "CONNACK")")
            }
            guard flags == 0 else { throw .malformed("flags \(flags) in \(type.name)") }
            return type
        }
        guard type.maySend(sender, version) else {
            throw .protocolError("\(type.name) from a \(sender) on MQTT \(version.text)")
        }
        guard type.areLegal(flags: flags, version) else { throw .malformed("flags \(flags) in \(type.name)") }
        if type == .publish {
            guard flags & 0b0110 != 0b0110 else { throw .malformed("QoS 3") }
            // 3.1 only says what DUP is for; 3.1.1 and 5.0 forbid it on QoS 0 [3.3.1-2].
            guard version == .v3_1 || flags & 0b1110 != 0b1000 else { throw .malformed("DUP on QoS 0") }
        }
        return type
    }
}

extension ByteBuffer {
    /// Appends a fixed header.
    package mutating func writeFixedHeader(_ header: FixedHeader) {
        writeInteger(header.type.rawValue << 4 | header.flags)
        writeVariableByteInteger(header.remainingLength)
    }

    /// Appends a whole packet; `body` appends what follows the fixed header.
    mutating func writePacket(_ type: PacketType, flags: UInt8? = nil, body: (inout ByteBuffer) -> Void) {
        let start = writerIndex
        writeInteger(type.rawValue << 4 | (flags ?? type.fixedFlags))
        writeInteger(UInt8(0))
        let bodyStart = writerIndex
        body(&self)
        let length = writerIndex - bodyStart
        if length < 0x80 {
            setInteger(UInt8(length), at: start + 1)
            return
        }
        // Few packets are that long, and PUBLISH knows its length before: moving the body is all right.
        let written = getSlice(at: bodyStart, length: length) ?? ByteBuffer()
        moveWriterIndex(to: start + 1)
        writeVariableByteInteger(length)
        writeImmutableBuffer(written)
    }
}
