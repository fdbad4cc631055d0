// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOEmbedded
import ServerMetrics
import Testing

@testable import MQTTBroker

@Suite struct ReadingTests {
    @Test func pauseAndResume() throws {
        let connection = try Connection().connect(keepAlive: 10)
        let sink = try connection.sink()
        let before = connection.reads.reads
        connection.publishes.decision = { .pause }
        connection.publishes.outcome = { _ in .committing(batch: 1, .success) }
        try connection.send(.message("1", id: 1))
        #expect(connection.reads.reads == before)
        // Commits are acknowledged during the pause, too.
        sink.batchDurable(1)
        #expect(try connection.received() == [.puback(Packet.ack(1))])
        #expect(connection.reads.reads == before)
        // The keep-alive of 15 s stands still for 50 s; 1 s of it is gone before.
        connection.advance(seconds: 50)
        #expect(connection.isOpen)
        sink.resumeReading()
        #expect(connection.reads.reads == before + 1)
        connection.advance(seconds: 14)
        #expect(connection.isOpen)
        connection.advance(seconds: 2)
        #expect(!connection.isOpen)
        #expect(connection.events.ended(.keepAlive).value == 1)
    }

    @Test(arguments: [ProtocolVersion.v3_1_1, .v5_0]) func pauseLimit(_ version: ProtocolVersion) throws {
        let connection = try Connection().connect(version)
        connection.publishes.decision = { .pause }
        connection.publishes.outcome = { _ in .committing(batch: 1, .success) }
        try connection.send(.message("1", id: 1))
        connection.advance(seconds: 59)
        #expect(connection.isOpen)
        connection.advance(seconds: 1)
        #expect(!connection.isOpen)
        #expect(try connection.received().map(\.disconnectReason) == (version == .v5_0 ? [.serverBusy] : []))
        #expect(connection.events.ended(.pauseLimit).value == 1)
    }

    /// A pause that ended does not count toward the next one.
    @Test func pausesAreNotAddedUp() throws {
        let connection = try Connection().connect()
        connection.publishes.decision = { .pause }
        for id in UInt16(1)...5 {
            try connection.send(.message("1", id: id))
            connection.advance(seconds: 40)
            try connection.sink().resumeReading()
        }
        #expect(connection.isOpen)
    }

    @Test func aClientThatDoesNotReadIsNotRead() throws {
        let connection = try Connection().connect()
        let before = connection.reads.reads
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        try connection.send(.message("1", id: 1))
        #expect(connection.reads.reads == before)
        connection.channel.isWritable = true
        connection.channel.pipeline.fireChannelWritabilityChanged()
        #expect(connection.reads.reads == before + 1)
    }

    @Test func tooManyWaitingAcknowledgementsStopTheReading() throws {
        var limits = BrokerLimits()
        limits.waitingAcknowledgementsMax = 4
        let connection = try Connection(limits: limits).connect()
        connection.publishes.outcome = { _ in .committing(batch: 1, .success) }
        let before = connection.reads.reads
        try connection.send(.message(id: 1), .message(id: 2), .message(id: 3))
        #expect(connection.reads.reads == before + 1)
        try connection.send(.message(id: 4))
        #expect(connection.reads.reads == before + 1)
        try connection.sink().batchDurable(1)
        #expect(connection.reads.reads == before + 2)
    }

    @Test func drainingStopsTheReading() throws {
        let connection = try Connection().connect()
        let sink = try connection.sink()
        connection.publishes.outcome = { seen in
            seen.payload == "bad"
                ? .settled(PublishVerdict(reasonCode: 0x99, closesLegacyClient: true)) : .committing(batch: 1, .success)
        }
        let before = connection.reads.reads
        try connection.send(.message("good", id: 1), .message("bad", id: 2), .message("good", id: 3))
        #expect(connection.reads.reads == before)
        #expect(connection.publishes.seen.count == 2)
        #expect(connection.isOpen)
        sink.batchDurable(1)
        #expect(try connection.received() == [.puback(Packet.ack(1))])
        #expect(!connection.isOpen)
        #expect(connection.events.ended(.refusedPublish).value == 1)
    }
}
