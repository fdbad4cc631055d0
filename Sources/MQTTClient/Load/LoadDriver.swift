// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// One connection of a load: keeps its window full, counts acknowledgements and their latencies. Costs one look at the clock
/// and one write a socket read, and no allocation a message.
final class LoadDriver: ClientBehavior {
    private let qualityOfService: QualityOfService
    private let version: ProtocolVersion
    private var window: LoadWindow
    private var inFlight: Int
    /// The time of the socket read that is being handled; 0 = none.
    private var now: UInt64 = 0
    private var isStarted = false
    private var isPinging = false
    private let promise: EventLoopPromise<LoadWindow.Tally>
    /// Whether the socket takes more; asked only on QoS 0, which has no window.
    var isWritable: () -> Bool = { true }

    /// Bytes that QoS 0 gathers before it writes.
    private static let chunkBytes = 65_536

    init(settings: LoadSettings, connection: Int, eventLoop: any EventLoop) {
        version = settings.options.version
        qualityOfService = settings.qualityOfService
        window = LoadWindow(settings: settings, connection: connection)
        inFlight = max(1, min(settings.inFlight, Int(UInt16.max)))
        promise = eventLoop.makePromise()
    }

    /// The tally when everything is acknowledged, or why it was not.
    var done: EventLoopFuture<LoadWindow.Tally> { promise.futureResult }

    /// Rises as long as something happens.
    var progress: Int { window.sent + window.tally.acknowledged }

    /// Whether nothing more is expected to happen.
    var isDone: Bool { isStarted && window.isAllAcknowledged }

    /// Sends the first messages.
    func start(output: inout ByteBuffer) {
        isStarted = true
        window.open(inFlight)
        proceed(&output)
    }

    // MARK: ClientBehavior

    func connected(_ connack: ConnackPacket, output: inout ByteBuffer) {
        inFlight = min(inFlight, connack.properties.integer(.receiveMaximum) ?? .max)
    }

    func received(_ frame: Frame, output: inout ByteBuffer) throws(PacketError) {
        if now == 0 { now = NIODeadline.now().uptimeNanoseconds }
        switch frame.type {
        case .puback, .pubcomp:
            let body = frame.body
            // Success is two bytes and needs no decoding.
            if body.readableBytes == 2, let identifier = body.getInteger(at: body.readerIndex, as: UInt16.self) {
                return try window.acknowledged(identifier, at: now)
            }
            try finish(AcknowledgementPacket.decode(body, as: frame.type, version))
        case .pubrec:
            let packet = try AcknowledgementPacket.decode(frame.body, as: .pubrec, version)
            if packet.reason.isFailure { return try finish(packet) }
            AcknowledgementPacket(packetIdentifier: packet.packetIdentifier)
                .encode(as: .pubrel, into: &output, version)
        case .pingresp:
            if isPinging { promise.succeed(window.tally) }
        default: throw .protocolError("\(frame.type.name), though nothing was asked for")
        }
    }

    func burstEnded(output: inout ByteBuffer) {
        now = 0
        proceed(&output)
    }

    func becameWritable(output: inout ByteBuffer) { proceed(&output) }

    func closed(_ error: MQTTClientError) { promise.fail(error) }

    // MARK: Messages

    private func finish(_ packet: AcknowledgementPacket) throws(PacketError) {
        window.count(packet)
        try window.acknowledged(packet.packetIdentifier, at: now)
    }

    /// Sends what may be sent now, and ends when nothing is left.
    private func proceed(_ output: inout ByteBuffer) {
        guard isStarted, !isPinging else { return }
        if qualityOfService != .atMostOnce {
            window.fill(&output)
            if window.isAllAcknowledged { promise.succeed(window.tally) }
            return
        }
        if isWritable() { window.fill(&output, bytesMax: Self.chunkBytes) }
        guard window.isAllSent else { return }
        // The answer means that the server has read everything before it.
        isPinging = true
        Packet.pingreq.encode(into: &output, version)
    }
}
