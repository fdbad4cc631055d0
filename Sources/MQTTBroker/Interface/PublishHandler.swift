// SPDX-License-Identifier: Apache-2.0

/// Takes what clients publish. One value serves all connections of one event loop and is called on that loop only.
///
/// While one of its methods runs it may call the sink of any connection; calls for the connection being served take
/// effect when the method has returned.
package protocol PublishHandler<Identity, Session>: SendableMetatype {
    /// Who a client is: the `Identity` of the ``Authenticator`` beside it.
    associatedtype Identity: Sendable
    /// What the handler keeps of one connection.
    associatedtype Session

    /// A client was accepted; its publishes follow, in order. `sink` stays valid until ``disconnected(_:)`` and does
    /// nothing afterwards.
    func connected(_ client: ClientFacts, identity: Identity, sink: any AcknowledgementSink) -> Session

    /// One message. Its buffers are only good during the call: copy what is kept. The outcome decides the
    /// acknowledgement (`mqtt-payloads.md` sections 9 and 10).
    func publish(_ publish: borrowing IncomingPublish, from session: inout Session) -> PublishOutcome

    /// Everything of one socket read was handed over, or a pause is over; decides whether reading goes on. After
    /// `.pause` the connection waits for ``AcknowledgementSink/resumeReading()``.
    func burstEnded(_ session: inout Session) -> ReadDecision

    /// The connection is gone, its will (if due) was published before. Called exactly once per session.
    func disconnected(_ session: Session)
}

/// What became of a message that a ``PublishHandler`` was given.
package enum PublishOutcome: Sendable, Equatable {
    /// Nothing of it waits for the disk; acknowledged as soon as everything before it is.
    case settled(PublishVerdict)
    /// Part of a batch; acknowledged when ``AcknowledgementSink/batchDurable(_:)`` names this batch or a later one.
    /// Batch numbers never fall on a connection and are above 0.
    case committing(batch: UInt64, PublishVerdict)
}

/// What the client is told about its message.
package struct PublishVerdict: Sendable, Equatable {
    /// The reason code of PUBACK or PUBREC on MQTT 5; 0x80 and above are refusals that no resending cures.
    package var reasonCode: UInt8
    /// One sentence for people, MQTT 5 only; left out if the client did not ask for it or it does not fit.
    package var reasonString: String?
    /// Whether a client of 3.x, whose acknowledgement has no reason, is closed instead of acknowledged.
    package var closesLegacyClient: Bool

    /// A verdict of these parts.
    package init(reasonCode: UInt8, reasonString: String? = nil, closesLegacyClient: Bool = false) {
        self.reasonCode = reasonCode
        self.reasonString = reasonString
        self.closesLegacyClient = closesLegacyClient
    }

    /// All is well.
    package static let success = PublishVerdict(reasonCode: 0)
}

/// Whether a connection's socket is read on.
package enum ReadDecision: Sendable, Equatable {
    /// Go on.
    case keepReading
    /// Stop until ``AcknowledgementSink/resumeReading()``; the keep-alive clock stands still meanwhile.
    case pause
}

/// The way back from a ``PublishHandler`` to one connection; used on the connection's event loop only.
package protocol AcknowledgementSink: AnyObject {
    /// Every batch up to `ticket` is durable and visible: writes the acknowledgements that waited for it.
    func batchDurable(_ ticket: UInt64)
    /// Ends the pause that ``ReadDecision/pause`` began.
    func resumeReading()
    /// Ends the connection: MQTT 5 gets DISCONNECT with `reason`. The will is published. Acknowledgements that wait are
    /// dropped, so that the client sends again.
    func close(reason: UInt8, message: String)
}
