// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// One connection of a load: keeps its window full, counts acknowledgements and their latencies. Costs one look at the clock
/// and one write a socket read, and no allocation a message.
final class LoadDriver: ClientBehavior {
    /// What it has counted; read when it is done.
    struct Tally: Sendable {
        var acknowledged = 0
        var refusals: [ReasonCode: (count: Int, example: String)] = [:]
        var latencies = LatencyRecorder()
    }

    private let connection: Int
    private let total: Int
    private let version: ProtocolVersion
    private let qualityOfService: QualityOfService
    private let produce: LoadSettings.PayloadProducer
    /// Length and bytes of the topic, as they stand in every packet.
    private var topicField = ByteBuffer()
    private var payload = ByteBuffer()
    private var inFlight: Int
    private var sent = 0
    /// Packet identifiers that are free, from 1 to the size of the window.
    private var freeIdentifiers: [UInt16] = []
    /// When the message of an identifier was sent; by identifier.
    private var sentAt: [UInt64] = []
    private var now: UInt64 = 0
    private var isStarted = false
    private var isPinging = false
    private(set) var progress = 0
    private var tally = Tally()
    private let promise: EventLoopPromise<Tally>
    /// Whether the socket takes more; asked only on QoS 0, which has no window.
    var isWritable: () -> Bool = { true }

    /// Bytes that QoS 0 gathers before it writes.
    private static let chunkBytes = 65_536

    init(settings: LoadSettings, connection: Int, eventLoop: any EventLoop) {
        self.connection = connection
        total = settings.messages(ofConnection: connection)
        version = settings.options.version
        qualityOfService = settings.qualityOfService
        produce = settings.payload
        inFlight = max(1, min(settings.inFlight, Int(UInt16.max)))
        topicField.writeField(settings.topic)
        promise = eventLoop.makePromise()
    }

    /// The tally when everything is acknowledged, or why it was not.
    var done: EventLoopFuture<Tally> { promise.futureResult }

    /// Sends the first messages.
    func start(output: inout ByteBuffer) {
        isStarted = true
        freeIdentifiers = (1...inFlight).reversed().map(UInt16.init)
        sentAt = [UInt64](repeating: 0, count: inFlight + 1)
        fill(&output)
    }

    // MARK: ClientBehavior

    func connected(_ connack: ConnackPacket, output: inout ByteBuffer) {
        inFlight = min(inFlight, connack.properties.integer(.receiveMaximum) ?? .max)
    }

    func received(_ frame: Frame, output: inout ByteBuffer) throws(PacketError) {
        if now == 0 { now = NIODeadline.now().uptimeNanoseconds }
        switch frame.type {
        case .puback, .pubcomp:
            // Success is two bytes and needs no decoding.
            if frame.body.readableBytes == 2,
                let identifier = frame.body.getInteger(at: frame.body.readerIndex, as: UInt16.self)
            {
                return try acknowledged(identifier)
            }
            let packet = try AcknowledgementPacket.decode(frame.body, as: frame.type, version)
            count(packet)
            try acknowledged(packet.packetIdentifier)
        case .pubrec:
            let packet = try AcknowledgementPacket.decode(frame.body, as: .pubrec, version)
            if packet.reason.isFailure {
                count(packet)
                try acknowledged(packet.packetIdentifier)
            } else {
                AcknowledgementPacket(packetIdentifier: packet.packetIdentifier)
                    .encode(as: .pubrel, into: &output, version)
            }
        case .pingresp:
            if isPinging { finish() }
        default: throw .protocolError("\(frame.type.name), though nothing was asked for")
        }
    }

    func burstEnded(output: inout ByteBuffer) {
        now = 0
        fill(&output)
    }

    func becameWritable(output: inout ByteBuffer) { fill(&output) }

    func closed(_ error: MQTTClientError) { promise.fail(error) }

    // MARK: Messages

    private func fill(_ output: inout ByteBuffer) {
        guard isStarted, !isPinging else { return }
        if qualityOfService == .atMostOnce {
            if isWritable() {
                while sent < total, output.readableBytes < Self.chunkBytes { send(0, &output) }
                progress = sent
            }
            if sent == total {
                // The answer means that the server has read everything before it.
                isPinging = true
                Packet.pingreq.encode(into: &output, version)
            }
            return
        }
        guard sent < total else {
            if tally.acknowledged == total { finish() }
            return
        }
        let sendTime = NIODeadline.now().uptimeNanoseconds
        while sent < total, let identifier = freeIdentifiers.popLast() {
            sentAt[Int(identifier)] = sendTime
            send(identifier, &output)
        }
    }

    private func send(_ identifier: UInt16, _ output: inout ByteBuffer) {
        payload.clear()
        produce(connection, sent, &payload)
        sent += 1
        var length = topicField.readableBytes + payload.readableBytes
        if identifier != 0 { length += 2 }
        if version == .v5_0 { length += 1 }
        output.writeFixedHeader(
            FixedHeader(type: .publish, flags: qualityOfService.rawValue << 1, remainingLength: length))
        output.writeImmutableBuffer(topicField)
        if identifier != 0 { output.writeInteger(identifier) }
        if version == .v5_0 { output.writeInteger(UInt8(0)) }
        output.writeImmutableBuffer(payload)
    }

    private func acknowledged(_ identifier: UInt16) throws(PacketError) {
        let slot = Int(identifier)
        guard slot > 0, slot < sentAt.count, sentAt[slot] > 0 else {
            throw .protocolError("an acknowledgement of \(identifier), which is not in flight")
        }
        tally.latencies.record(now - min(now, sentAt[slot]))
        sentAt[slot] = 0
        tally.acknowledged += 1
        progress += 1
        freeIdentifiers.append(identifier)
    }

    private func count(_ packet: AcknowledgementPacket) {
        guard packet.reason.isFailure else { return }
        let known = tally.refusals[packet.reason]
        tally.refusals[packet.reason] = (
            count: (known?.count ?? 0) + 1, example: known?.example ?? packet.properties.reasonString ?? ""
        )
    }

    private func finish() { promise.succeed(tally) }
}
