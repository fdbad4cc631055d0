// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

extension ConnectionStateMachine {
    /// Judges a CONNECT as far as it can be without knowing users (`mqtt-broker.md` sections 3 and 4).
    mutating func receiveConnect(_ body: ByteBuffer) -> Action {
        let packet: ConnectPacket
        do {
            packet = try ConnectPacket.decode(body)
        } catch {
            return .end(refuse(error))
        }
        version = packet.version
        keepAliveSeconds = packet.keepAliveSeconds
        userName = packet.userName
        clientPacketBytesMax = packet.properties.integer(.maximumPacketSize) ?? .max
        wantsProblemInformation = packet.properties.integer(.requestProblemInformation) != 0
        requestedSessionExpiry = packet.properties.integer(.sessionExpiryInterval) ?? 0
        if let refusal = refusal(of: packet) { return .end(refusal) }
        isClientIDAssigned = packet.clientID.isEmpty
        clientID = isClientIDAssigned ? Self.makeClientID() : packet.clientID
        // The packet is a slice of what the socket read; the will lives as long as the connection, so it is copied.
        will = packet.will.map { will in
            IncomingPublish(
                topic: will.topic.detached(), payload: will.payload.detached(),
                qualityOfService: will.qualityOfService.rawValue, retain: will.retain, isWill: true,
                properties: will.properties.detached())
        }
        phase = .authenticating
        return .authenticate(
            AuthenticationRequest(
                clientID: clientID, userName: packet.userName,
                password: packet.password.map { Array($0.readableBytesView) }, isLoopback: isLoopback,
                version: version))
    }

    /// The client is who it says: answers, and takes its packets from now on.
    mutating func accept() -> Ending? {
        guard phase == .authenticating else { return nil }
        let packet = ConnackPacket(reason: .success, properties: version == .v5_0 ? offer() : Properties())
        let start = answers.writerIndex
        packet.encode(into: &answers, version)
        // CONNACK is larger than any acknowledgement, so this makes all of them fit.
        if answers.writerIndex - start > clientPacketBytesMax {
            answers.moveWriterIndex(to: start)
            phase = .ended
            return Ending(
                cause: .refused(.notSupported), code: .packetTooLarge,
                message: "CONNACK does not fit into the client's maximum packet size of \(clientPacketBytesMax) bytes")
        }
        phase = .connected
        return nil
    }

    /// The client is not let in.
    mutating func refuse(_ refusal: AuthenticationRefusal, message: String) -> Ending? {
        guard phase == .authenticating else { return nil }
        switch refusal {
        case .badCredentials: return refuse(.badUserNameOrPassword, .credentials, message)
        case .notAuthorized: return refuse(.notAuthorized, .notAuthorized, message)
        case .busy: return refuse(.serverUnavailable, .busy, message)
        }
    }

    /// Answers a CONNECT that is refused, in the form that its sender understands.
    private mutating func refuse(_ error: ConnectError) -> Ending {
        guard let answerVersion = error.answerVersion else {
            phase = .ended
            return Ending(cause: .refused(.notMQTT), code: error.error.reason, message: error.error.message)
        }
        version = answerVersion
        let isVersion = error.error.reason == .unsupportedProtocolVersion
        return refuse(error.error.reason, isVersion ? .version : .notMQTT, error.error.message)
    }

    /// What this server does not accept in a well-formed CONNECT.
    private mutating func refusal(of packet: ConnectPacket) -> Ending? {
        if packet.properties.value(of: .authenticationMethod) != nil {
            return refuse(.badAuthenticationMethod, .notSupported, "enhanced authentication is not supported")
        }
        if packet.clientID.isEmpty, version == .v3_1 || (version == .v3_1_1 && !packet.isCleanStart) {
            return refuse(
                .clientIdentifierNotValid, .identifier,
                version == .v3_1
                    ? "MQTT 3.1 wants a client identifier" : "an empty client identifier wants a clean session")
        }
        guard let will = packet.will else { return nil }
        if let fault = faultOfTopic(will.topic) {
            return refuse(.topicNameInvalid, .notSupported, "the will: \(fault)")
        }
        if version == .v5_0, will.retain {
            return refuse(
                .retainNotSupported, .notSupported, "retained messages are not available, also not for a will")
        }
        return nil
    }

    private mutating func refuse(_ code: ReasonCode, _ reason: RefusalReason, _ message: String) -> Ending {
        phase = .ended
        will = nil
        var ending = Ending(cause: .refused(reason), code: code, message: message)
        guard version == .v5_0 else {
            // Where no return code fits, 3.x is closed without a word [3:3.2.2-6].
            guard ConnectReturnCode(code) != nil else { return ending }
            ConnackPacket(reason: code).encode(into: &answers, version)
            ending.lingers = true
            return ending
        }
        write(withReason: message, isAlwaysAllowed: true) { properties, buffer in
            ConnackPacket(reason: code, properties: properties).encode(into: &buffer, .v5_0)
        }
        ending.lingers = true
        return ending
    }

    /// Everything in which this server differs from the defaults of MQTT 5 [5:3.2.2-9].
    private func offer() -> Properties {
        var properties = Properties()
        if requestedSessionExpiry > 0 { properties.append(Property(.sessionExpiryInterval, .uint32(0))) }
        if limits.receiveMaximum != .max {
            properties.append(Property(.receiveMaximum, .uint16(limits.receiveMaximum)))
        }
        properties.append(Property(.retainAvailable, .byte(0)))
        let length = limits.messageBytesMax
        properties.append(
            Property(.maximumPacketSize, .uint32(UInt32(1 + VariableByteInteger.length(of: length) + length))))
        if isClientIDAssigned {
            properties.append(Property(.assignedClientIdentifier, .text(ByteBuffer(string: clientID))))
        }
        if limits.topicAliasMaximum > 0 {
            properties.append(Property(.topicAliasMaximum, .uint16(limits.topicAliasMaximum)))
        }
        properties.append(Property(.wildcardSubscriptionAvailable, .byte(0)))
        properties.append(Property(.subscriptionIdentifierAvailable, .byte(0)))
        properties.append(Property(.sharedSubscriptionAvailable, .byte(0)))
        return properties
    }

    /// An identifier that nobody can guess, and so nobody can take over.
    private static func makeClientID() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = String(generator.next(), radix: 36), low = String(generator.next(), radix: 36)
        return "apus-\(high)\(low)"
    }
}

extension ByteBuffer {
    /// A copy that does not keep the buffer of a socket read alive.
    func detached() -> ByteBuffer {
        var copy = ByteBufferAllocator().buffer(capacity: readableBytes)
        copy.writeImmutableBuffer(self)
        return copy
    }
}
