// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

extension ConnectionStateMachine {
    /// Judges a message up to the point where somebody has to look at its content (`mqtt-payloads.md` section 9, steps 2
    /// and 3).
    mutating func receive(_ packet: PublishPacket) throws(PacketError) -> Action {
        guard !packet.retain || version != .v5_0 else {
            throw PacketError(.retainNotSupported, "a retained message, though CONNACK said that there are none")
        }
        let topic = version == .v5_0 && !packet.properties.isEmpty ? try resolve(packet) : packet.topic
        let receipt = PublishReceipt(
            qualityOfService: packet.qualityOfService, packetIdentifier: packet.packetIdentifier)
        if let fault = faultOfTopic(topic) {
            guard version == .v5_0 else { return .end(endForTopic(fault)) }
            guard try book(receipt) else { return .proceed }
            let verdict = PublishVerdict(reasonCode: ReasonCode.topicNameInvalid.rawValue, reasonString: fault)
            return settle(receipt, .settled(verdict)).map { .end($0) } ?? .proceed
        }
        guard try book(receipt) else { return .proceed }
        return .publish(
            IncomingPublish(
                topic: topic, payload: packet.payload, qualityOfService: packet.qualityOfService.rawValue,
                retain: packet.retain, properties: packet.properties), receipt)
    }

    /// What this server has against a legal topic name.
    func faultOfTopic(_ topic: ByteBuffer) -> String? {
        let bytes = topic.readableBytesUInt8Span
        guard bytes.count > 0 else { return nil }
        if bytes[0] == UInt8(ascii: "$") {
            for prefix in ["$SYS/", "$share/", "$queue/", "$CONTROL/"] where Text.hasPrefix(prefix, bytes) {
                return "topics below \(prefix) are reserved"
            }
        }
        // A topic has at most one level more than bytes, so short ones need no counting.
        guard bytes.count >= limits.topicLevelsMax else { return nil }
        var levels = 1
        for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "/") { levels += 1 }
        return levels > limits.topicLevelsMax ? "a topic has at most \(limits.topicLevelsMax) levels" : nil
    }

    private mutating func endForTopic(_ fault: String) -> Ending {
        endConnected(Closing(code: .topicNameInvalid, reason: .refusedPublish, message: fault))
    }

    /// The topic of a message whose alias, if it has one, is noted or looked up (`mqtt-broker.md` section 12.3).
    private mutating func resolve(_ packet: PublishPacket) throws(PacketError) -> ByteBuffer {
        guard let alias = packet.properties.integer(.topicAlias) else { return packet.topic }
        guard alias <= Int(limits.topicAliasMaximum) else {
            throw PacketError(.topicAliasInvalid, "topic alias \(alias); the maximum is \(limits.topicAliasMaximum)")
        }
        if packet.topic.readableBytes == 0 {
            guard alias <= aliases.count, aliases[alias - 1].readableBytes > 0 else {
                throw .protocolError("topic alias \(alias) is not set")
            }
            return aliases[alias - 1]
        }
        while aliases.count < alias { aliases.append(ByteBuffer()) }
        aliases[alias - 1] = packet.topic.detached()
        return packet.topic
    }

    /// Notes a message of QoS 1 or 2. False = it is known and must not be handled again; its answer is under way.
    private mutating func book(_ receipt: PublishReceipt) throws(PacketError) -> Bool {
        switch receipt.qualityOfService {
        case .atMostOnce: return true
        case .atLeastOnce:
            try takeSlot()
            return true
        case .exactlyOnce:
            let identifier = receipt.packetIdentifier
            switch incomingExchanges[identifier] {
            case .committing: return false
            case .received:
                enqueue(
                    WaitingAcknowledgement(
                        ticket: 0, kind: .pubrecAgain, packetIdentifier: identifier, reason: .success))
                return false
            case nil:
                try takeSlot()
                incomingExchanges[identifier] = .committing
                return true
            }
        }
    }

    private mutating func takeSlot() throws(PacketError) {
        guard version != .v5_0 || unacknowledged < Int(limits.receiveMaximum) else {
            throw PacketError(
                .receiveMaximumExceeded, "more than \(limits.receiveMaximum) messages without acknowledgement")
        }
        unacknowledged += 1
    }
}
