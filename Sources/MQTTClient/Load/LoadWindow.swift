// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// The messages of one connection of a load: which are in flight, which come next, and what was said to them.
///
/// A struct, so that a whole burst is one access to its owner: in a class every field costs a check of exclusivity, which was a
/// third of the generator's time.
struct LoadWindow {
    /// What was counted.
    struct Tally: Sendable {
        var acknowledged = 0
        var refusals: [ReasonCode: (count: Int, example: String)] = [:]
        var latencies = LatencyRecorder()
    }

    let connection: Int
    let total: Int
    private let version: ProtocolVersion
    private let qualityOfService: QualityOfService
    private let produce: LoadSettings.PayloadProducer
    /// Length and bytes of the topic, as they stand in every packet.
    private var topicField = ByteBuffer()
    private var payload = ByteBuffer()
    private(set) var sent = 0
    /// Packet identifiers that are free, from 1 to the size of the window.
    private var freeIdentifiers: [UInt16] = []
    /// When the message of an identifier was sent; by identifier; 0 = not in flight.
    private var sentAt: [UInt64] = []
    private(set) var tally = Tally()

    init(settings: LoadSettings, connection: Int) {
        self.connection = connection
        total = settings.messages(ofConnection: connection)
        version = settings.options.version
        qualityOfService = settings.qualityOfService
        produce = settings.payload
        topicField.writeField(settings.topic)
    }

    /// Whether everything is sent.
    var isAllSent: Bool { sent == total }

    /// Whether everything is acknowledged.
    var isAllAcknowledged: Bool { tally.acknowledged == total }

    /// Makes room for so many messages in flight.
    mutating func open(_ inFlight: Int) {
        freeIdentifiers = (1...inFlight).reversed().map(UInt16.init)
        sentAt = [UInt64](repeating: 0, count: inFlight + 1)
    }

    /// Sends as many messages as the window has room for.
    mutating func fill(_ output: inout ByteBuffer) {
        guard sent < total, !freeIdentifiers.isEmpty else { return }
        let now = NIODeadline.now().uptimeNanoseconds
        while sent < total, let identifier = freeIdentifiers.popLast() {
            sentAt[Int(identifier)] = now
            send(identifier, &output)
        }
    }

    /// Sends messages of QoS 0 until so many bytes are gathered.
    mutating func fill(_ output: inout ByteBuffer, bytesMax: Int) {
        while sent < total, output.readableBytes < bytesMax { send(0, &output) }
    }

    /// The last acknowledgement of a message.
    mutating func acknowledged(_ identifier: UInt16, at now: UInt64) throws(PacketError) {
        let slot = Int(identifier)
        guard slot > 0, slot < sentAt.count, sentAt[slot] > 0 else {
            throw .protocolError("an acknowledgement of \(identifier), which is not in flight")
        }
        tally.latencies.record(now - min(now, sentAt[slot]))
        sentAt[slot] = 0
        tally.acknowledged += 1
        freeIdentifiers.append(identifier)
    }

    /// Counts a refusal, if it is one.
    mutating func count(_ packet: AcknowledgementPacket) {
        guard packet.reason.isFailure else { return }
        let known = tally.refusals[packet.reason]
        tally.refusals[packet.reason] = (
            count: (known?.count ?? 0) + 1, example: known?.example ?? packet.properties.reasonString ?? ""
        )
    }

    private mutating func send(_ identifier: UInt16, _ output: inout ByteBuffer) {
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
}
