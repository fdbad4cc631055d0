// SPDX-License-Identifier: Apache-2.0

import Logging
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import MQTTBroker

/// A message as the fake publish handler saw it.
struct Seen: Equatable {
    var client: String
    var topic: String
    var payload: String
    var qos: UInt8
    var isWill = false
}

/// Remembers what it was given and answers as told.
final class FakePublishHandler: PublishHandler {
    typealias Identity = String
    typealias Session = FakeSession

    final class FakeSession {
        let client: String
        let identity: String
        let sink: any AcknowledgementSink
        init(client: String, identity: String, sink: any AcknowledgementSink) {
            self.client = client
            self.identity = identity
            self.sink = sink
        }
    }

    var seen: [Seen] = []
    var identities: [String] = []
    var facts: [ClientFacts] = []
    var sinks: [String: any AcknowledgementSink] = [:]
    var disconnectedClients: [String] = []
    var bursts = 0
    var outcome: (Seen) -> PublishOutcome = { _ in .settled(.success) }
    var decision: () -> ReadDecision = { .keepReading }

    func connected(_ client: ClientFacts, identity: String, sink: any AcknowledgementSink) -> FakeSession {
        identities.append(identity)
        facts.append(client)
        sinks[client.clientID] = sink
        return FakeSession(client: client.clientID, identity: identity, sink: sink)
    }

    func publish(_ publish: borrowing IncomingPublish, from session: inout FakeSession) -> PublishOutcome {
        let message = Seen(
            client: session.client, topic: publish.topic.text, payload: publish.payload.text,
            qos: publish.qualityOfService, isWill: publish.isWill)
        seen.append(message)
        return outcome(message)
    }

    func burstEnded(_ session: inout FakeSession) -> ReadDecision {
        bursts += 1
        return decision()
    }

    func disconnected(_ session: FakeSession) { disconnectedClients.append(session.client) }
}

/// Lets everybody in at once, or when the test says so.
final class FakeAuthenticator: Authenticator {
    typealias Identity = String
    typealias Completion = @Sendable (AuthenticationVerdict<String>) -> Void

    let waits: Bool
    let verdict: AuthenticationVerdict<String>
    private let state = Mutex<(requests: [AuthenticationRequest], completions: [Completion])>(([], []))

    init(waits: Bool = false, verdict: AuthenticationVerdict<String> = .accepted("identity")) {
        self.waits = waits
        self.verdict = verdict
    }

    var requests: [AuthenticationRequest] { state.withLock { $0.requests } }

    func authenticate(_ request: AuthenticationRequest, completion: @escaping Completion) {
        state.withLock { state in
            state.requests.append(request)
            if waits { state.completions.append(completion) }
        }
        if !waits { completion(verdict) }
    }

    /// Answers all that wait.
    func answer(_ verdict: AuthenticationVerdict<String>) {
        let completions = state.withLock { state in
            defer { state.completions = [] }
            return state.completions
        }
        for completion in completions { completion(verdict) }
    }
}

/// Counts the reads that reach the socket.
final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    var reads = 0

    func read(context: ChannelHandlerContext) {
        reads += 1
        context.read()
    }
}

/// One connection over an embedded channel.
final class Connection {
    let channel = EmbeddedChannel()
    let publishes: FakePublishHandler
    let authenticator: FakeAuthenticator
    let registry: ClientRegistry
    let events: BrokerEvents
    let reads = ReadCounter()
    let handler: MQTTConnectionHandler<FakeAuthenticator, FakePublishHandler>
    var version = ProtocolVersion.v3_1_1
    private var hasConnack = false

    init(
        limits: BrokerLimits = BrokerLimits(), publishes: FakePublishHandler = FakePublishHandler(),
        authenticator: FakeAuthenticator = FakeAuthenticator(), registry: ClientRegistry = ClientRegistry(),
        events: BrokerEvents = BrokerEvents(), address: String = "127.0.0.1", activates: Bool = true
    ) throws {
        self.publishes = publishes
        self.authenticator = authenticator
        self.registry = registry
        self.events = events
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .trace
        handler = MQTTConnectionHandler(
            authenticator: authenticator, publishHandler: publishes, registry: registry, limits: limits, events: events,
            logger: logger)
        let peer = try SocketAddress(ipAddress: address, port: 5_000)
        channel.remoteAddress = peer
        try channel.pipeline.syncOperations.addHandlers([reads, handler])
        if activates { try channel.connect(to: peer).wait() }
    }

    var isOpen: Bool { channel.isActive }

    /// One socket read with all of these packets in it.
    func send(_ packets: Packet...) throws {
        var bytes = ByteBuffer()
        for packet in packets {
            if case .connect(let connect) = packet { version = connect.version }
            packet.encode(into: &bytes, version)
        }
        try send(bytes)
    }

    func send(_ bytes: ByteBuffer) throws {
        _ = try channel.writeInbound(bytes)
        channel.read()
    }

    /// Connects, with CONNACK read already.
    @discardableResult
    func connect(_ version: ProtocolVersion = .v3_1_1, id: String = "c", keepAlive: UInt16 = 0) throws -> Self {
        try send(.connect(ConnectPacket(version: version, clientID: id, keepAliveSeconds: keepAlive)))
        #expect(try received().first?.connackReason == .success)
        return self
    }

    /// One element for every write to the socket.
    func writes() throws -> [[Packet]] {
        var all: [[Packet]] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            all.append(try packets(bytes, version, isFirst: !hasConnack))
            hasConnack = true
        }
        return all
    }

    func received() throws -> [Packet] { try writes().flatMap { $0 } }

    func advance(seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

    func sink(_ id: String = "c") throws -> any AcknowledgementSink { try #require(publishes.sinks[id]) }
}
