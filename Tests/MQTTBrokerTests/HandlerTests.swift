// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOEmbedded
import ServerMetrics
import Testing

@testable import MQTTBroker

private let connectPacket = Packet.connect(ConnectPacket(version: .v3_1_1, clientID: "c"))

@Suite struct HandlerTests {
    @Test(arguments: ProtocolVersion.allCases)
    func connectAndPublishInOneSegment(_ version: ProtocolVersion) throws {
        let connection = try Connection()
        try connection.send(
            .connect(ConnectPacket(version: version, clientID: "c", userName: "u")), .message("1", id: 1),
            .message("2", id: 2), .message("3"))
        let writes = try connection.writes()
        #expect(writes.count == 1, "one write for a read")
        #expect(writes.first?.map(\.acknowledgementReason) == [nil, .success, .success])
        #expect(writes.first?.first?.connackReason == .success)
        #expect(connection.publishes.seen.map(\.payload) == ["1", "2", "3"])
        #expect(connection.publishes.identities == ["identity"])
        let facts = try #require(connection.publishes.facts.first)
        #expect(facts.clientID == "c" && facts.userName == "u" && facts.version == version)
        #expect(connection.events.messages.map(\.value) == [1, 2, 0])
        #expect(connection.events.acceptedClients.value == 1)
    }

    /// The packets after CONNECT wait for the verdict, and come after CONNACK.
    @Test func packetsWaitForTheAuthentication() throws {
        let authenticator = FakeAuthenticator(waits: true)
        let connection = try Connection(authenticator: authenticator)
        try connection.send(connectPacket, .message("1", id: 1))
        #expect(connection.publishes.seen.isEmpty)
        #expect(try connection.received().isEmpty)
        let reads = connection.reads.reads
        try connection.send(.message("2", id: 2))
        #expect(connection.reads.reads == reads, "what comes meanwhile waits in the socket")
        authenticator.answer(.accepted("who"))
        connection.channel.embeddedEventLoop.run()
        #expect(
            try connection.received() == [
                .connack(ConnackPacket(reason: .success)), .puback(Packet.ack(1)), .puback(Packet.ack(2)),
            ])
        #expect(connection.reads.reads == reads + 1)
        #expect(connection.publishes.identities == ["who"])
        #expect(connection.publishes.bursts == 1)
    }

    @Test func nothingOfARefusedClientIsProcessed() throws {
        let connection = try Connection(
            authenticator: FakeAuthenticator(verdict: .refused(.badCredentials, message: "no")))
        try connection.send(connectPacket, .message("1", id: 1))
        #expect(try connection.received() == [.connack(ConnackPacket(reason: .badUserNameOrPassword))])
        #expect(!connection.isOpen)
        #expect(connection.publishes.seen.isEmpty && connection.publishes.facts.isEmpty)
        #expect(connection.events.refused(.credentials).value == 1)
        #expect(connection.registry.connectionCount == 0)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false),
        ("192.168.127.1", false), ("2001:db8::1", false),
    ])
    func loopback(_ address: String, _ isLoopback: Bool) throws {
        let connection = try Connection(address: address)
        try connection.connect()
        #expect(connection.authenticator.requests.map(\.isLoopback) == [isLoopback])
    }

    @Test func publishAndDisconnectInOneSegment() throws {
        let connection = try Connection()
        try connection.connect()
        connection.publishes.outcome = { _ in .committing(batch: 1, .success) }
        let sink = try connection.sink()
        try connection.send(.message("1", id: 1), .disconnect(DisconnectPacket()), .message("2", id: 2))
        #expect(connection.publishes.seen.map(\.payload) == ["1"], "nothing after DISCONNECT is processed")
        #expect(connection.publishes.disconnectedClients == ["c"])
        #expect(!connection.isOpen)
        sink.batchDurable(1)
        sink.resumeReading()
        sink.close(reason: 0x8b, message: "late")
        #expect(try connection.received().isEmpty)
        #expect(connection.events.ended(.disconnected).value == 1)
    }

    @Test func acknowledgementsOfABatchLeaveInOneWrite() throws {
        let connection = try Connection()
        try connection.connect()
        connection.publishes.outcome = { seen in
            seen.payload == "refused" ? .settled(PublishVerdict(reasonCode: 0x99)) : .committing(batch: 3, .success)
        }
        try connection.send(
            .message("a", id: 1), .message("refused", id: 2), .message("b", id: 3), .pingreq,
            .message("c", id: 4, qos: .exactlyOnce))
        #expect(try connection.received() == [.pingresp])
        try connection.sink().batchDurable(2)
        #expect(try connection.writes().isEmpty)
        try connection.sink().batchDurable(3)
        #expect(
            try connection.writes() == [
                [.puback(Packet.ack(1)), .puback(Packet.ack(2)), .puback(Packet.ack(3)), .pubrec(Packet.ack(4))]
            ])
    }

    /// The publish handler may call back while it is being called: for example when the log refuses a batch.
    @Test func callsBackWhileAMessageIsHandedOver() throws {
        let connection = try Connection()
        try connection.connect(.v5_0)
        let sink = try connection.sink()
        connection.publishes.outcome = { seen in
            if seen.payload == "2" { sink.batchDurable(1) }
            if seen.payload == "3" {
                sink.resumeReading()
                sink.close(reason: 0x80, message: "the log failed")
            }
            return .committing(batch: seen.payload == "1" ? 1 : 2, .success)
        }
        try connection.send(.message("1", id: 1), .message("2", id: 2), .message("3", id: 3), .message("4", id: 4))
        let received = try connection.received()
        #expect(received.first == .puback(Packet.ack(1)))
        #expect(received.last?.disconnectReason == .unspecifiedError)
        #expect(received.count == 2)
        #expect(connection.publishes.seen.map(\.payload) == ["1", "2", "3"])
        #expect(connection.publishes.disconnectedClients == ["c"])
    }

    @Test func everyTruncationOfAConversation() throws {
        let will = ConnectPacket.Will(topic: text("w"), payload: text("gone"))
        for version in ProtocolVersion.allCases {
            var conversation = ByteBuffer()
            let packets: [Packet] = [
                .connect(
                    ConnectPacket(version: version, clientID: "c", userName: "u", password: text("p"), will: will)),
                .message("1", id: 1), .message("2", id: 2, qos: .exactlyOnce), .pubrel(Packet.ack(2)), .message("3"),
                .pingreq, .disconnect(DisconnectPacket()),
            ]
            for packet in packets { packet.encode(into: &conversation, version) }
            for length in 0...conversation.readableBytes {
                let connection = try Connection()
                connection.version = version
                try connection.send(conversation.getSlice(at: 0, length: length) ?? ByteBuffer())
                let hasConnected = connection.publishes.facts.count == 1
                _ = try? connection.channel.finish(acceptAlreadyClosed: true)
                let wasClean = length == conversation.readableBytes
                #expect(connection.publishes.seen.contains { $0.isWill } == (hasConnected && !wasClean), "\(length)")
                #expect(connection.publishes.disconnectedClients.count == connection.publishes.facts.count)
                #expect(connection.registry.connectionCount == 0 && connection.registry.clientCount == 0)
                #expect(connection.events.openConnections.value == 0)
            }
        }
    }

    @Test func byteByByte() throws {
        let connection = try Connection()
        var conversation = connectPacket.encoded(.v3_1_1)
        for packet in [Packet.message("1", id: 1), .message("2", id: 2)] { packet.encode(into: &conversation, .v3_1_1) }
        for byte in conversation.readableBytesView { try connection.send(ByteBuffer(bytes: [byte])) }
        #expect(try connection.received().count == 3)
        #expect(connection.publishes.seen.map(\.payload) == ["1", "2"])
    }

    @Test(arguments: [ProtocolVersion.v3_1_1, .v5_0]) func packetSizeLimit(_ version: ProtocolVersion) throws {
        var limits = BrokerLimits()
        limits.messageBytesMax = 100
        let connection = try Connection(limits: limits)
        try connection.connect(version)
        let overhead = version == .v5_0 ? 6 : 5
        try connection.send(.message(String(repeating: "x", count: 100 - overhead), id: 1))
        #expect(try connection.received() == [.puback(Packet.ack(1))])
        try connection.send(.message(String(repeating: "x", count: 101 - overhead), id: 2))
        #expect(try connection.received().map(\.disconnectReason) == (version == .v5_0 ? [.packetTooLarge] : []))
        #expect(!connection.isOpen)
        #expect(connection.publishes.seen.count == 1)
        #expect(connection.events.ended(.packetTooLarge).value == 1)
    }

    @Test func connectSizeLimit() throws {
        var limits = BrokerLimits()
        limits.connectBytesMax = 20
        let connection = try Connection(limits: limits)
        try connection.send(.connect(ConnectPacket(version: .v3_1_1, clientID: String(repeating: "x", count: 30))))
        #expect(!connection.isOpen)
        #expect(try connection.received().isEmpty)
        #expect(connection.events.refused(.notMQTT).value == 1)
        // It is the limit of CONNECT only.
        let small = try Connection(limits: limits).connect()
        try small.send(.message(String(repeating: "x", count: 1_000), id: 1))
        #expect(try small.received() == [.puback(Packet.ack(1))])
    }

    @Test func anythingButConnectFirst() throws {
        for packet in [Packet.pingreq, .message("x"), .disconnect(DisconnectPacket())] {
            let connection = try Connection()
            try connection.send(packet)
            #expect(!connection.isOpen)
            #expect(try connection.received().isEmpty)
        }
        let connection = try Connection()
        try connection.send(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        #expect(!connection.isOpen)
    }

    @Test func connectionLimit() throws {
        var limits = BrokerLimits()
        limits.connectionsMax = 2
        let registry = ClientRegistry()
        let first = try Connection(limits: limits, registry: registry).connect(id: "1")
        let second = try Connection(limits: limits, registry: registry)
        let third = try Connection(limits: limits, registry: registry)
        #expect(first.isOpen && second.isOpen && !third.isOpen)
        #expect(third.events.refused(.busy).value == 1)
        _ = try second.channel.finish(acceptAlreadyClosed: true)
        #expect(try Connection(limits: limits, registry: registry).isOpen)
    }

    @Test func unfinishedPacketsShareALimit() throws {
        var limits = BrokerLimits()
        limits.unfinishedBytesMax = 10_000
        limits.unfinishedBytesFree = 1_000
        let registry = ClientRegistry()
        let begin = Packet.message(String(repeating: "x", count: 50_000), id: 1).encoded(.v5_0)
        func start(_ id: String, _ bytes: Int) throws -> Connection {
            let connection = try Connection(limits: limits, registry: registry).connect(.v5_0, id: id)
            try connection.send(begin.getSlice(at: 0, length: bytes) ?? ByteBuffer())
            return connection
        }
        let first = try start("1", 9_000), second = try start("2", 900), third = try start("3", 900)
        #expect(registry.unfinishedBytes == 10_800)
        #expect(first.isOpen && second.isOpen && third.isOpen, "a little is free")
        let fourth = try start("4", 1_001)
        #expect(!fourth.isOpen)
        #expect(try fourth.received().map(\.disconnectReason) == [.quotaExceeded])
        #expect(fourth.events.ended(.unfinishedPackets).value == 1)
        #expect(registry.unfinishedBytes == 10_800)
        _ = try first.channel.finish(acceptAlreadyClosed: true)
        try second.send(begin.getSlice(at: 900, length: begin.readableBytes - 900) ?? ByteBuffer())
        #expect(try second.received() == [.puback(Packet.ack(1))])
        _ = try third.channel.finish(acceptAlreadyClosed: true)
        #expect(registry.unfinishedBytes == 0)
    }

    @Test func aBrokenPacketEndsTheConnectionAndPublishesTheWill() throws {
        let connection = try Connection()
        let will = ConnectPacket.Will(topic: text("w"), payload: text("gone"), qualityOfService: .atLeastOnce)
        try connection.send(.connect(ConnectPacket(version: .v5_0, clientID: "c", will: will)), .message("1"))
        _ = try connection.received()
        try connection.send(ByteBuffer(bytes: [0xf7]))
        #expect(try connection.received().map(\.disconnectReason) == [.malformedPacket])
        #expect(connection.publishes.seen.last == Seen(client: "c", topic: "w", payload: "gone", qos: 1, isWill: true))
        #expect(connection.publishes.disconnectedClients == ["c"])
        #expect(connection.events.publishedWills.value == 1)
    }

    @Test func everyMetricIsListed() {
        let registry = MetricsRegistry()
        let events = BrokerEvents(registry: registry)
        events.refused(.version).increment()
        let names = Set(registry.samples().map(\.name))
        #expect(names.isSuperset(of: ["mqtt_connections", "mqtt_packets_received_total", "mqtt_disconnects_total"]))
    }
}
