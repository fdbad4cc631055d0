// SPDX-License-Identifier: Apache-2.0

import AccessControl
import HTTPService
import Ingestion
import MQTTBroker
import MQTTService
import PayloadFormats
import QueryEngine
import StorageEngine
import TimeSeriesModel
import TsFile

/// The settings of every room, filled from the configuration.
struct ServerSettings: Sendable {
    /// nil = `enable_mqtt_service` is false.
    var mqtt: MQTTServiceSettings?
    var mqttLoopCount: Int
    var json: JSONFormatSettings
    var ingestion: IngestionSettings
    var deadLetters: DeadLetterSettings
    var storage: StorageSettings
    var dataFolder: String
    var access: AccessSettings
    var query: QuerySettings
    /// nil = `enable_rest_service` is false.
    var http: HTTPServiceSettings?

    /// The settings that the configuration says; throws what no key could judge alone.
    init(_ configuration: ServerConfiguration) throws(ConfigurationError) {
        mqtt = configuration[MQTTKeys.enable] ? try MQTTServiceSettings(configuration) : nil
        mqttLoopCount = configuration[MQTTKeys.handlerPoolSize]
        json = JSONFormatSettings(configuration)
        ingestion = IngestionSettings(configuration)
        deadLetters = DeadLetterSettings(configuration)
        storage = StorageSettings(configuration)
        dataFolder = configuration[StorageKeys.dataFolder]
        access = AccessSettings(configuration)
        query = QuerySettings(configuration)
        http = configuration[DoorKeys.enableREST] ? HTTPServiceSettings(configuration) : nil
    }
}

extension ServerConfiguration {
    /// `timestamp_precision`.
    var precision: TimestampPrecision { TimestampPrecision(rawValue: self[SchemaKeys.precision]) ?? .milliseconds }

    /// A key whose words are names of data types.
    func dataType(_ key: ConfigurationKey<String>) -> DataType { DataType(name: self[key]) ?? .double }

    /// A key whose words are names of encodings.
    func encoding(_ key: ConfigurationKey<String>) -> TsFileEncoding {
        TsFileEncoding.allCases.first { $0.name == self[key] } ?? .plain
    }
}

extension ServerConfiguration {
    /// Checks also what only the rooms can judge, without starting anything.
    package func check() throws(ConfigurationError) { _ = try ServerSettings(self) }
}
