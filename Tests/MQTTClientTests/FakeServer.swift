// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MQTTClient

/// A server that answers as a test tells it, on a port of its own.
final class FakeServer: Sendable {
    /// What to write for a packet; nil = close the connection.
    typealias Answer = @Sendable (Packet, ProtocolVersion) -> [Packet]?

    let channel: any Channel
    let log: ServerLog

    private init(channel: any Channel, log: ServerLog) {
        self.channel = channel
        self.log = log
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(
        _ group: any EventLoopGroup, _ answer: @escaping Answer = FakeServer.obedient
    ) async throws -> FakeServer {
        let log = ServerLog()
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FakeServerHandler(answer, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return FakeServer(channel: channel, log: log)
    }

    /// Says yes to everything.
    static let obedient: Answer = { packet, version in
        switch packet {
        case .connect: return [.connack(ConnackPacket(reason: .success))]
        case .publish(let publish):
            let answer = AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)
            switch publish.qualityOfService {
            case .atMostOnce: return []
            case .atLeastOnce: return [.puback(answer)]
            case .exactlyOnce: return [.pubrec(answer)]
            }
        case .pubrel(let packet):
            return [.pubcomp(AcknowledgementPacket(packetIdentifier: packet.packetIdentifier))]
        case .pingreq: return [.pingresp]
        case .disconnect: return nil
        default: return []
        }
    }
}

/// What all connections of a fake server have received.
final class ServerLog: Sendable {
    private let packets = Mutex<[Packet]>([])
    private let ended = AsyncStream.makeStream(of: Void.self)

    var all: [Packet] { packets.withLock { $0 } }
    var publishes: [PublishPacket] {
        all.compactMap { packet in
            if case .publish(let publish) = packet { return publish }
            return nil
        }
    }
    var connects: [ConnectPacket] {
        all.compactMap { packet in
            if case .connect(let connect) = packet { return connect }
            return nil
        }
    }
    func add(_ packet: Packet) { packets.withLock { $0.append(packet) } }
    func connectionEnded() { ended.continuation.yield() }
    /// Waits until one connection has ended and everything that it sent is in the log.
    func waitForEnd() async { for await _ in ended.stream { return } }
}

private final class FakeServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: FakeServer.Answer
    private let log: ServerLog
    private var frames = FrameReader(from: .client, remainingLengthMax: 1 << 20)
    private var version = ProtocolVersion.v3_1_1

    init(_ answer: @escaping FakeServer.Answer, _ log: ServerLog) {
        self.answer = answer
        self.log = log
    }

    func channelInactive(context: ChannelHandlerContext) { log.connectionEnded() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        do {
            var output = ByteBuffer()
            while let frame = try frames.next() {
                let packet = try Packet.decode(frame, version, from: .client)
                if case .connect(let connect) = packet {
                    version = connect.version
                    frames.version = version
                }
                log.add(packet)
                guard let answers = answer(packet, version) else { return context.close(promise: nil) }
                for answer in answers { answer.encode(into: &output, version) }
            }
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        } catch {
            Issue.record("the client sent \(error)")
            context.close(promise: nil)
        }
    }
}

/// Runs a test with an event loop group and a fake server, and ends both.
func withServer(
    _ answer: @escaping FakeServer.Answer = FakeServer.obedient,
    _ body: (FakeServer, MultiThreadedEventLoopGroup) async throws -> Void
) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let server = try await FakeServer.start(group, answer)
    do {
        try await body(server, group)
    } catch {
        Issue.record(error)
    }
    // A test may have closed it already.
    try? await server.channel.close()
    try await group.shutdownGracefully()
}

func options(_ server: FakeServer, _ version: ProtocolVersion = .v3_1_1) -> ClientOptions {
    var options = ClientOptions(host: "127.0.0.1", port: server.port)
    options.version = version
    options.clientID = "client"
    return options
}
