// SPDX-License-Identifier: Apache-2.0

package import MQTTBroker

/// The configuration of the MQTT door (`mqtt-payloads.md` section 5.1).
package struct MQTTServiceSettings: Sendable {
    /// `mqtt_host`.
    package var host = "0.0.0.0"
    /// `mqtt_port`; 0 = any free one.
    package var port = 1883
    /// `mqtt_queue_max_bytes`.
    package var queueBytesMax = 64 * 1024 * 1024
    /// `mqtt_ingest_topics`.
    package var ingestTopics: IngestTopics
    /// `mqtt_close_on_refusal`: a 3.x client whose payload is refused is closed instead of acknowledged.
    package var closesOnRefusal = false
    /// `mqtt_allow_anonymous` and `mqtt_anonymous_user`: nil = no anonymous access.
    package var anonymousUser: String?
    /// Pending connections that the kernel keeps; a fleet comes back all at once after a power cut.
    package var listenBacklog: Int32 = 4_096
    /// `mqtt_batch_max_bytes`: a batch of one event loop is handed to the log at this size, else at the end of the tick.
    package var batchBytesMax = 256 * 1024
    package var limits = BrokerLimits()

    package init(ingestTopics: IngestTopics) { self.ingestTopics = ingestTopics }
}
