// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

extension ConnectionStateMachine {
    /// Books what became of a message that ``Action/publish(_:_:)`` handed over. Its acknowledgement waits for its batch
    /// and for the acknowledgements of the messages before it.
    mutating func settle(_ receipt: PublishReceipt, _ outcome: PublishOutcome) -> Ending? {
        guard phase == .connected else { return nil }
        let ticket: UInt64, verdict: PublishVerdict
        switch outcome {
        case .settled(let settled): (ticket, verdict) = (0, settled)
        case .committing(let batch, let committing): (ticket, verdict) = (batch, committing)
        }
        let kind: WaitingAcknowledgement.Kind
        if verdict.closesLegacyClient, version != .v5_0 {
            kind = .close
            phase = .draining
        } else {
            switch receipt.qualityOfService {
            case .atMostOnce: return nil
            case .atLeastOnce: kind = .puback
            case .exactlyOnce: kind = .pubrec
            }
        }
        return enqueue(
            WaitingAcknowledgement(
                ticket: ticket, kind: kind, packetIdentifier: receipt.packetIdentifier,
                reason: Self.legal(verdict.reasonCode), reasonString: verdict.reasonString))
    }

    /// Everything up to `ticket` is durable: writes what waited for it, in order.
    mutating func durable(_ ticket: UInt64) -> Ending? {
        durableTicket = max(durableTicket, ticket)
        while let first = waiting.first, first.ticket <= durableTicket, phase != .ended {
            waiting.removeFirst()
            if let ending = write(first) { return ending }
        }
        return nil
    }

    @discardableResult
    mutating func enqueue(_ acknowledgement: WaitingAcknowledgement) -> Ending? {
        guard waiting.isEmpty, acknowledgement.ticket <= durableTicket else {
            waiting.append(acknowledgement)
            return nil
        }
        return write(acknowledgement)
    }

    private mutating func write(_ acknowledgement: WaitingAcknowledgement) -> Ending? {
        let identifier = acknowledgement.packetIdentifier
        switch acknowledgement.kind {
        case .puback:
            unacknowledged -= 1
            write(acknowledgement, as: .puback)
        case .pubrec:
            if version == .v5_0, acknowledgement.reason.isFailure {
                // A refusal ends the exchange: no PUBREL comes [5:4.3.3-9].
                incomingExchanges[identifier] = nil
                unacknowledged -= 1
            } else {
                incomingExchanges[identifier] = .received
            }
            write(acknowledgement, as: .pubrec)
        case .pubrecAgain:
            // The client may have gone on meanwhile; then it does not need it.
            if incomingExchanges[identifier] == .received { write(acknowledgement, as: .pubrec) }
        case .close:
            let message = acknowledgement.reasonString ?? "a message was refused"
            return endConnected(Closing(code: acknowledgement.reason, reason: .refusedPublish, message: message))
        }
        return nil
    }

    private mutating func write(_ acknowledgement: WaitingAcknowledgement, as type: PacketType) {
        let identifier = acknowledgement.packetIdentifier, reason = acknowledgement.reason
        guard version == .v5_0, let text = acknowledgement.reasonString else {
            AcknowledgementPacket(packetIdentifier: identifier, reason: reason)
                .encode(as: type, into: &answers, version)
            return
        }
        write(withReason: text) { properties, buffer in
            AcknowledgementPacket(packetIdentifier: identifier, reason: reason, properties: properties)
                .encode(as: type, into: &buffer, .v5_0)
        }
    }

    /// Only codes of PUBACK and PUBREC may leave in them [5:3.4.2-1].
    private static func legal(_ code: UInt8) -> ReasonCode {
        guard code != 0 else { return .success }
        let reason = ReasonCode(rawValue: code)
        return reason.isLegal(in: .puback) ? reason : .unspecifiedError
    }

    /// Writes a packet with a reason string if the client wants one and it fits, else without [5:3.1.2-29] [5:3.4.2-2].
    mutating func write(
        withReason text: String, isAlwaysAllowed: Bool = false,
        _ encode: (borrowing Properties, inout ByteBuffer) -> Void
    ) {
        guard version == .v5_0, wantsProblemInformation || isAlwaysAllowed else {
            encode(Properties(), &answers)
            return
        }
        let start = answers.writerIndex
        var properties = Properties()
        properties.append(reasonString: Self.reasonString(text))
        encode(properties, &answers)
        if answers.writerIndex - start > clientPacketBytesMax {
            answers.moveWriterIndex(to: start)
            encode(Properties(), &answers)
        }
    }

    /// Bytes of a reason string at most.
    private static var reasonBytesMax: Int { 1_024 }

    /// Text that may stand in a packet: bounded, and without U+0000.
    private static func reasonString(_ text: String) -> String {
        guard text.utf8.count > reasonBytesMax || text.utf8.contains(0) else { return text }
        // A character that is cut becomes U+FFFD.
        return String(
            decoding: text.utf8.prefix(reasonBytesMax).map { $0 == 0 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    }
}
