// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// The properties of one packet, kept as they stand on the wire: nothing is allocated for an empty list, and what is passed
/// on stays unaltered and in order. Always well-formed.
package struct Properties: Hashable, Sendable {
    /// The properties without the length in front of them.
    package private(set) var encoded = ByteBuffer()

    /// No properties.
    package init() {}

    /// These properties, in this order.
    package init(_ properties: [Property]) {
        for property in properties { append(property) }
    }

    /// Whether there are none.
    package var isEmpty: Bool { encoded.readableBytes == 0 }

    /// Adds one at the end. The caller keeps to the rules of the packet; the form of the value must be the identifier's.
    package mutating func append(_ property: Property) {
        property.write(to: &encoded)
    }

    /// Adds a user property.
    package mutating func append(name: String, value: String) {
        append(Property(.userProperty, .pair(ByteBuffer(string: name), ByteBuffer(string: value))))
    }

    /// Adds a reason string of at most 65,535 bytes.
    package mutating func append(reasonString text: String) {
        append(Property(.reasonString, .text(ByteBuffer(string: text))))
    }

    /// Bytes on the wire, with the length in front.
    package var encodedLength: Int {
        VariableByteInteger.length(of: encoded.readableBytes) + encoded.readableBytes
    }

    /// Reads length and properties, and checks each once, in one pass: known, allowed here, not repeated, legal value.
    package static func read(
        from reader: inout FieldReader, in context: PacketContext
    ) throws(PacketError) -> Properties {
        let length = try reader.variableByteInteger("property length")
        guard length > 0 else { return Properties() }
        let bytes = try reader.slice(length, "properties")
        var list = FieldReader(bytes)
        var seen: UInt64 = 0
        while !list.isAtEnd {
            let property = try Property.read(from: &list)
            let identifier = property.identifier
            guard !identifier.places.isDisjoint(with: context) else {
                throw .protocolError("\(identifier) is not allowed here")
            }
            let bit = UInt64(1) << UInt64(identifier.rawValue)
            guard seen & bit == 0 || identifier.mayRepeat(in: context) else {
                throw .protocolError("\(identifier) twice")
            }
            seen |= bit
            if let fault = property.fault { throw fault }
        }
        let method = UInt64(1) << UInt64(PropertyIdentifier.authenticationMethod.rawValue)
        let data = UInt64(1) << UInt64(PropertyIdentifier.authenticationData.rawValue)
        guard seen & data == 0 || seen & method != 0 else {
            throw .protocolError("authentication data without a method")
        }
        var properties = Properties()
        properties.encoded = bytes
        return properties
    }

    /// A copy that does not keep the buffer of a socket read alive.
    package func detached() -> Properties {
        var copy = Properties()
        copy.encoded.writeImmutableBuffer(encoded)
        return copy
    }
}

extension ByteBuffer {
    /// Appends length and properties.
    mutating func writeProperties(_ properties: Properties) {
        writeVariableByteInteger(properties.encoded.readableBytes)
        writeImmutableBuffer(properties.encoded)
    }
}
