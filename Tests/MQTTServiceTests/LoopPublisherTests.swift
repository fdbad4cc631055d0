// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Ingestion
import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOPosix
import PayloadFormats
import ServerMetrics
import StorageEngine
import Testing

@testable import MQTTService

/// The publish path of one loop, with connections that only remember what they are told.
@Suite("The publisher of a loop", .timeLimit(.minutes(1)))
struct LoopPublisherTests {
    /// What the connections of a test were told, by client.
    final class Told {
        var calls: [String: [String]] = [:]
    }

    final class Sink: AcknowledgementSink {
        let client: String
        let told: Told

        init(_ client: String, _ told: Told) {
            self.client = client
            self.told = told
        }

        func batchDurable(_ ticket: UInt64) { note("durable \(ticket)") }
        func resumeReading() { note("resume") }
        func close(reason: UInt8, message: String) { note("close \(reason)") }

        private func note(_ call: String) { told.calls[client, default: []].append(call) }
    }

    /// A publisher on the server's loop, and its connections.
    final class Bench {
        let publisher: LoopPublisher
        let told = Told()
        var sessions: [String: PublishSession] = [:]

        init(_ server: Server, _ loop: any EventLoop, _ settings: MQTTServiceSettings) {
            let budget = InFlightBudget(bytesMax: settings.queueBytesMax)
            let metrics = MQTTMetrics(
                registry: MetricsRegistry(), budget: budget, deadLetters: server.deadLetters)
            publisher = LoopPublisher(
                eventLoop: loop,
                shared: MQTTServiceContext(
                    settings: settings, ingestion: server.ingestion, access: server.access,
                    formatter: JSONPayloadFormatter(), budget: budget, metrics: metrics, logger: server.lines.logger))
        }

        func publish(_ payload: String, from client: String) -> PublishOutcome {
            var session =
                sessions[client]
                ?? publisher.connected(
                    ClientFacts(
                        clientID: client, userName: nil, version: .v5_0, remoteAddress: nil, keepAliveSeconds: 0),
                    identity: .root, sink: Sink(client, told))
            sessions[client] = session
            let message = IncomingPublish(
                topic: ByteBuffer(string: "t"), payload: ByteBuffer(string: payload), qualityOfService: 1)
            return publisher.publish(message, from: &session)
        }

        func burstEnded(_ client: String) -> ReadDecision? {
            guard var session = sessions[client] else { return nil }
            return publisher.burstEnded(&session)
        }
    }

    /// Runs `body` on the loop, in one tick.
    struct Loop: Sendable {
        let server: Server
        let eventLoop: any EventLoop
        let bench: NIOLoopBound<Bench>

        init(_ server: Server, _ configure: @escaping @Sendable (inout MQTTServiceSettings) -> Void = { _ in })
            async throws
        {
            let loop = server.group.next()
            self.server = server
            eventLoop = loop
            bench = try await loop.submit {
                var settings = server.setup.service
                configure(&settings)
                return NIOLoopBound(Bench(server, loop, settings), eventLoop: loop)
            }.get()
        }

        func tick<Result: Sendable>(_ body: @escaping @Sendable (Bench) -> Result) async throws -> Result {
            try await eventLoop.submit { body(bench.value) }.get()
        }

        /// What the connections were told, once everything handed over is durable.
        func told() async throws -> [String: [String]] {
            try await server.engine.sync()
            // The writer has woken the loop for what was before the barrier.
            return try await tick { $0.told.calls }
        }
    }

    @Test("one tick is one batch, and every connection is told once a commit")
    func oneBatch() async throws {
        try await Server.run { server, _ in
            let loop = try await Loop(server)
            server.gate.hold()
            let outcomes = try await loop.tick { bench in
                (1...4).flatMap { time in ["a", "b", "c"].map { bench.publish(row(time), from: $0) } }
            }
            #expect(outcomes == [PublishOutcome](repeating: .committing(batch: 1, .success), count: 12))
            await server.gate.waitForSync()
            #expect(try await loop.tick { $0.told.calls.isEmpty })
            server.gate.release()
            #expect(try await loop.told() == ["a": ["durable 1"], "b": ["durable 1"], "c": ["durable 1"]])
        }
    }

    @Test("batches that one commit took together are told together")
    func manyBatches() async throws {
        try await Server.run { server, _ in
            let loop = try await Loop(server) { $0.batchBytesMax = 1 }
            server.gate.hold()
            _ = try await loop.tick { $0.publish(row(1), from: "a") }
            await server.gate.waitForSync()
            let outcomes = try await loop.tick { bench in (2...4).map { bench.publish(row($0), from: "a") } }
            #expect(outcomes == (2...4).map { .committing(batch: $0, .success) })
            server.gate.release()
            let calls = try await loop.told()["a"] ?? []
            // Two commits, or one wake-up for both.
            #expect(calls == ["durable 1", "durable 4"] || calls == ["durable 4"])
        }
    }

    @Test("a queue of the log that is full closes who is in the batch as busy, and nobody else")
    func overloaded() async throws {
        try await Server.run {
            $0.storage.queueBytesMax = 1
        } _: { server, _ in
            let loop = try await Loop(server) { $0.batchBytesMax = 1 }
            server.gate.hold()
            _ = try await loop.tick { $0.publish(row(1), from: "a") }
            await server.gate.waitForSync()
            // The first of these waits in the empty queue, the second finds it full.
            _ = try await loop.tick { bench in
                _ = bench.publish(row(2), from: "b")
                _ = bench.publish(row(3), from: "c")
            }
            #expect(try await loop.tick { $0.told.calls } == ["c": ["close 137"]])
            #expect(try await loop.tick { $0.sessions["c"]?.bytesInFlight } == 0)
            server.gate.release()
            // A barrier would find the queue full, too.
            while try await loop.tick({ $0.told.calls["b"] == nil }) {}
            #expect(try await loop.tick { $0.told.calls["b"] } == ["durable 2"])
            #expect(try await loop.tick { $0.told.calls["c"] } == ["close 137"])
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 2=1.0"])
            // What was dropped is not sent again by the next batch.
            _ = try await loop.tick { $0.publish(row(4), from: "d") }
            while try await loop.tick({ $0.told.calls["d"] == nil }) {}
            #expect(try server.stored() == ["root.sg.d.a 1=1.0 2=1.0 4=1.0"])
        }
    }

    @Test("a connection is paused once, and read again after the commit")
    func pausing() async throws {
        try await Server.run { server, _ in
            let loop = try await Loop(server) { $0.queueBytesMax = 10 }
            server.gate.hold()
            // Nothing in flight, nothing to wait for.
            let first = try await loop.tick { bench in
                let outcome = bench.publish("[]", from: "a")
                return (outcome, bench.burstEnded("a"))
            }
            #expect(first.0 == .settled(.success))
            #expect(first.1 == .keepReading)
            let decisions = try await loop.tick { bench in
                _ = bench.publish(row(1), from: "a")
                return [bench.burstEnded("a"), bench.burstEnded("a")]
            }
            #expect(decisions == [.pause, .pause])
            await server.gate.waitForSync()
            server.gate.release()
            #expect(try await loop.told() == ["a": ["durable 1", "resume"]])
            #expect(try await loop.tick { $0.burstEnded("a") } == .keepReading)
        }
    }

    @Test("a connection that ended while it was paused is not read again")
    func endedWhilePaused() async throws {
        try await Server.run { server, _ in
            let loop = try await Loop(server) { $0.queueBytesMax = 10 }
            server.gate.hold()
            try await loop.tick { bench in
                _ = bench.publish(row(1), from: "a")
                _ = bench.burstEnded("a")
                if let session = bench.sessions["a"] { bench.publisher.disconnected(session) }
            }
            await server.gate.waitForSync()
            server.gate.release()
            #expect(try await loop.told() == ["a": ["durable 1"]])
        }
    }
}
