// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOPosix
import Testing

/// A client that sends exactly what it is told, and shows every packet that comes.
final class RawClient {
    let channel: any Channel
    private let version: ProtocolVersion
    private var packets: AsyncStream<Packet>.Iterator

    private init(_ channel: any Channel, _ version: ProtocolVersion, _ stream: AsyncStream<Packet>) {
        self.channel = channel
        self.version = version
        packets = stream.makeAsyncIterator()
    }

    static func open(_ server: Server, _ port: Int, _ version: ProtocolVersion = .v5_0) async throws -> RawClient {
        let (stream, continuation) = AsyncStream.makeStream(of: Packet.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PacketCollector(version, continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel, version, stream)
    }

    /// Connected and let in.
    static func connected(
        _ server: Server, _ port: Int, _ version: ProtocolVersion = .v5_0, id: String = "raw", user: String = "root",
        password: String = "root", will: ConnectPacket.Will? = nil
    ) async throws -> RawClient {
        let client = try await open(server, port, version)
        try await client.send(connect(version, id: id, user: user, password: password, will: will))
        guard case .connack(let answer)? = try await client.next(), answer.reason == .success else {
            throw NotLetIn()
        }
        return client
    }

    static func connect(
        _ version: ProtocolVersion = .v5_0, id: String = "raw", user: String? = "root", password: String? = "root",
        isCleanStart: Bool = true, will: ConnectPacket.Will? = nil
    ) -> Packet {
        .connect(
            ConnectPacket(
                version: version, clientID: id, isCleanStart: isCleanStart, userName: user,
                password: password.map { ByteBuffer(string: $0) }, will: will))
    }

    /// All packets in one write.
    func send(_ packets: Packet...) async throws { try await send(packets) }

    func send(_ packets: [Packet]) async throws {
        var buffer = ByteBuffer()
        for packet in packets { packet.encode(into: &buffer, version) }
        try await channel.writeAndFlush(buffer)
    }

    /// The next packet; nil = the connection has ended.
    func next() async throws -> Packet? { await packets.next(isolation: #isolation) }

    func next(_ count: Int) async throws -> [Packet] {
        var found: [Packet] = []
        while found.count < count, let packet = try await next() { found.append(packet) }
        return found
    }

    /// Waits for the end, and for what the server said last.
    func waitForEnd() async throws -> Packet? {
        var last: Packet?
        while let packet = try await next() { last = packet }
        return last
    }

    struct NotLetIn: Error {}
}

func publish(
    _ payload: String, _ identifier: UInt16 = 0, _ quality: QualityOfService = .atLeastOnce, topic: String = "t",
    retain: Bool = false, again: Bool = false
) -> Packet {
    .publish(
        PublishPacket(
            topic: ByteBuffer(string: topic), payload: ByteBuffer(string: payload), qualityOfService: quality,
            packetIdentifier: identifier, retain: retain, isDuplicate: again))
}

func puback(_ identifier: UInt16) -> Packet { .puback(AcknowledgementPacket(packetIdentifier: identifier)) }
func pubrec(_ identifier: UInt16) -> Packet { .pubrec(AcknowledgementPacket(packetIdentifier: identifier)) }

extension Packet {
    /// Packet identifier and reason of a PUBACK.
    var acknowledged: (identifier: UInt16, reason: UInt8, text: String?)? {
        guard case .puback(let packet) = self else { return nil }
        return (packet.packetIdentifier, packet.reason.rawValue, packet.properties.text(.reasonString))
    }

    var disconnectReason: UInt8? {
        guard case .disconnect(let packet) = self else { return nil }
        return packet.reason.rawValue
    }
}

private final class PacketCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let version: ProtocolVersion
    private let continuation: AsyncStream<Packet>.Continuation
    private var frames = FrameReader(from: .server, remainingLengthMax: 1 << 20)

    init(_ version: ProtocolVersion, _ continuation: AsyncStream<Packet>.Continuation) {
        self.version = version
        self.continuation = continuation
        frames.version = version
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        do {
            while let frame = try frames.next() {
                continuation.yield(try Packet.decode(frame, version, from: .server))
            }
        } catch {
            Issue.record("the server sent \(error)")
        }
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
