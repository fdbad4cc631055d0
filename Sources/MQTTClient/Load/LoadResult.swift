// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol

/// What a load did and how long it took.
package struct LoadResult: Sendable {
    /// Latencies from giving a message to the socket to its last acknowledgement, in seconds; all 0 on QoS 0.
    package struct Latency: Sendable, Equatable {
        /// The median.
        package var p50 = 0.0
        /// 90 of 100 are not above it.
        package var p90 = 0.0
        /// 99 of 100.
        package var p99 = 0.0
        /// 999 of 1,000.
        package var p999 = 0.0
        /// The longest.
        package var max = 0.0
        /// The average.
        package var mean = 0.0

        /// No latencies.
        package init() {}
    }

    /// Messages sent.
    package var messages = 0
    /// From the first message to the last acknowledgement (QoS 0: to the answer to a PINGREQ after the last message);
    /// connecting is not in it.
    package var seconds = 0.0
    /// Messages acknowledged, refusals included; 0 on QoS 0.
    package var acknowledged = 0
    /// Refused messages by reason code, and one of their reason strings; MQTT 5 only.
    package var refusals: [ReasonCode: (count: Int, example: String)] = [:]
    /// How long acknowledgements took.
    package var latency = Latency()

    /// Messages a second.
    package var messagesPerSecond: Double { seconds > 0 ? Double(messages) / seconds : 0 }
    /// Messages that were refused.
    package var refused: Int { refusals.values.reduce(0) { $0 + $1.count } }

    /// Nothing done.
    package init() {}
}
