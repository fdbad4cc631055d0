// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Ingestion
import Logging
import MQTTBroker
import NIOCore
import PayloadFormats
import TimeSeriesModel

extension LoopPublisher {
    /// Logs a refusal, keeps it as a dead letter in the batch, and says what the client is told.
    func report(
        _ publish: borrowing IncomingPublish, _ verdict: IngestionVerdict, of session: PublishSession
    ) -> PublishVerdict {
        let now = shared.ingestion.arrivalMilliseconds()
        keepDeadLetter(publish, of: session, atMilliseconds: now)
        let summary = verdict.summary(problems)
        if let line = session.refusalLog.line(atMilliseconds: now) {
            log(publish, of: session, summary: summary ?? "", suppressed: line.suppressed)
        }
        return PublishVerdict(
            reasonCode: verdict.outcome.reasonCode, reasonString: summary,
            closesLegacyClient: shared.settings.closesOnRefusal && verdict.storedRows == 0)
    }

    /// A connection ends: what its log kept quiet since its last line is told now.
    func logSuppressed(of session: PublishSession) {
        guard session.refusalLog.suppressed > 0 else { return }
        shared.logger.warning(
            "publishes refused without a line of their own",
            metadata: [
                "client": "\(printable(session.publisher.clientID.utf8))",
                "suppressed": "\(session.refusalLog.suppressed)",
            ])
    }

    private func keepDeadLetter(
        _ publish: borrowing IncomingPublish, of session: PublishSession, atMilliseconds now: Int64
    ) {
        guard let first = problems.first,
            shared.ingestion.deadLetters.admits(
                clientID: session.publisher.clientID, code: first.code, milliseconds: now)
        else { return }
        let letter = DeadLetter(
            time: now, clientID: session.publisher.clientID, user: session.principal.name,
            topic: Array(publish.topic.readableBytesView), qualityOfService: publish.qualityOfService,
            isRetained: publish.retain, formatter: shared.formatter.name, problems: problems,
            payload: publish.payload.readableBytesUInt8Span)
        appendToBatch(letter)
    }

    private func log(
        _ publish: borrowing IncomingPublish, of session: PublishSession, summary: String, suppressed: Int
    ) {
        let topic = String(decoding: publish.topic.readableBytesView, as: UTF8.self)
        let excerpt = printable(publish.payload.readableBytesView.prefix(256))
        shared.logger.warning(
            "publish refused: \(summary)",
            metadata: [
                "client": "\(printable(session.publisher.clientID.utf8))",
                "user": "\(printable(session.principal.name.utf8))",
                "topic": "\(printable(topic.utf8))", "qos": "\(publish.qualityOfService)",
                "payload": "\(excerpt)", "suppressed": "\(suppressed)",
            ])
    }
}

/// Text of a peer for a log line: control characters escaped, so that nobody forges lines.
func printable(_ bytes: some Sequence<UInt8>) -> String {
    var shown: [UInt8] = []
    for byte in bytes {
        if byte >= 0x20, byte != 0x7f {
            shown.append(byte)
        } else {
            shown.append(contentsOf: "\\x".utf8)
            let digits = Array("0123456789abcdef".utf8)
            shown.append(digits[Int(byte >> 4)])
            shown.append(digits[Int(byte & 15)])
        }
    }
    return String(decoding: shown, as: UTF8.self)
}
