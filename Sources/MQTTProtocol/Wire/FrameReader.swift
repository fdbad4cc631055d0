// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// A complete packet that is not decoded yet.
package struct Frame: Hashable, Sendable {
    /// What kind of packet it is.
    package var type: PacketType
    /// The lower half of its first byte.
    package var flags: UInt8
    /// What follows the fixed header.
    package var body: ByteBuffer

    /// A frame of these parts.
    package init(type: PacketType, flags: UInt8, body: ByteBuffer) {
        self.type = type
        self.flags = flags
        self.body = body
    }
}

/// Cuts a stream of bytes into packets.
///
/// Kind, direction, flags and size are judged as soon as their bytes are there, before the body is gathered. Whole packets
/// are slices of what was read; only the beginning of an unfinished one is copied. Memory grows with what arrives, never with
/// an announced length.
package struct FrameReader: ~Copyable {
    /// A packet that was refused for its size.
    package struct Oversized: Sendable {
        /// What kind of packet it is.
        package var type: PacketType
        /// The announced length.
        package var remainingLength: Int
        /// The topic of a PUBLISH, if it has arrived; not checked for being text.
        package var topic: ByteBuffer?
    }

    /// Which end's packets these are.
    private let sender: Peer
    /// The version spoken; nil before CONNECT or CONNACK.
    package var version: ProtocolVersion?
    /// The largest remaining length.
    package var remainingLengthMax: Int
    /// The packet that the last ``next()`` refused for its size.
    package private(set) var oversized: Oversized?

    private var pending = ByteBuffer()
    /// Whether `pending` is our own buffer, not the one of a socket read.
    private var isOwn = false

    /// A reader of what `sender` sends.
    package init(from sender: Peer, version: ProtocolVersion? = nil, remainingLengthMax: Int) {
        self.sender = sender
        self.version = version
        self.remainingLengthMax = remainingLengthMax
    }

    /// Bytes that have arrived and are not part of a packet that was handed out.
    package var unreadBytes: Int { pending.readableBytes }

    /// Adds what was read from the socket.
    package mutating func append(_ bytes: ByteBuffer) {
        guard pending.readableBytes > 0 else {
            (pending, isOwn) = (bytes, false)
            return
        }
        makeOwn(reserving: bytes.readableBytes)
        pending.writeImmutableBuffer(bytes)
    }

    /// The next complete packet; nil = more bytes are needed. After an error nothing more can be read.
    package mutating func next() throws(PacketError) -> Frame? {
        guard let first = pending.getInteger(at: pending.readerIndex, as: UInt8.self) else { return nil }
        let type = try FixedHeader.check(firstByte: first, from: sender, version)
        switch VariableByteInteger.prefix(of: pending, at: pending.readerIndex + 1) {
        case .incomplete: return nil
        case .tooLong: throw .malformed("a remaining length of more than four bytes")
        case .value(let remainingLength, let length):
            guard remainingLength <= remainingLengthMax else {
                throw tooLarge(type, flags: first & 0x0f, remainingLength, headerLength: 1 + length)
            }
            guard let body = pending.getSlice(at: pending.readerIndex + 1 + length, length: remainingLength)
            else { return nil }
            pending.moveReaderIndex(forwardBy: 1 + length + remainingLength)
            return Frame(type: type, flags: first & 0x0f, body: body)
        }
    }

    /// Lets go of the buffer of the last socket read: of its bytes only an unfinished packet's are kept, copied.
    package mutating func burstEnded() {
        if pending.readableBytes == 0 {
            (pending, isOwn) = (ByteBuffer(), false)
        } else {
            makeOwn(reserving: 0)
        }
    }

    /// Forgets what has arrived: the connection is over.
    package mutating func discard() { (pending, isOwn) = (ByteBuffer(), false) }

    private mutating func makeOwn(reserving bytes: Int) {
        if isOwn {
            pending.discardReadBytes()
            return
        }
        var own = ByteBufferAllocator().buffer(capacity: pending.readableBytes + bytes)
        own.writeImmutableBuffer(pending)
        (pending, isOwn) = (own, true)
    }

    private mutating func tooLarge(
        _ type: PacketType, flags: UInt8, _ remainingLength: Int, headerLength: Int
    ) -> PacketError {
        var topic: ByteBuffer?
        let bodyStart = pending.readerIndex + headerLength
        if type == .publish, let length = pending.getInteger(at: bodyStart, as: UInt16.self) {
            topic = pending.getSlice(at: bodyStart + 2, length: Int(length))
        }
        oversized = Oversized(type: type, remainingLength: remainingLength, topic: topic)
        return PacketError(
            .packetTooLarge, "\(type.name) of \(remainingLength) bytes; the limit is \(remainingLengthMax)")
    }
}
