// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
package import ServerMetrics

/// What the broker counts (`mqtt-broker.md` section 17). Safe to use from any thread; connections add to it once a burst.
package final class BrokerEvents: Sendable {
    /// Connections that are open now.
    package let openConnections: Gauge
    /// Connections accepted by the transport since the start.
    package let connections: Counter
    /// Clients that were let in, since the start.
    package let acceptedClients: Counter
    /// Packets received, by `PacketType.rawValue`; 0 is unused.
    package let packets: [Counter]
    /// Messages received by QoS.
    package let messages: [Counter]
    /// Bytes read from sockets.
    package let receivedBytes: Counter
    /// Bytes written to sockets.
    package let sentBytes: Counter
    /// Wills published because their connection ended abnormally.
    package let publishedWills: Counter
    /// Connections whose client identifier another connection took.
    package let takeOvers: Counter

    /// For lines about clients that misbehave.
    let logLimit = LogLimit()

    private let refusals: [Counter]
    private let ends: [Counter]

    /// Counters that nobody lists; for tests.
    package convenience init() { self.init(registry: MetricsRegistry()) }

    /// Counters in `registry`.
    package init(registry: MetricsRegistry) {
        openConnections = registry.gauge("mqtt_connections", help: "Connections open now.")
        connections = registry.counter("mqtt_connections_total", help: "Connections accepted.")
        acceptedClients = registry.counter("mqtt_clients_accepted_total", help: "Clients that were let in.")
        packets = Self.packetCounters(registry)
        messages = (0...2).map { qos in
            registry.counter(
                "mqtt_messages_received_total", help: "Messages received by QoS.", labels: [("qos", String(qos))])
        }
        receivedBytes = registry.counter("mqtt_received_bytes_total", help: "Bytes read from clients.")
        sentBytes = registry.counter("mqtt_sent_bytes_total", help: "Bytes written to clients.")
        publishedWills = registry.counter("mqtt_wills_published_total", help: "Wills published.")
        takeOvers = registry.counter(
            "mqtt_takeovers_total", help: "Connections whose client identifier was taken over.")
        refusals = RefusalReason.allCases.map { reason in
            registry.counter(
                "mqtt_connections_refused_total", help: "Connections that were not let in, by reason.",
                labels: [("reason", reason.label)])
        }
        ends = EndReason.allCases.map { reason in
            registry.counter(
                "mqtt_disconnects_total", help: "Ends of connected clients, by reason.",
                labels: [("reason", reason.label)])
        }
    }

    /// The counter of refusals for one reason.
    package func refused(_ reason: RefusalReason) -> Counter { refusals[reason.rawValue] }

    /// The counter of ends for one reason.
    package func ended(_ reason: EndReason) -> Counter { ends[reason.rawValue] }

    private static func packetCounters(_ registry: MetricsRegistry) -> [Counter] {
        (0...15).map { number in
            guard let type = PacketType(rawValue: UInt8(number)) else { return Counter() }
            return registry.counter(
                "mqtt_packets_received_total", help: "Packets received by type.", labels: [("type", type.name)])
        }
    }
}
