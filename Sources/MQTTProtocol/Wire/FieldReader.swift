// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Reads the fields of a packet's body one after the other; every read that would run past the end is a malformed packet.
package struct FieldReader {
    /// What is left.
    package private(set) var buffer: ByteBuffer

    /// A reader of the readable bytes.
    package init(_ buffer: ByteBuffer) { self.buffer = buffer }

    /// Whether nothing is left.
    package var isAtEnd: Bool { buffer.readableBytes == 0 }

    /// A byte.
    package mutating func byte(_ field: StaticString) throws(PacketError) -> UInt8 {
        guard let value = buffer.readInteger(as: UInt8.self) else { throw Self.cut(field) }
        return value
    }

    /// A two-byte integer.
    package mutating func uint16(_ field: StaticString) throws(PacketError) -> UInt16 {
        guard let value = buffer.readInteger(as: UInt16.self) else { throw Self.cut(field) }
        return value
    }

    /// A four-byte integer.
    package mutating func uint32(_ field: StaticString) throws(PacketError) -> UInt32 {
        guard let value = buffer.readInteger(as: UInt32.self) else { throw Self.cut(field) }
        return value
    }

    /// A variable byte integer.
    package mutating func variableByteInteger(_ field: StaticString) throws(PacketError) -> Int {
        switch VariableByteInteger.prefix(of: buffer, at: buffer.readerIndex) {
        case .value(let value, let length):
            buffer.moveReaderIndex(forwardBy: length)
            return value
        case .incomplete: throw Self.cut(field)
        case .tooLong: throw .malformed("\(field): a variable byte integer of more than four bytes")
        }
    }

    /// So many bytes.
    package mutating func slice(_ length: Int, _ field: StaticString) throws(PacketError) -> ByteBuffer {
        guard let value = buffer.readSlice(length: length) else { throw Self.cut(field) }
        return value
    }

    /// Bytes behind their two-byte length.
    package mutating func binary(_ field: StaticString) throws(PacketError) -> ByteBuffer {
        let length = try uint16(field)
        return try slice(Int(length), field)
    }

    /// A string behind its two-byte length, as its bytes: well-formed UTF-8 without U+0000.
    package mutating func text(_ field: StaticString) throws(PacketError) -> ByteBuffer {
        let value = try binary(field)
        guard Text.isLegal(value.readableBytesUInt8Span) else {
            throw .malformed("\(field) is not well-formed UTF-8, or has a U+0000")
        }
        return value
    }

    /// A packet identifier, which is never 0 [3:2.3.1-1] [5:2.2.1-3].
    package mutating func packetIdentifier() throws(PacketError) -> UInt16 {
        let value = try uint16("packet identifier")
        guard value != 0 else { throw .protocolError("packet identifier 0") }
        return value
    }

    /// All that is left.
    package mutating func rest() -> ByteBuffer {
        defer { buffer.moveReaderIndex(to: buffer.writerIndex) }
        return buffer.slice()
    }

    /// Refuses bytes after the last field.
    package func end(_ packet: PacketType) throws(PacketError) {
        guard isAtEnd else { throw .malformed("\(buffer.readableBytes) bytes after the end of \(packet.name)") }
    }

    private static func cut(_ field: StaticString) -> PacketError { .malformed("\(field) runs past the packet") }
}

extension ByteBuffer {
    /// The readable bytes as a string; they are known to be UTF-8.
    package var text: String { String(buffer: self) }

    /// Appends bytes behind their two-byte length; there are at most 65,535.
    package mutating func writeField(_ bytes: ByteBuffer) {
        precondition(bytes.readableBytes <= Int(UInt16.max), "a field holds at most 65,535 bytes")
        writeInteger(UInt16(bytes.readableBytes))
        writeImmutableBuffer(bytes)
    }

    /// Appends a string behind its two-byte length.
    package mutating func writeField(_ text: String) { writeField(ByteBuffer(string: text)) }
}
