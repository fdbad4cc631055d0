// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// Publishes messages with a window of unacknowledged ones, and matches acknowledgements to them.
final class Publisher: ClientBehavior {
    typealias Completion = @Sendable (Result<PublishAcknowledgement, MQTTClientError>) -> Void

    private struct Exchange {
        let completion: Completion
        let sentAt: NIODeadline
        let qualityOfService: QualityOfService
        /// QoS 2: PUBREL was sent.
        var isReleased = false
    }

    private let version: ProtocolVersion
    private let eventLoop: any EventLoop
    private var inFlightMax: Int
    private var exchanges: [UInt16: Exchange] = [:]
    private var waiting: CircularBuffer<(packet: PublishPacket, completion: Completion)> = []
    private var lastIdentifier: UInt16 = 0
    private var failure: MQTTClientError?
    private let closedPromise: EventLoopPromise<MQTTClientError>

    init(options: ClientOptions, eventLoop: any EventLoop) {
        version = options.version
        self.eventLoop = eventLoop
        inFlightMax = max(1, min(options.inFlightMax, Int(UInt16.max)))
        closedPromise = eventLoop.makePromise()
    }

    /// Why the connection ended, once it has.
    var ended: EventLoopFuture<MQTTClientError> { closedPromise.futureResult }

    func publish(_ packet: PublishPacket, output: inout ByteBuffer, completion: @escaping Completion) {
        if let failure { return completion(.failure(failure)) }
        guard packet.qualityOfService != .atMostOnce else {
            packet.encode(into: &output, version)
            let now = eventLoop.now
            return completion(.success(PublishAcknowledgement(reason: .success, sentAt: now, acknowledgedAt: now)))
        }
        guard exchanges.count < inFlightMax else { return waiting.append((packet, completion)) }
        send(packet, &output, completion)
    }

    // MARK: ClientBehavior

    func connected(_ connack: ConnackPacket, output: inout ByteBuffer) {
        inFlightMax = min(inFlightMax, connack.properties.integer(.receiveMaximum) ?? .max)
    }

    func received(_ frame: Frame, output: inout ByteBuffer) throws(PacketError) {
        switch frame.type {
        case .puback, .pubcomp:
            try finish(AcknowledgementPacket.decode(frame.body, as: frame.type, version), &output)
        case .pubrec:
            let packet = try AcknowledgementPacket.decode(frame.body, as: .pubrec, version)
            guard !packet.reason.isFailure else { return finish(packet, &output) }
            let isKnown = exchanges[packet.packetIdentifier] != nil
            exchanges[packet.packetIdentifier]?.isReleased = true
            AcknowledgementPacket(
                packetIdentifier: packet.packetIdentifier, reason: isKnown ? .success : .packetIdentifierNotFound
            )
            .encode(as: .pubrel, into: &output, version)
        case .pingresp: break
        default: throw .protocolError("\(frame.type.name), though nothing was asked for")
        }
    }

    func burstEnded(output: inout ByteBuffer) {}

    func becameWritable(output: inout ByteBuffer) {}

    func closed(_ error: MQTTClientError) {
        failure = error
        let open = exchanges.values.map(\.completion) + waiting.map(\.completion)
        exchanges.removeAll()
        waiting.removeAll()
        for completion in open { completion(.failure(error)) }
        closedPromise.succeed(error)
    }

    // MARK: Exchanges

    private func send(_ packet: PublishPacket, _ output: inout ByteBuffer, _ completion: @escaping Completion) {
        repeat {
            lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
        } while exchanges[lastIdentifier] != nil
        var packet = packet
        packet.packetIdentifier = lastIdentifier
        exchanges[lastIdentifier] = Exchange(
            completion: completion, sentAt: eventLoop.now, qualityOfService: packet.qualityOfService)
        packet.encode(into: &output, version)
    }

    private func finish(_ packet: AcknowledgementPacket, _ output: inout ByteBuffer) {
        guard let exchange = exchanges.removeValue(forKey: packet.packetIdentifier) else { return }
        exchange.completion(
            .success(
                PublishAcknowledgement(
                    reason: packet.reason, reasonString: packet.properties.reasonString, sentAt: exchange.sentAt,
                    acknowledgedAt: eventLoop.now)))
        while exchanges.count < inFlightMax, let next = waiting.popFirst() {
            send(next.packet, &output, next.completion)
        }
    }
}
