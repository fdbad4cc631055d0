// SPDX-License-Identifier: Apache-2.0

/// Every limit of the broker, with its default; the comment names the configuration key.
package struct BrokerLimits: Sendable, Equatable {
    /// `mqtt_max_message_size`: largest remaining length of a packet, in bytes; 1...268,435,455. Larger: DISCONNECT 0x95.
    package var messageBytesMax = 1_048_576
    /// `mqtt_max_connect_size`: largest remaining length of CONNECT, in bytes; never above ``messageBytesMax``.
    package var connectBytesMax = 262_144
    /// `mqtt_max_connections`: connections at once; one more is closed before it is read.
    package var connectionsMax = 100_000
    /// `mqtt_connect_timeout_seconds`: from accepting a connection to its complete CONNECT.
    package var connectTimeoutSeconds = 10
    /// `mqtt_packet_timeout_seconds`: from the first byte of a packet to its last, while we read; longer for a large one as
    /// long as it comes with ``packetBytesPerSecondMin``.
    package var packetTimeoutSeconds = 30
    /// Bytes a second that a slow link must bring of a packet once ``packetTimeoutSeconds`` are over.
    package var packetBytesPerSecondMin = 4_096
    /// `mqtt_unfinished_max_bytes`: bytes of packets that have begun and not ended, over all connections. Above it whoever
    /// holds more than ``unfinishedBytesFree`` of them is closed (MQTT 5: 0x97).
    package var unfinishedBytesMax = 128 * 1024 * 1024
    /// Bytes of an unfinished packet that every connection may hold.
    package var unfinishedBytesFree = 4_096
    /// `mqtt_pause_limit_seconds`: a connection that was not read for so long is closed (MQTT 5: 0x89).
    package var pauseLimitSeconds = 60
    /// How long a connection that was told why it ends may take to read it, in seconds.
    package var lingerSeconds = 1
    /// `mqtt_receive_maximum`: QoS 1 and 2 messages that an MQTT 5 client may have unacknowledged; 1...65,535. More: 0x93.
    package var receiveMaximum: UInt16 = 4_096
    /// Acknowledgements that one 3.x connection may have waiting; above it is not read. 3.x has no other way to say it.
    package var waitingAcknowledgementsMax = 65_535
    /// `mqtt_topic_alias_maximum`: topic aliases that an MQTT 5 client may set.
    package var topicAliasMaximum: UInt16 = 16
    /// `mqtt_topic_levels_max`: levels of a topic name; more: 0x90, or the end of a 3.x connection.
    package var topicLevelsMax = 128

    /// The defaults.
    package init() {}
}
