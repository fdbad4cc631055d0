// SPDX-License-Identifier: Apache-2.0

/// The keys of the MQTT door (`mqtt-payloads.md` section 5.1).
package enum MQTTKeys {
    static let enable = booleanKey(
        "enable_mqtt_service", .mqtt, default: false,
        "Whether the MQTT service is started. The shipped configuration file switches it on.")
    static let host = textKey(
        "mqtt_host", .mqtt, type: "address", default: "0.0.0.0",
        "The address that the MQTT service listens on. The password root/root is refused from anywhere but this machine.",
        .iotdb("127.0.0.1 in its code since 1.0; an absent key means the value of dn_rpc_address"))
    static let port = integerKey(
        "mqtt_port", .mqtt, 0...65_535, unit: "port", default: 1_883,
        "The port of the MQTT service; 0 = any free port, which the ready line names.")
    static let handlerPoolSize = integerKey(
        "mqtt_handler_pool_size", .mqtt, 1...1_024, default: 1,
        "Event loops that serve MQTT connections. The order of each connection is kept with any number.",
        .iotdb("max(1, cores / 2) since 2.0.6"))
    static let payloadFormatter = choiceKey(
        "mqtt_payload_formatter", .mqtt, ["json"], default: "json", "The format of payloads.",
        .iotdb("also `line` and plug-ins; both come later here"))
    static let maxMessageSize = integerKey(
        "mqtt_max_message_size", .mqtt, 1...268_435_455, unit: "bytes", default: 1_048_576,
        "The largest MQTT packet, without its first two to five bytes; larger ones are refused and counted.")
    static let dataPath = textKey(
        "mqtt_data_path", .mqtt, type: "folder", default: "data/", "The broker's own store in IoTDB.",
        .noEffect("Apus keeps everything below data_dir"))
    static let rootFolder = textKey(
        "mqtt_root_dir", .mqtt, type: "folder", default: "ext/mqtt", "The folder of formatter plug-ins in IoTDB.",
        .noEffect("this version loads no plug-ins"))
    static let ingestTopics = textKey(
        "mqtt_ingest_topics", .mqtt, type: "topic filters", mayBeEmpty: true, default: "#",
        "The topics that are stored: MQTT topic filters, separated by commas; empty = none. A filter that begins with a "
            + "wildcard leaves out topics that begin with $.")
    static let allowAnonymous = booleanKey(
        "mqtt_allow_anonymous", .mqtt, default: false,
        "Whether clients without user name and password may connect, with the rights of mqtt_anonymous_user.")
    static let anonymousUser = textKey(
        "mqtt_anonymous_user", .mqtt, type: "user name", default: "anonymous",
        "Whose rights anonymous clients have; made at the start if missing, without any right until some are granted.")
    static let closeOnRefusal = booleanKey(
        "mqtt_close_on_refusal", .mqtt, default: false,
        "Whether an MQTT 3.x client whose payload is refused for good is disconnected instead of acknowledged.")
    static let queueMaxBytes = integerKey(
        "mqtt_queue_max_bytes", .mqtt, 4_096...1 << 40, unit: "bytes", default: 64 << 20,
        "Bytes between sockets and log. From half of it on the greediest connections are not read, from all of it none."
    )
    static let batchMaxBytes = integerKey(
        "mqtt_batch_max_bytes", .mqtt, 4_096...16 << 20, unit: "bytes", default: 256 << 10,
        "What one event loop gathers before it is handed to the log, at the latest when everything readable was read.")
    static let pauseLimitSeconds = integerKey(
        "mqtt_pause_limit_seconds", .mqtt, 1...86_400, unit: "seconds", default: 60,
        "A connection that could not be read for so long, because the log is behind, is closed; its client sends again."
    )
    static let connectSizeMax = integerKey(
        "mqtt_max_connect_size", .mqtt, 1_024...268_435_455, unit: "bytes", default: 262_144,
        "The largest CONNECT, will included; what may be sent before anybody has shown a password.")
    static let connectionsMax = integerKey(
        "mqtt_max_connections", .mqtt, 1...10_000_000, default: 100_000,
        "Connections at once; one more is closed. The limit of open files, raised at the start, bounds it as well.")
    static let connectTimeout = integerKey(
        "mqtt_connect_timeout_seconds", .mqtt, 1...3_600, unit: "seconds", default: 10,
        "How long a connection may take to send its CONNECT.")
    static let packetTimeout = integerKey(
        "mqtt_packet_timeout_seconds", .mqtt, 1...3_600, unit: "seconds", default: 30,
        "How long one packet may take from its first to its last byte.")
    static let unfinishedMaxBytes = integerKey(
        "mqtt_unfinished_max_bytes", .mqtt, 64 << 10...1 << 40, unit: "bytes", default: 128 << 20,
        "Bytes of packets that have begun and not ended, over all connections; beyond it the large ones are closed.")
    static let receiveMaximum = integerKey(
        "mqtt_receive_maximum", .mqtt, 1...65_535, default: 4_096,
        "Messages of QoS 1 and 2 that an MQTT 5 client may have unacknowledged; it is told when it connects.")
    static let topicAliasMaximum = integerKey(
        "mqtt_topic_alias_maximum", .mqtt, 0...65_535, default: 16, "Topic aliases that an MQTT 5 client may use.")
    static let topicLevelsMax = integerKey(
        "mqtt_topic_levels_max", .mqtt, 1...65_535, default: 128, "Levels of a topic name.")
    static let tlsPort = integerKey(
        "mqtt_tls_port", .mqtt, 1...65_535, unit: "port", default: 8_883, "The port of MQTT over TLS.", noTLS)
    static let tlsCertificate = textKey(
        "mqtt_tls_certificate", .mqtt, type: "file", mayBeEmpty: true, default: "",
        "The certificate chain (PEM) of MQTT over TLS.", noTLSText)
    static let tlsKey = textKey(
        "mqtt_tls_key", .mqtt, type: "file", mayBeEmpty: true, default: "", "The key of the certificate.", noTLSText)
    static let tlsClientAuthority = textKey(
        "mqtt_tls_client_ca", .mqtt, type: "file", mayBeEmpty: true, default: "",
        "The authority that client certificates must be signed by.", noTLSText)
    static let webSocketPort = integerKey(
        "mqtt_websocket_port", .mqtt, 0...65_535, unit: "port", default: 0,
        "The port of MQTT over WebSocket; 0 = off.", .unsupported(webSocketReason))
    static let webSocketTLSPort = integerKey(
        "mqtt_websocket_tls_port", .mqtt, 0...65_535, unit: "port", default: 0,
        "The port of MQTT over WebSocket with TLS; 0 = off.", .unsupported(webSocketReason))

    private static let tlsReason = "this version has no TLS yet; put a TLS proxy in front of mqtt_port"
    private static let webSocketReason = "this version has no MQTT over WebSocket yet"
    private static let noTLS = ConfigurationKey<Int>.Details.unsupported(tlsReason)
    private static let noTLSText = ConfigurationKey<String>.Details.unsupported(tlsReason)

    static let all: [KeyDeclaration] = [
        enable.declaration, host.declaration, port.declaration, handlerPoolSize.declaration,
        payloadFormatter.declaration, maxMessageSize.declaration, ingestTopics.declaration,
        allowAnonymous.declaration, anonymousUser.declaration, closeOnRefusal.declaration, queueMaxBytes.declaration,
        batchMaxBytes.declaration, pauseLimitSeconds.declaration, dataPath.declaration, rootFolder.declaration,
        connectSizeMax.declaration, connectionsMax.declaration, connectTimeout.declaration, packetTimeout.declaration,
        unfinishedMaxBytes.declaration,
        receiveMaximum.declaration, topicAliasMaximum.declaration, topicLevelsMax.declaration,
        tlsPort.declaration, tlsCertificate.declaration, tlsKey.declaration, tlsClientAuthority.declaration,
        webSocketPort.declaration, webSocketTLSPort.declaration,
    ]
}
