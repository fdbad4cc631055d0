// SPDX-License-Identifier: Apache-2.0

import AccessControl
import DequeModule
import Ingestion
import Logging
import MQTTBroker
import NIOCore
import PayloadFormats
import ServerMetrics
import StorageEngine
import TimeSeriesModel

/// The publish path of one event loop: formats what its connections send, gathers the rows of a loop tick in one batch,
/// hands it to the log and tells the connections when it is durable (design section 2).
final class LoopPublisher: PublishHandler {
    typealias Identity = Principal
    typealias Session = PublishSession

    /// A batch on its way through the log.
    struct BatchInFlight {
        var number: UInt64
        var sessions: [(session: PublishSession, bytes: Int)]
        var handedOverAt: NIODeadline
    }

    let eventLoop: any EventLoop
    let shared: MQTTServiceContext
    private let ingestor: Ingestor
    private let formatter: any PayloadFormatter
    private var rows = IncomingRows()
    private var batch = WriteBatch()
    /// The number of the batch being filled; rises by one a hand-over.
    private var batchNumber: UInt64 = 1
    /// The connections with something in the batch being filled, and the bytes that each has in it.
    private var openSessions: [(session: PublishSession, bytes: Int)] = []
    var inFlight: Deque<BatchInFlight> = []
    var paused: [PublishSession] = []
    private var isEndOfTickScheduled = false
    private var completion: LoopCommitCompletion?
    var counters = PublishCounters()

    init(eventLoop: any EventLoop, shared: MQTTServiceContext) {
        self.eventLoop = eventLoop
        self.shared = shared
        ingestor = Ingestor(service: shared.ingestion)
        formatter = shared.formatter
        completion = LoopCommitCompletion(publisher: self, eventLoop: eventLoop)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        shared.budget.onRelief { eventLoop.execute { bound.value.resumePaused() } }
    }

    // MARK: PublishHandler

    func connected(
        _ client: ClientFacts, identity: Principal, sink: any AcknowledgementSink
    ) -> PublishSession {
        let facts = PublisherFacts(clientID: client.clientID, userName: identity.name, qualityOfService: 0)
        return PublishSession(principal: identity, publisher: facts, sink: sink)
    }

    func publish(_ publish: borrowing IncomingPublish, from session: inout PublishSession) -> PublishOutcome {
        scheduleEndOfTick()
        counters.received += 1
        counters.receivedBytes += publish.payload.readableBytes
        guard isToBeIngested(publish) else {
            counters.routedOnly += 1
            return .settled(.success)
        }
        rows.removeAll()
        let topic = publish.topic.readableBytesUInt8Span
        let payload = publish.payload.readableBytesUInt8Span
        session.publisher.qualityOfService = publish.qualityOfService
        formatter.format(topic: topic, payload: payload, publisher: session.publisher, into: &rows)
        let bytesBefore = batch.byteCount
        let verdict = ingestor.ingest(&rows, as: session.principal, into: &batch)
        counters.count(verdict, rows)
        var publishVerdict = PublishVerdict.success
        if verdict.outcome != .stored, !rows.problems.isEmpty {
            publishVerdict = report(publish, verdict, of: session)
        }
        guard batch.byteCount > bytesBefore else { return .settled(publishVerdict) }
        return .committing(batch: noteInBatch(publish, session), publishVerdict)
    }

    /// The problems of the message being judged.
    var problems: [Problem] { rows.problems }

    /// Puts a dead letter into the open batch: it commits with the rows that were accepted.
    func appendToBatch(_ letter: DeadLetter) {
        batch.append(participant: DeadLetterStore.participantID, letter.encoded().span)
    }

    func burstEnded(_ session: inout PublishSession) -> ReadDecision {
        guard session.bytesInFlight > 0, !session.isPaused else { return session.isPaused ? .pause : .keepReading }
        guard shared.budget.mustPause(ownBytes: session.bytesInFlight) || !shared.ingestion.storage.state.acceptsWrites
        else { return .keepReading }
        session.isPaused = true
        paused.append(session)
        counters.pauses += 1
        return .pause
    }

    func disconnected(_ session: PublishSession) {
        // What it has in a batch stands; its acknowledgements are dropped by the connection.
        if session.isPaused { paused.removeAll { $0 === session } }
        logSuppressed(of: session)
    }

    // MARK: Batches

    /// Whether a message is formatted at all: empty retained payloads delete, and the topic list decides.
    private func isToBeIngested(_ publish: borrowing IncomingPublish) -> Bool {
        if publish.retain, publish.payload.readableBytes == 0 { return false }
        return shared.settings.ingestTopics.matches(publish.topic.readableBytesUInt8Span)
    }

    /// Books the message on the open batch; returns the batch's number.
    private func noteInBatch(_ publish: borrowing IncomingPublish, _ session: PublishSession) -> UInt64 {
        let bytes = publish.payload.readableBytes + publish.topic.readableBytes
        session.bytesInFlight += bytes
        shared.budget.reserve(bytes)
        if session.lastBatch == batchNumber, let last = openSessions.indices.last,
            openSessions[last].session === session
        {
            openSessions[last].bytes += bytes
        } else {
            session.lastBatch = batchNumber
            openSessions.append((session, bytes))
        }
        let number = batchNumber
        if batch.byteCount >= shared.settings.batchBytesMax { handOver() }
        return number
    }

    /// The end of the tick comes after its reads: one batch for all connections that had something to read.
    private func scheduleEndOfTick() {
        guard !isEndOfTickScheduled else { return }
        isEndOfTickScheduled = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.endOfTick() }
    }

    private func endOfTick() {
        isEndOfTickScheduled = false
        handOver()
        counters.flush(into: shared.metrics)
    }

    private func handOver() {
        guard !batch.isEmpty, let completion else { return }
        let number = batchNumber
        let handedOver = BatchInFlight(number: number, sessions: openSessions, handedOverAt: .now())
        openSessions.removeAll(keepingCapacity: true)
        batchNumber += 1
        do throws(StorageError) {
            try shared.ingestion.storage.append(&batch, ticket: number, completion: completion)
            inFlight.append(handedOver)
        } catch {
            // The engine is closed, or other doors have filled its queue. Nothing of the batch was taken or will be
            // acknowledged: the clients send again.
            batch.removeAll()
            let reason: UInt8 = error.code == .overloaded ? 0x89 : 0x8b
            let message = error.message
            // At once: a later batch may be durable before the connections are closed, and its commit must not acknowledge
            // what stood before it.
            for (session, _) in handedOver.sessions { session.isFailed = true }
            // Not now: this runs inside of a connection's publish, and closing others publishes their wills.
            let bound = NIOLoopBound((publisher: self, batch: handedOver), eventLoop: eventLoop)
            eventLoop.execute { bound.value.publisher.close(bound.value.batch, reason: reason, message: message) }
        }
    }
}
