// SPDX-License-Identifier: Apache-2.0

/// The publish handler's session of one connection, so that the calls of a message go through no existential.
final class PublishSession<P: PublishHandler> {
    private let handler: P
    private var session: P.Session

    init(_ handler: P, _ session: P.Session) {
        self.handler = handler
        self.session = session
    }

    func publish(_ publish: borrowing IncomingPublish) -> PublishOutcome { handler.publish(publish, from: &session) }

    func burstEnded() -> ReadDecision { handler.burstEnded(&session) }

    func disconnected() { handler.disconnected(session) }
}
