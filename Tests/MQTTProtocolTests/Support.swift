// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

/// Bytes from hexadecimal text; blanks are ignored.
func hex(_ text: String) -> ByteBuffer {
    var buffer = ByteBuffer()
    var high: UInt8?
    for character in text where !character.isWhitespace {
        guard let digit = character.hexDigitValue.map(UInt8.init) else { continue }
        if let first = high {
            buffer.writeInteger(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    return buffer
}

func bytes(_ buffer: ByteBuffer) -> [UInt8] { Array(buffer.readableBytesView) }

func text(_ string: String) -> ByteBuffer { ByteBuffer(string: string) }

/// A packet, who sends it, and in which version.
struct Sample: Sendable, CustomStringConvertible {
    var packet: Packet
    var sender: Peer
    var version: ProtocolVersion

    var description: String { "\(packet) from \(sender), \(version.text)" }

    var encoded: ByteBuffer {
        var buffer = ByteBuffer()
        packet.encode(into: &buffer, version)
        return buffer
    }

    /// The version that a reader knows when this packet comes.
    var knownVersion: ProtocolVersion? {
        switch packet {
        case .connect, .connack: nil
        default: version
        }
    }
}

/// The only packet in `buffer`, read in one piece.
func decode(
    _ buffer: ByteBuffer, _ version: ProtocolVersion, from sender: Peer, isFirst: Bool = false
) throws(PacketError) -> Packet? {
    var reader = FrameReader(
        from: sender, version: isFirst ? nil : version, remainingLengthMax: 1 << 20)
    reader.append(buffer)
    guard let frame = try reader.next() else { return nil }
    return try Packet.decode(frame, version, from: sender)
}

/// A small generator with a seed, so that every run is the same.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
