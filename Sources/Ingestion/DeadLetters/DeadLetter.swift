// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// A publish with at least one refusal, kept for repair and replay (`mqtt-payloads.md` section 10.3).
package struct DeadLetter: Sendable, Equatable {
    /// Payload bytes that are kept; a longer payload is cut and cannot be replayed.
    package static let payloadBytesMax = 65_536
    /// Problems that are kept; the first ones.
    package static let problemsMax = 16

    /// Arrival, milliseconds since the epoch.
    package var time: Int64
    package var clientID: String
    package var user: String
    /// The topic as sent.
    package var topic: [UInt8]
    package var qualityOfService: UInt8
    package var isRetained: Bool
    package var formatter: String
    /// The first ``problemsMax`` problems.
    package var problems: [Problem]
    /// The payload, cut at ``payloadBytesMax``.
    package var payload: [UInt8]
    /// The length the payload had.
    package var payloadLength: Int

    /// Whether the whole payload is here.
    package var isReplayable: Bool { payload.count == payloadLength }

    package init(
        time: Int64, clientID: String, user: String, topic: [UInt8], qualityOfService: UInt8, isRetained: Bool,
        formatter: String, problems: [Problem], payload: Span<UInt8>
    ) {
        self.time = time
        self.clientID = clientID
        self.user = user
        self.topic = topic
        self.qualityOfService = qualityOfService
        self.isRetained = isRetained
        self.formatter = formatter
        self.problems = Array(problems.prefix(Self.problemsMax))
        self.payload = []
        let kept = min(payload.count, Self.payloadBytesMax)
        self.payload.reserveCapacity(kept)
        for index in 0..<kept { self.payload.append(payload[index]) }
        payloadLength = payload.count
    }
}
