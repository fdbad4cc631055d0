// SPDX-License-Identifier: Apache-2.0

package import NIOCore

extension ConnectPacket {
    /// Reads the body of a CONNECT. The error tells in which form, if any, it may be answered.
    package static func decode(_ body: ByteBuffer) throws(ConnectError) -> ConnectPacket {
        var reader = FieldReader(body)
        let version: ProtocolVersion
        do {
            version = try readVersion(&reader)
        } catch let error as ConnectError {
            throw error
        } catch let error as PacketError {
            throw ConnectError(error, answerVersion: nil)
        } catch {
            throw ConnectError(.malformed("\(error)"), answerVersion: nil)
        }
        do {
            return try decode(&reader, version)
        } catch {
            throw ConnectError(error, answerVersion: version)
        }
    }

    /// Protocol name and level.
    private static func readVersion(_ reader: inout FieldReader) throws -> ProtocolVersion {
        let name = try reader.text("protocol name").text
        let level = try reader.byte("protocol level")
        guard name == "MQTT" || name == "MQIsdp" else {
            throw ConnectError(.malformed("the protocol is not MQTT"), answerVersion: nil)
        }
        if let version = ProtocolVersion(rawValue: level), version.protocolName == name { return version }
        // A level above 5 gets the form of 5.0. From 0x80 on it is a bridge, which sets the highest bit for a private
        // extension of 3.1 and 3.1.1 and knows only their form.
        let isLater = name == "MQTT" && (6..<0x80).contains(level)
        throw ConnectError(
            PacketError(.unsupportedProtocolVersion, "protocol level \(level) of \(name) is not supported"),
            answerVersion: isLater ? .v5_0 : .v3_1_1)
    }

    private static func decode(
        _ reader: inout FieldReader, _ version: ProtocolVersion
    ) throws(PacketError) -> ConnectPacket {
        let flags = Flags(rawValue: try reader.byte("connect flags"))
        try check(flags, version)
        let keepAlive = try reader.uint16("keep alive")
        var packet = ConnectPacket(
            version: version, clientID: "", isCleanStart: flags.isCleanStart, keepAliveSeconds: keepAlive)
        if version == .v5_0 { packet.properties = try Properties.read(from: &reader, in: .connect) }
        packet.clientID = try reader.text("client identifier").text
        if flags.hasWill { packet.will = try readWill(&reader, flags, version) }
        // 3.1: a packet may end before a name or password that its flags announce; then there is none.
        if flags.hasUserName, version != .v3_1 || !reader.isAtEnd {
            packet.userName = try reader.text("user name").text
        }
        if flags.hasPassword, version != .v3_1 || !reader.isAtEnd {
            packet.password = try reader.binary("password")
        }
        try reader.end(.connect)
        return packet
    }

    private static func check(_ flags: Flags, _ version: ProtocolVersion) throws(PacketError) {
        guard !flags.isReservedSet || version == .v3_1 else { throw .malformed("the reserved connect flag is set") }
        guard flags.hasWill || (flags.willQoS == 0 && !flags.isWillRetained) else {
            throw .malformed("will QoS or will retain without a will")
        }
        guard flags.willQoS < 3 else { throw .malformed("will QoS 3") }
        guard !flags.hasPassword || flags.hasUserName || version == .v5_0 else {
            throw .malformed("a password without a user name")
        }
    }

    private static func readWill(
        _ reader: inout FieldReader, _ flags: Flags, _ version: ProtocolVersion
    ) throws(PacketError) -> Will {
        let properties = version == .v5_0 ? try Properties.read(from: &reader, in: .will) : Properties()
        let topic = try reader.binary("will topic")
        switch Text.fault(inTopicName: topic.readableBytesUInt8Span) {
        case nil: break
        case .notText: throw .malformed("the will topic is not well-formed UTF-8, or has a U+0000")
        case .empty: throw PacketError(.topicNameInvalid, "the will topic is empty")
        case .wildcard: throw PacketError(.topicNameInvalid, "the will topic has a wildcard")
        }
        let payload = try reader.binary("will payload")
        return Will(
            topic: topic, payload: payload,
            qualityOfService: QualityOfService(rawValue: flags.willQoS) ?? .atMostOnce, retain: flags.isWillRetained,
            properties: properties)
    }
}
