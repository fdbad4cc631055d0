// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// Every packet in every version and direction, small and with everything in it.
let samples: [Sample] = ProtocolVersion.allCases.flatMap { version in
    (fromClient(version).map { Sample(packet: $0, sender: .client, version: version) }
        + fromServer(version).map { Sample(packet: $0, sender: .server, version: version) })
}

private func fromClient(_ version: ProtocolVersion) -> [Packet] {
    let isNew = version == .v5_0
    var packets = connects(version) + publishes(version) + acknowledgements(version)
    packets += [
        .subscribe(
            SubscribePacket(
                packetIdentifier: 10,
                requests: [
                    .init(filter: text("a/+"), maximumQoS: .exactlyOnce),
                    .init(
                        filter: text("#"), maximumQoS: .atMostOnce, noLocal: isNew, retainAsPublished: isNew,
                        retainHandling: isNew ? .doNotSend : .send),
                ])),
        .unsubscribe(UnsubscribePacket(packetIdentifier: 11, filters: [text("a/+"), text("b")])),
        .pingreq, .disconnect(DisconnectPacket()),
    ]
    guard isNew else { return packets }
    return packets + [
        .subscribe(
            SubscribePacket(
                packetIdentifier: 12, requests: [.init(filter: text("a"), maximumQoS: .atLeastOnce)],
                properties: Properties([
                    Property(.subscriptionIdentifier, .variable(300)),
                    Property(.userProperty, .pair(text("k"), text("v"))),
                ]))),
        .disconnect(DisconnectPacket(reason: .disconnectWithWill)),
        .disconnect(
            DisconnectPacket(
                reason: .unspecifiedError,
                properties: Properties([Property(.sessionExpiryInterval, .uint32(60))]))),
        .auth(AuthPacket()),
        .auth(
            AuthPacket(
                reason: .continueAuthentication,
                properties: Properties([
                    Property(.authenticationMethod, .text(text("SCRAM"))),
                    Property(.authenticationData, .binary(hex("00ff"))),
                ]))),
    ]
}

private func connects(_ version: ProtocolVersion) -> [Packet] {
    let isNew = version == .v5_0
    var full = ConnectPacket(
        version: version, clientID: "device-1", isCleanStart: false, keepAliveSeconds: 60,
        userName: "root",
        password: text("pässword"),
        will: .init(
            topic: text("w/1"), payload: hex("00ff10"), qualityOfService: .exactlyOnce, retain: true))
    if isNew {
        full.properties = Properties([
            Property(.sessionExpiryInterval, .uint32(3_600)), Property(.receiveMaximum, .uint16(20)),
            Property(.maximumPacketSize, .uint32(100_000)), Property(.topicAliasMaximum, .uint16(5)),
            Property(.requestResponseInformation, .byte(1)),
            Property(.requestProblemInformation, .byte(0)),
            Property(.userProperty, .pair(text("a"), text("1"))),
            Property(.userProperty, .pair(text("a"), text("2"))),
            Property(.authenticationMethod, .text(text("m"))),
        ])
        full.will?.properties = Properties([
            Property(.willDelayInterval, .uint32(5)), Property(.messageExpiryInterval, .uint32(7)),
            Property(.contentType, .text(text("application/json"))),
        ])
    }
    return [.connect(ConnectPacket(version: version, clientID: isNew ? "" : "c")), .connect(full)]
}

private func publishes(_ version: ProtocolVersion) -> [Packet] {
    var packets = QualityOfService.allCases.map { qos in
        Packet.publish(
            PublishPacket(
                topic: text("root/sg/d1"), payload: text("{\"a\":1}"), qualityOfService: qos,
                packetIdentifier: qos == .atMostOnce ? 0 : 7, retain: qos == .atLeastOnce,
                isDuplicate: qos == .exactlyOnce))
    }
    packets.append(.publish(PublishPacket(topic: text("温度/é"), payload: ByteBuffer())))
    packets.append(
        .publish(
            PublishPacket(topic: text("long"), payload: ByteBuffer(repeating: 0x61, count: 20_000))))
    guard version == .v5_0 else { return packets }
    let properties = Properties([
        Property(.payloadFormatIndicator, .byte(1)), Property(.topicAlias, .uint16(3)),
        Property(.responseTopic, .text(text("answer/1"))),
        Property(.correlationData, .binary(hex("0102"))),
        Property(.userProperty, .pair(text("k"), text(""))),
    ])
    packets.append(
        .publish(
            PublishPacket(
                topic: ByteBuffer(), payload: text("x"), qualityOfService: .atLeastOnce,
                packetIdentifier: 65_535,
                properties: properties)))
    return packets
}

private func acknowledgements(_ version: ProtocolVersion) -> [Packet] {
    let plain = AcknowledgementPacket(packetIdentifier: 258)
    var packets: [Packet] = [.puback(plain), .pubrec(plain), .pubrel(plain), .pubcomp(plain)]
    guard version == .v5_0 else { return packets }
    let why = Properties([
        Property(.reasonString, .text(text("no"))),
        Property(.userProperty, .pair(text("a"), text("b"))),
    ])
    packets += [
        .puback(AcknowledgementPacket(packetIdentifier: 1, reason: .payloadFormatInvalid)),
        .pubrec(AcknowledgementPacket(packetIdentifier: 2, reason: .notAuthorized, properties: why)),
        .pubrel(AcknowledgementPacket(packetIdentifier: 3, reason: .packetIdentifierNotFound)),
        .pubcomp(
            AcknowledgementPacket(packetIdentifier: 4, reason: .packetIdentifierNotFound, properties: why)
        ),
        .puback(AcknowledgementPacket(packetIdentifier: 5, reason: .success, properties: why)),
    ]
    return packets
}

private func fromServer(_ version: ProtocolVersion) -> [Packet] {
    var packets = publishes(version) + acknowledgements(version)
    packets += [
        .connack(ConnackPacket(reason: .success, isSessionPresent: version != .v3_1)),
        .connack(ConnackPacket(reason: .badUserNameOrPassword)),
        .suback(SubackPacket(packetIdentifier: 10, reasons: [.success, .grantedQoS2])),
        .unsuback(
            UnsubackPacket(
                packetIdentifier: 11, reasons: version == .v5_0 ? [.success, .noSubscriptionExisted] : [])),
        .pingresp,
    ]
    if version == .v3_1_1 {
        packets.append(.suback(SubackPacket(packetIdentifier: 9, reasons: [.unspecifiedError])))
    }
    guard version == .v5_0 else { return packets }
    return packets + [
        .connack(
            ConnackPacket(
                reason: .success,
                properties: Properties([
                    Property(.receiveMaximum, .uint16(100)), Property(.maximumQoS, .byte(1)),
                    Property(.retainAvailable, .byte(0)), Property(.maximumPacketSize, .uint32(1_048_580)),
                    Property(.assignedClientIdentifier, .text(text("apus-1"))),
                    Property(.serverKeepAlive, .uint16(30)),
                    Property(.wildcardSubscriptionAvailable, .byte(0)),
                    Property(.subscriptionIdentifierAvailable, .byte(0)),
                    Property(.sharedSubscriptionAvailable, .byte(0)),
                    Property(.responseInformation, .text(text("r"))),
                    Property(.serverReference, .text(text("other:1883"))),
                ]))),
        .suback(
            SubackPacket(
                packetIdentifier: 12, reasons: [.wildcardSubscriptionsNotSupported],
                properties: Properties([Property(.reasonString, .text(text("no")))]))),
        .disconnect(DisconnectPacket(reason: .serverShuttingDown)),
        .disconnect(
            DisconnectPacket(
                reason: .packetTooLarge,
                properties: Properties([Property(.reasonString, .text(text("big")))]))),
        .publish(
            PublishPacket(
                topic: text("t"), payload: text("p"),
                properties: Properties([
                    Property(.subscriptionIdentifier, .variable(1)),
                    Property(.subscriptionIdentifier, .variable(2)),
                ]))),
    ]
}
