// SPDX-License-Identifier: Apache-2.0

import HTTPService
import MQTTBroker
import MQTTService
import QueryEngine

extension MQTTServiceSettings {
    init(_ configuration: ServerConfiguration) throws(ConfigurationError) {
        do throws(IngestTopicsError) {
            self.init(ingestTopics: try IngestTopics(configuration[MQTTKeys.ingestTopics]))
        } catch {
            throw ConfigurationError("\(configuration.shown(MQTTKeys.ingestTopics)): \(error.message)")
        }
        host = configuration[MQTTKeys.host]
        port = configuration[MQTTKeys.port]
        queueBytesMax = configuration[MQTTKeys.queueMaxBytes]
        closesOnRefusal = configuration[MQTTKeys.closeOnRefusal]
        anonymousUser = configuration[MQTTKeys.allowAnonymous] ? configuration[MQTTKeys.anonymousUser] : nil
        batchBytesMax = configuration[MQTTKeys.batchMaxBytes]
        limits = BrokerLimits(configuration)
    }
}

extension BrokerLimits {
    init(_ configuration: ServerConfiguration) {
        self.init()
        messageBytesMax = configuration[MQTTKeys.maxMessageSize]
        connectBytesMax = min(configuration[MQTTKeys.connectSizeMax], messageBytesMax)
        connectionsMax = configuration[MQTTKeys.connectionsMax]
        connectTimeoutSeconds = configuration[MQTTKeys.connectTimeout]
        packetTimeoutSeconds = configuration[MQTTKeys.packetTimeout]
        unfinishedBytesMax = configuration[MQTTKeys.unfinishedMaxBytes]
        pauseLimitSeconds = configuration[MQTTKeys.pauseLimitSeconds]
        receiveMaximum = UInt16(clamping: configuration[MQTTKeys.receiveMaximum])
        topicAliasMaximum = UInt16(clamping: configuration[MQTTKeys.topicAliasMaximum])
        topicLevelsMax = configuration[MQTTKeys.topicLevelsMax]
    }
}

extension HTTPServiceSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        let ownHost = configuration[DoorKeys.restHost]
        host = ownHost.isEmpty ? configuration[DoorKeys.rpcAddress] : ownHost
        port = configuration[DoorKeys.restPort]
        rowLimitDefault = configuration[DoorKeys.rowLimit]
        requestBytesMax = configuration[DoorKeys.requestBytesMax]
        responseBytesMax = configuration[DoorKeys.responseBytesMax]
        connectionsMax = configuration[DoorKeys.connectionsMax]
        idleTimeoutSeconds = configuration[DoorKeys.idleTimeout]
        corsOrigins = configuration[DoorKeys.corsOrigins].split(separator: ",").map { trimmed($0) }
    }
}

extension QuerySettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        threadCount = configuration[QueryKeys.threads]
        storingThreadCount = configuration[QueryKeys.storingThreads]
        loadFolders = configuration.list(QueryKeys.loadFolders)
        queueMax = configuration[QueryKeys.queueMax]
        memoryBytesMax = configuration[QueryKeys.memoryMax]
        statementBytesMax = configuration[QueryKeys.statementBytesMax]
        windowsMax = configuration[QueryKeys.windowsMax]
        precision = configuration.precision
        timePartitionInterval = Int64(configuration[StorageKeys.partitionInterval])
        zoneRules = { SystemZone(id: $0) }
        version = ServerVersion.number
        buildInfo = ServerVersion.text
    }
}

extension ServerConfiguration {
    /// A key with a list of texts, separated by commas.
    func list(_ key: ConfigurationKey<String>) -> [String] {
        self[key].split(separator: ",").map { item in
            String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }
}
