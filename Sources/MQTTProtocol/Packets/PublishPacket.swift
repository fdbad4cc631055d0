// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// PUBLISH: a message. Topic and payload are slices of what was read; no string is made of them.
package struct PublishPacket: Hashable, Sendable {
    /// The topic name as bytes: legal, without wildcards; empty only with a topic alias.
    package var topic: ByteBuffer
    /// The application bytes.
    package var payload: ByteBuffer
    /// 0 on QoS 0, else not 0.
    package var packetIdentifier: UInt16
    /// The QoS.
    package var qualityOfService: QualityOfService
    /// The RETAIN flag.
    package var retain: Bool
    /// The DUP flag: it may have been sent before.
    package var isDuplicate: Bool
    /// MQTT 5 only.
    package var properties: Properties

    /// A PUBLISH of these parts.
    package init(
        topic: ByteBuffer, payload: ByteBuffer, qualityOfService: QualityOfService = .atMostOnce,
        packetIdentifier: UInt16 = 0, retain: Bool = false, isDuplicate: Bool = false,
        properties: Properties = Properties()
    ) {
        self.topic = topic
        self.payload = payload
        self.qualityOfService = qualityOfService
        self.packetIdentifier = packetIdentifier
        self.retain = retain
        self.isDuplicate = isDuplicate
        self.properties = properties
    }

    /// Reads a packet whose flags were checked with the fixed header.
    package static func decode(
        _ frame: Frame, _ version: ProtocolVersion, from sender: Peer
    ) throws(PacketError) -> PublishPacket {
        guard let qualityOfService = QualityOfService(rawValue: frame.flags >> 1 & 0x03) else {
            throw .malformed("QoS 3")
        }
        var body = frame.body
        guard let topicLength = body.readInteger(as: UInt16.self), let topic = body.readSlice(length: Int(topicLength))
        else { throw .malformed("topic name runs past the packet") }
        var identifier: UInt16 = 0
        if qualityOfService != .atMostOnce {
            guard let value = body.readInteger(as: UInt16.self) else {
                throw .malformed("packet identifier runs past the packet")
            }
            guard value != 0 else { throw .protocolError("packet identifier 0") }
            identifier = value
        }
        var properties = Properties()
        if version == .v5_0 {
            var reader = FieldReader(body)
            properties = try Properties.read(
                from: &reader, in: sender == .client ? .publishFromClient : .publishFromServer)
            body = reader.rest()
        }
        if let fault = Text.fault(inTopicName: topic.readableBytesUInt8Span) { try check(fault, properties) }
        return PublishPacket(
            topic: topic, payload: body, qualityOfService: qualityOfService, packetIdentifier: identifier,
            retain: frame.flags & 1 != 0, isDuplicate: frame.flags & 8 != 0, properties: properties)
    }

    private static func check(_ fault: Text.NameFault, _ properties: Properties) throws(PacketError) {
        switch fault {
        case .notText: throw .malformed("the topic name is not well-formed UTF-8, or has a U+0000")
        case .wildcard: throw PacketError(.topicNameInvalid, "the topic name has a wildcard")
        case .empty:
            guard properties.value(of: .topicAlias) != nil else { throw .protocolError("the topic name is empty") }
        }
    }

    /// Appends the packet.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        let identifierLength = qualityOfService == .atMostOnce ? 0 : 2
        let propertiesLength = version == .v5_0 ? properties.encodedLength : 0
        let length = 2 + topic.readableBytes + identifierLength + propertiesLength + payload.readableBytes
        buffer.writeFixedHeader(FixedHeader(type: .publish, flags: flags, remainingLength: length))
        buffer.writeField(topic)
        if identifierLength > 0 { buffer.writeInteger(packetIdentifier) }
        if version == .v5_0 { buffer.writeProperties(properties) }
        buffer.writeImmutableBuffer(payload)
    }

    private var flags: UInt8 {
        qualityOfService.rawValue << 1 | (retain ? 1 : 0) | (isDuplicate ? 8 : 0)
    }
}
