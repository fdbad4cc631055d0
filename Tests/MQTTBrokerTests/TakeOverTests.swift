// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOEmbedded
import ServerMetrics
import Synchronization
import Testing

@testable import MQTTBroker

@Suite struct TakeOverTests {
    private func connectPacket(_ version: ProtocolVersion, will: String? = nil) -> Packet {
        .connect(
            ConnectPacket(
                version: version, clientID: "x", will: will.map { .init(topic: text("w"), payload: text($0)) }))
    }

    @Test(arguments: [ProtocolVersion.v3_1_1, .v5_0])
    func theOldConnectionEndsBeforeTheNewOneIsAnswered(_ version: ProtocolVersion) throws {
        let registry = ClientRegistry(), publishes = FakePublishHandler(), events = BrokerEvents()
        let old = try Connection(publishes: publishes, registry: registry, events: events)
        try old.send(connectPacket(version, will: "gone"))
        #expect(try old.received().count == 1)
        // Another event loop: nothing happens there until it runs.
        let new = try Connection(publishes: publishes, registry: registry, events: events)
        try new.send(connectPacket(.v3_1_1))
        #expect(try new.received().isEmpty)
        #expect(old.isOpen)
        old.channel.embeddedEventLoop.run()
        #expect(!old.isOpen)
        #expect(try old.received().map(\.disconnectReason) == (version == .v5_0 ? [.sessionTakenOver] : []))
        #expect(publishes.seen == [Seen(client: "x", topic: "w", payload: "gone", qos: 0, isWill: true)])
        #expect(publishes.disconnectedClients == ["x"])
        new.channel.embeddedEventLoop.run()
        #expect(try new.received() == [.connack(ConnackPacket(reason: .success))])
        #expect(registry.clientCount == 1 && registry.connectionCount == 1)
        #expect(events.takeOvers.value == 1 && events.ended(.takenOver).value == 1)
        // The end of the old one does not take the identifier from the new one.
        try new.send(.message("1", id: 1))
        #expect(try new.received() == [.puback(Packet.ack(1))])
    }

    @Test func twoHundredTimesInARow() throws {
        let registry = ClientRegistry(), publishes = FakePublishHandler()
        var connections: [Connection] = []
        for _ in 0..<200 {
            let connection = try Connection(publishes: publishes, registry: registry)
            try connection.send(connectPacket(.v5_0))
            connections.last?.channel.embeddedEventLoop.run()
            connection.channel.embeddedEventLoop.run()
            #expect(try connection.received().first?.connackReason == .success)
            connections.append(connection)
        }
        #expect(connections.filter(\.isOpen).count == 1)
        #expect(registry.clientCount == 1 && registry.connectionCount == 1)
        #expect(publishes.disconnectedClients.count == 199)
    }

    /// A third client may come while the second still waits for the first to end.
    @Test func threeAtOnce() throws {
        let registry = ClientRegistry()
        let first = try Connection(registry: registry).connect(id: "x")
        let second = try Connection(registry: registry)
        try second.send(connectPacket(.v3_1_1))
        let third = try Connection(registry: registry)
        try third.send(connectPacket(.v3_1_1))
        for _ in 0..<3 {
            for connection in [third, second, first] { connection.channel.embeddedEventLoop.run() }
        }
        #expect(!first.isOpen && !second.isOpen && third.isOpen)
        #expect(try second.received().isEmpty)
        #expect(try third.received().count == 1)
        #expect(registry.clientCount == 1 && registry.connectionCount == 1)
    }

    @Test func theNewOneGivesUpMeanwhile() throws {
        let registry = ClientRegistry()
        let old = try Connection(registry: registry).connect(id: "x")
        let new = try Connection(registry: registry)
        try new.send(connectPacket(.v3_1_1))
        _ = try new.channel.finish(acceptAlreadyClosed: true)
        old.channel.embeddedEventLoop.run()
        #expect(!old.isOpen)
        #expect(registry.clientCount == 0 && registry.connectionCount == 0)
        #expect(new.publishes.facts.isEmpty)
    }

    @Test func closeAll() throws {
        let registry = ClientRegistry()
        let connected = try Connection(registry: registry).connect(.v5_0, id: "a")
        let old = try Connection(registry: registry).connect(.v3_1_1, id: "b")
        let waiting = try Connection(registry: registry)
        registry.closeAll(reason: 0x8b, message: "the server is shutting down")
        for connection in [connected, old, waiting] { connection.channel.embeddedEventLoop.run() }
        #expect(try connected.received().map(\.disconnectReason) == [.serverShuttingDown])
        #expect(try old.received().isEmpty)
        #expect(!connected.isOpen && !old.isOpen && !waiting.isOpen)
        #expect(registry.connectionCount == 0)
        #expect(try !Connection(registry: registry).isOpen, "nobody is let in any more")
    }

    @Test func closeAllAndWaitReturnsWhenEverybodyHasEnded() async {
        let registry = ClientRegistry()
        let ended = EndedCount()
        let (closings, continuation) = AsyncStream.makeStream(of: (@Sendable () -> Void).self)
        for _ in 0..<3 {
            let number = registry.open(
                limit: 3,
                ConnectionHandle { closing, done in
                    #expect(closing.code == .serverShuttingDown)
                    continuation.yield(done)
                })
            #expect(number != nil)
        }
        let ender = Task {
            for await done in closings.prefix(3) {
                ended.add()
                done()
            }
        }
        await registry.closeAllAndWait(reason: 0x8b, message: "the server is shutting down")
        #expect(ended.value == 3)
        await ender.value
        await ClientRegistry().closeAllAndWait(reason: 0x8b, message: "nobody is here")
    }
}

private final class EndedCount: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .acquiring) }
    func add() { count.add(1, ordering: .acquiringAndReleasing) }
}
