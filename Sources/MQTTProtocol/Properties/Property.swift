// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// One property of a packet.
package struct Property: Hashable, Sendable {
    /// The value in the form that the identifier asks for.
    package enum Value: Hashable, Sendable {
        /// One byte.
        case byte(UInt8)
        /// Two bytes.
        case uint16(UInt16)
        /// Four bytes.
        case uint32(UInt32)
        /// A variable byte integer.
        case variable(Int)
        /// Text, as bytes that are known to be UTF-8.
        case text(ByteBuffer)
        /// Any bytes.
        case binary(ByteBuffer)
        /// Two texts.
        case pair(ByteBuffer, ByteBuffer)
    }

    /// Which property it is.
    package var identifier: PropertyIdentifier
    /// Its value.
    package var value: Value

    /// A property of these parts.
    package init(_ identifier: PropertyIdentifier, _ value: Value) {
        self.identifier = identifier
        self.value = value
    }

    /// Reads one.
    static func read(from reader: inout FieldReader) throws(PacketError) -> Property {
        let number = try reader.variableByteInteger("property identifier")
        guard let byte = UInt8(exactly: number), let identifier = PropertyIdentifier(rawValue: byte) else {
            throw .malformed("property \(number) does not exist")
        }
        let value: Value =
            switch identifier.form {
            case .byte: .byte(try reader.byte("property"))
            case .uint16: .uint16(try reader.uint16("property"))
            case .uint32: .uint32(try reader.uint32("property"))
            case .variable: .variable(try reader.variableByteInteger("property"))
            case .text: .text(try reader.text("property"))
            case .binary: .binary(try reader.binary("property"))
            case .pair: .pair(try reader.text("property name"), try reader.text("property value"))
            }
        return Property(identifier, value)
    }

    /// Appends it.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(identifier.rawValue)
        switch value {
        case .byte(let value): buffer.writeInteger(value)
        case .uint16(let value): buffer.writeInteger(value)
        case .uint32(let value): buffer.writeInteger(value)
        case .variable(let value): buffer.writeVariableByteInteger(value)
        case .text(let value), .binary(let value): buffer.writeField(value)
        case .pair(let name, let value):
            buffer.writeField(name)
            buffer.writeField(value)
        }
    }

    /// What is wrong with the value, if anything.
    var fault: PacketError? {
        switch (identifier, value) {
        case (
            .payloadFormatIndicator, .byte(2...)
        ), (.requestProblemInformation, .byte(2...)),
            (.requestResponseInformation, .byte(2...)), (.maximumQoS, .byte(2...)), (.retainAvailable, .byte(2...)),
            (.wildcardSubscriptionAvailable, .byte(2...)), (.subscriptionIdentifierAvailable, .byte(2...)),
            (.sharedSubscriptionAvailable, .byte(2...)):
            .protocolError("\(identifier) is neither 0 nor 1")
        case (.receiveMaximum, .uint16(0)), (.maximumPacketSize, .uint32(0)), (.subscriptionIdentifier, .variable(0)):
            .protocolError("\(identifier) is 0")
        case (.topicAlias, .uint16(0)):
            PacketError(.topicAliasInvalid, "topic alias 0")
        case (.responseTopic, .text(let topic)):
            Text.fault(inTopicName: topic.readableBytesUInt8Span) == nil
                ? nil : .protocolError("the response topic is no topic name")
        default: nil
        }
    }
}
