// SPDX-License-Identifier: Apache-2.0

package import AccessControl
import Catalog
package import Ingestion
package import TimeSeriesModel

/// `SHOW DEAD LETTERS`: refused payloads, oldest first, with the first reason and the beginning of the payload.
package struct DeadLettersView: SystemView {
    /// Bytes of the payload that a row shows; the store keeps more.
    package static let payloadBytesShown = 256

    private let store: DeadLetterStore
    private let precision: TimestampPrecision

    package init(_ store: DeadLetterStore, precision: TimestampPrecision) {
        self.store = store
        self.precision = precision
    }

    package var name: [String] { ["DEAD", "LETTERS"] }
    package var hasTime: Bool { true }
    /// Payloads are other people's data.
    package var privilege: Privilege? { .maintain }

    package var columns: [ResultColumn] {
        [
            .text("Id"), .text("ClientId"), .text("User"), .text("Topic"), ResultColumn(name: "Qos", type: .int32),
            .text("Format"), .text("Reason"), .text("Device"), .text("Message"),
            ResultColumn(name: "Problems", type: .int32), ResultColumn(name: "PayloadBytes", type: .int64),
            ResultColumn(name: "Replayable", type: .boolean), .text("Payload"),
        ]
    }

    package func open() -> sending any SystemViewRows {
        Rows(store: store, unitsPerMillisecond: precision.unitsPerSecond / 1_000)
    }

    private final class Rows: SystemViewRows {
        private let store: DeadLetterStore
        private let unitsPerMillisecond: Int64
        private var last: DeadLetterKey?

        init(store: DeadLetterStore, unitsPerMillisecond: Int64) {
            self.store = store
            self.unitsPerMillisecond = unitsPerMillisecond
        }

        func next(limit: Int) throws(StatementError) -> [SystemViewRow] {
            do throws(CatalogError) {
                // Records have up to 64 KiB; a few hundred at a time keep the memory small.
                let letters = try store.letters(after: last, limit: min(limit, 256))
                last = letters.last?.key ?? last
                return letters.map { row($0.key, $0.letter) }
            } catch {
                throw .running(error.message)
            }
        }

        private func row(_ key: DeadLetterKey, _ letter: DeadLetter) -> SystemViewRow {
            let problem = letter.problems.first
            return SystemViewRow(
                time: letter.time.multipliedReportingOverflow(by: unitsPerMillisecond).partialValue,
                cells: [
                    .text("\(key.sequence)-\(key.ordinal)"), .text(letter.clientID), .text(letter.user),
                    .text(letter.topic), .int32(Int32(letter.qualityOfService)), .text(letter.formatter),
                    problem.map { .text(Self.reason($0.code)) },
                    problem.flatMap { $0.device.isEmpty ? nil : .text($0.device) },
                    problem.map { .text(Self.message($0)) }, .int32(Int32(letter.problems.count)),
                    .int64(Int64(letter.payloadLength)), .boolean(letter.isReplayable),
                    .text(Self.excerpt(letter.payload)),
                ])
        }

        /// `type_mismatch (614)`.
        private static func reason(_ code: ProblemCode) -> String {
            code.statusCode.map { "\(code.name) (\($0))" } ?? code.name
        }

        /// `element 3, row 1: …`.
        private static func message(_ problem: Problem) -> String {
            let place = problem.place
            return place.isEmpty ? problem.message : "\(place.dropFirst(4)): \(problem.message)"
        }

        /// The beginning of a payload: as it is if that is printable UTF-8, else as `0x…`.
        private static func excerpt(_ payload: [UInt8]) -> String {
            var head = payload.prefix(DeadLettersView.payloadBytesShown)
            let isCut = head.count < payload.count
            if isCut {
                // Not in the middle of a character.
                while let byte = head.last, byte & 0xc0 == 0x80 { head.removeLast() }
                if let byte = head.last, byte >= 0xc0 { head.removeLast() }
            }
            let mark = isCut ? "…" : ""
            let isPrintable = !head.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d || $0 == 0x7f }
            if isPrintable, let text = String(validating: head, as: UTF8.self) { return text + mark }
            return ValueText.text(of: .blob(Array(head))) + mark
        }
    }
}
