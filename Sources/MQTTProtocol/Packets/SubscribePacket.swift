// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// SUBSCRIBE: asks for the messages of some topic filters (`mqtt-broker.md` section 6).
package struct SubscribePacket: Hashable, Sendable {
    /// What to do about retained messages when a subscription begins.
    package enum RetainHandling: UInt8, Sendable, CaseIterable {
        /// Send them.
        case send = 0
        /// Send them if there was no such subscription yet.
        case sendIfNew = 1
        /// Do not send them.
        case doNotSend = 2
    }

    /// One filter and its options.
    package struct Request: Hashable, Sendable {
        /// The filter: text, not empty; whether its wildcards are well placed is not checked.
        package var filter: ByteBuffer
        /// The highest QoS that the client wants.
        package var maximumQoS: QualityOfService
        /// MQTT 5: do not send the client its own messages.
        package var noLocal: Bool
        /// MQTT 5: keep the RETAIN flag as published.
        package var retainAsPublished: Bool
        /// MQTT 5.
        package var retainHandling: RetainHandling

        /// A request of these parts.
        package init(
            filter: ByteBuffer, maximumQoS: QualityOfService, noLocal: Bool = false, retainAsPublished: Bool = false,
            retainHandling: RetainHandling = .send
        ) {
            self.filter = filter
            self.maximumQoS = maximumQoS
            self.noLocal = noLocal
            self.retainAsPublished = retainAsPublished
            self.retainHandling = retainHandling
        }
    }

    /// Not 0.
    package var packetIdentifier: UInt16
    /// At least one.
    package var requests: [Request]
    /// MQTT 5 only.
    package var properties: Properties

    /// A SUBSCRIBE of these parts.
    package init(packetIdentifier: UInt16, requests: [Request], properties: Properties = Properties()) {
        self.packetIdentifier = packetIdentifier
        self.requests = requests
        self.properties = properties
    }

    /// Appends the packet.
    package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
        buffer.writePacket(.subscribe) { body in
            body.writeInteger(packetIdentifier)
            if version == .v5_0 { body.writeProperties(properties) }
            for request in requests {
                body.writeField(request.filter)
                var options = request.maximumQoS.rawValue
                if version == .v5_0 {
                    options |= request.noLocal ? 0x04 : 0
                    options |= request.retainAsPublished ? 0x08 : 0
                    options |= request.retainHandling.rawValue << 4
                }
                body.writeInteger(options)
            }
        }
    }

    /// Reads the body.
    package static func decode(_ body: ByteBuffer, _ version: ProtocolVersion) throws(PacketError) -> SubscribePacket {
        var reader = FieldReader(body)
        var packet = SubscribePacket(packetIdentifier: try reader.packetIdentifier(), requests: [])
        if version == .v5_0 { packet.properties = try Properties.read(from: &reader, in: .subscribe) }
        repeat {
            guard !reader.isAtEnd else { throw .protocolError("SUBSCRIBE without a filter") }
            let filter = try reader.filter()
            packet.requests.append(try request(filter, options: try reader.byte("options"), version))
        } while !reader.isAtEnd
        return packet
    }

    private static func request(
        _ filter: ByteBuffer, options: UInt8, _ version: ProtocolVersion
    ) throws(PacketError) -> Request {
        guard let maximumQoS = QualityOfService(rawValue: options & 0x03) else { throw .malformed("QoS 3 wanted") }
        guard version == .v5_0 else {
            // 3.1 calls the other bits unused.
            guard options & 0xfc == 0 || version == .v3_1 else { throw .malformed("reserved bits beside the QoS") }
            return Request(filter: filter, maximumQoS: maximumQoS)
        }
        guard options & 0xc0 == 0 else { throw .malformed("reserved bits in the options") }
        guard let handling = RetainHandling(rawValue: options >> 4 & 0x03) else {
            throw .protocolError("retain handling 3")
        }
        let noLocal = options & 0x04 != 0
        guard !noLocal || !Text.hasPrefix("$share/", filter.readableBytesUInt8Span) else {
            throw .protocolError("No Local on a shared subscription")
        }
        return Request(
            filter: filter, maximumQoS: maximumQoS, noLocal: noLocal, retainAsPublished: options & 0x08 != 0,
            retainHandling: handling)
    }
}

extension FieldReader {
    /// A topic filter: text, not empty [4.7.3-1].
    mutating func filter() throws(PacketError) -> ByteBuffer {
        let filter = try text("topic filter")
        guard filter.readableBytes > 0 else { throw .malformed("an empty topic filter") }
        return filter
    }
}
