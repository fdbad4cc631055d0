// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

extension ConnectionStateMachine {
    /// Judges one packet of the client; call only while ``takesPackets``.
    mutating func receive(_ frame: Frame) -> Action {
        if phase == .awaitingConnect { return receiveConnect(frame.body) }
        guard phase == .connected else { return .proceed }
        do throws(PacketError) {
            switch frame.type {
            case .publish: return try receive(PublishPacket.decode(frame, version, from: .client))
            case .pubrel: pubrel(try AcknowledgementPacket.decode(frame.body, as: .pubrel, version))
            case .pubrec: pubrec(try AcknowledgementPacket.decode(frame.body, as: .pubrec, version))
            case .puback, .pubcomp:
                // Nothing is sent that it could answer; an unknown identifier is no error.
                _ = try AcknowledgementPacket.decode(frame.body, as: frame.type, version)
            case .subscribe: return subscribe(try SubscribePacket.decode(frame.body, version))
            case .unsubscribe: unsubscribe(try UnsubscribePacket.decode(frame.body, version))
            case .disconnect: return try disconnect(DisconnectPacket.decode(frame.body, version, from: .client))
            default: try receiveRare(frame)
            }
            return .proceed
        } catch {
            return .end(refuse(error))
        }
    }

    /// A packet that cannot be accepted, or bytes that are none.
    mutating func refuse(_ error: PacketError) -> Ending {
        guard phase == .connected else {
            phase = .ended
            return Ending(cause: .refused(.notMQTT), code: error.reason, message: error.message)
        }
        let reason: EndReason = error.reason == .packetTooLarge ? .packetTooLarge : .protocolError
        return endConnected(Closing(code: error.reason, reason: reason, message: error.message))
    }

    private mutating func receiveRare(_ frame: Frame) throws(PacketError) {
        switch try Packet.decode(frame, version, from: .client) {
        case .pingreq: Packet.pingresp.encode(into: &answers, version)
        case .connect: throw .protocolError("a second CONNECT")
        case .auth: throw .protocolError("AUTH without an authentication method in CONNECT")
        default: throw .protocolError("\(frame.type.name) from a client")
        }
    }

    private mutating func pubrel(_ packet: AcknowledgementPacket) {
        let identifier = packet.packetIdentifier
        var answer = AcknowledgementPacket(packetIdentifier: identifier)
        if incomingExchanges[identifier] == .received {
            incomingExchanges[identifier] = nil
            unacknowledged -= 1
        } else {
            // Free, or committing, which nobody was told yet.
            answer.reason = .packetIdentifierNotFound
        }
        answer.encode(as: .pubcomp, into: &answers, version)
    }

    /// Nothing of QoS 2 was sent, so the identifier is unknown; a refusal has ended that exchange anyway.
    private mutating func pubrec(_ packet: AcknowledgementPacket) {
        guard !packet.reason.isFailure else { return }
        AcknowledgementPacket(packetIdentifier: packet.packetIdentifier, reason: .packetIdentifierNotFound)
            .encode(as: .pubrel, into: &answers, version)
    }

    private mutating func subscribe(_ packet: SubscribePacket) -> Action {
        guard version != .v3_1 else {
            // 3.1 has no code for a failure, and granting what will never be served would be a lie.
            return .end(
                endConnected(
                    Closing(
                        code: .implementationSpecificError, reason: .protocolError,
                        message: Self.subscriptionsAreNotSupported)))
        }
        let hasIdentifier = packet.properties.value(of: .subscriptionIdentifier) != nil
        let reasons = packet.requests.map { Self.reason(against: $0.filter, hasIdentifier: hasIdentifier) }
        let version = self.version
        write(withReason: Self.subscriptionsAreNotSupported) { properties, buffer in
            SubackPacket(packetIdentifier: packet.packetIdentifier, reasons: reasons, properties: properties)
                .encode(into: &buffer, version)
        }
        return .proceed
    }

    private static var subscriptionsAreNotSupported: String { "subscriptions are not supported yet" }

    private static func reason(against filter: ByteBuffer, hasIdentifier: Bool) -> ReasonCode {
        let bytes = filter.readableBytesUInt8Span
        guard Text.isTopicFilter(bytes) else { return .topicFilterInvalid }
        if Text.hasPrefix("$share/", bytes) { return .sharedSubscriptionsNotSupported }
        if Text.fault(inTopicName: bytes) == .wildcard { return .wildcardSubscriptionsNotSupported }
        return hasIdentifier ? .subscriptionIdentifiersNotSupported : .implementationSpecificError
    }

    private mutating func unsubscribe(_ packet: UnsubscribePacket) {
        let reasons = packet.filters.map { _ in ReasonCode.noSubscriptionExisted }
        UnsubackPacket(packetIdentifier: packet.packetIdentifier, reasons: reasons).encode(into: &answers, version)
    }

    private mutating func disconnect(_ packet: DisconnectPacket) throws(PacketError) -> Action {
        let expiry = packet.properties.integer(.sessionExpiryInterval) ?? 0
        guard expiry == 0 || requestedSessionExpiry > 0 else {
            throw .protocolError("DISCONNECT asks for a session that CONNECT did not ask for")
        }
        phase = .ended
        let publishesWill = packet.reason != .success && will != nil
        return .end(
            Ending(
                cause: .ended(.disconnected), code: packet.reason,
                message: packet.properties.reasonString ?? "the client disconnected", publishesWill: publishesWill))
    }
}
