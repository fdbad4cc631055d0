// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ApusServer

@Suite struct ServerConfigurationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func load(
        file: String? = nil, flags: [String] = [], environment: [String: String] = [:]
    ) throws -> ServerConfiguration {
        var sources = ServerConfiguration.Sources(workingFolder: folder.path)
        sources.file = file
        sources.flags = flags
        sources.environment = environment
        return try ServerConfiguration.load(sources)
    }

    private func problems(
        _ text: String, flags: [String] = [], environment: [String: String] = [:]
    ) throws -> [String] {
        let file = try folder.write("x.properties", text)
        do {
            _ = try load(file: file, flags: flags, environment: environment)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map { $0.replacing(folder.path, with: "T") }
        }
    }

    // MARK: Precedence

    @Test func flagsOverEnvironmentOverFileOverDefault() throws {
        let file = try folder.write("x.properties", "mqtt_port=1\nmqtt_host=file\nmqtt_handler_pool_size=3\n")
        let configuration = try load(
            file: file, flags: ["mqtt_port=4", "mqtt_port=5"],
            environment: ["MQTT_PORT": "2", "MQTT_HOST": "environment"])
        #expect(configuration[MQTTKeys.port] == 5)
        #expect(configuration[MQTTKeys.host] == "environment")
        #expect(configuration[MQTTKeys.handlerPoolSize] == 3)
        #expect(configuration[MQTTKeys.maxMessageSize] == 1_048_576)
        #expect(configuration.setting("mqtt_port")?.origin == .flag)
        #expect(configuration.setting("mqtt_host")?.origin == .environment("MQTT_HOST"))
        #expect(configuration.setting("mqtt_handler_pool_size")?.origin == .file(path: file, line: 3))
        #expect(configuration.setting("mqtt_max_message_size")?.origin == .builtIn)
    }

    @Test func lastDuplicateWins() throws {
        let file = try folder.write("x.properties", "mqtt_port=1\nmqtt_port=2\n")
        #expect(try load(file: file)[MQTTKeys.port] == 2)
    }

    @Test func anEmptyVariableIsNone() throws {
        #expect(try load(environment: ["MQTT_INGEST_TOPICS": " "])[MQTTKeys.ingestTopics] == "#")
        #expect(try load(flags: ["mqtt_ingest_topics="])[MQTTKeys.ingestTopics] == "")
    }

    @Test func olderNamesAreRead() throws {
        let file = try folder.write("x.properties", "default_storage_group_level=3\n")
        #expect(try load(file: file)[SchemaKeys.databaseLevel] == 3)
        let both = try folder.write("y.properties", "default_database_level=2\ndefault_storage_group_level=3\n")
        #expect(try load(file: both)[SchemaKeys.databaseLevel] == 2)
        #expect(try load(environment: ["DEFAULT_STORAGE_GROUP_LEVEL": "4"])[SchemaKeys.databaseLevel] == 4)
    }

    // MARK: Bad values

    @Test(arguments: [
        ("enable_mqtt_service=yes", "enable_mqtt_service must be true or false"),
        ("mqtt_port=70000", "mqtt_port must be a whole number from 0 to 65535"),
        ("mqtt_port=18o3", "mqtt_port must be a whole number from 0 to 65535"),
        ("mqtt_handler_pool_size=0", "mqtt_handler_pool_size must be a whole number from 1 to 1024"),
        ("mqtt_payload_formatter=xml", "mqtt_payload_formatter must be json"),
        ("timestamp_precision=s", "timestamp_precision must be ms, us or ns"),
        ("mqtt_host=", "mqtt_host must be a text that is not empty"),
        ("default_storage_group_level=0", "default_database_level must be a whole number from 1 to 1000"),
    ])
    func fileProblemsNameEverything(line: String, rule: String) throws {
        #expect(try problems("# first\n\(line)\n") == ["T/x.properties:2: \(line): \(rule)"])
    }

    @Test func everyProblemIsReportedAtOnce() throws {
        let found = try problems(
            "mqtt_port=x\nenable_rest_service=1\n", flags: ["log_level=loud"],
            environment: ["MQTT_HANDLER_POOL_SIZE": "0"])
        #expect(found.count == 4)
        #expect(found.contains { $0.hasPrefix("--set: log_level=loud: log_level must be trace, ") })
        #expect(found.contains { $0.hasPrefix("environment variable MQTT_HANDLER_POOL_SIZE: ") })
    }

    @Test func brokenFilesNameTheLine() throws {
        #expect(
            try problems("a=1\nmqtt_host=\\u12\n")
                == ["T/x.properties:2: \\u must be followed by four hexadecimal digits"])
    }

    @Test func secretsAreNeverShown() throws {
        let configuration = try load(flags: ["initial_root_password=tell-nobody"])
        #expect(configuration[AccessKeys.initialRootPassword] == "tell-nobody")
        #expect(configuration.all.allSatisfy { !$0.shownText.contains("tell-nobody") })
        #expect(configuration.setting("initial_root_password")?.shownText == "******")
    }

    @Test func unsupportedKeysStopTheStartWhenSet() throws {
        #expect(try problems("mqtt_tls_port=8883\nmqtt_websocket_port=0\nmqtt_tls_certificate=\n") == [])
        let found = try problems("mqtt_tls_certificate=/etc/cert.pem\nmqtt_websocket_port=8083\n")
        #expect(found.count == 2)
        #expect(found.first?.contains("no TLS yet") == true)
        #expect(found.last?.contains("no MQTT over WebSocket yet") == true)
    }

    @Test func portsMustDiffer() throws {
        let text = "enable_mqtt_service=true\nmqtt_port=5000\nrest_service_port=5000\n"
        #expect(
            try problems(text) == [
                "T/x.properties:2: mqtt_port=5000: must be another port than T/x.properties:3: rest_service_port=5000"
            ])
        #expect(try problems(text, flags: ["enable_rest_service=false"]) == [])
        #expect(try problems("enable_mqtt_service=true\nmqtt_port=0\nrest_service_port=0\n") == [])
    }

    // MARK: Unknown names

    @Test func likelySlipsAreNamed() throws {
        let file = try folder.write("x.properties", "mqtt_prot=1\nenable-mqtt-service=true\n")
        let warnings = try load(file: file).warnings
        #expect(warnings.count == 2)
        #expect(warnings.first == "\(file):1: unknown key mqtt_prot ignored; did you mean mqtt_port?")
        #expect(warnings.last?.hasSuffix("did you mean enable_mqtt_service?") == true)
    }

    @Test func foreignKeysAreCountedInOneLine() throws {
        let text = (0..<300).map { "dn_some_foreign_setting_\($0)=1\n" }.joined()
        let file = try folder.write("x.properties", text)
        let warnings = try load(file: file).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("300 keys that Apus does not have were ignored: dn_some_foreign_") == true)
    }

    @Test func likelySlipsAreBounded() throws {
        let file = try folder.write("x.properties", (0..<50).map { "mqtt_prt\($0)=1\n" }.joined())
        #expect(try load(file: file).warnings.count == ConfigurationCheck.unknownNamesShownMax + 1)
    }

    @Test func unknownFlagsStopTheStart() throws {
        #expect(
            try problems("", flags: ["mqtt_prot=1"]) == [
                "--set mqtt_prot: there is no such key; did you mean mqtt_port?"
            ])
        #expect(try problems("", flags: ["zzz=1"]) == ["--set zzz: there is no such key; `apus config` lists all"])
        #expect(try problems("", flags: ["mqtt_port"]) == ["--set mqtt_port: write --set key=value"])
    }

    @Test func variablesOfOthersAreIgnored() throws {
        #expect(try load(environment: ["PATH": "/bin", "MQTT_SOMETHING": "1"]).warnings.count == 1)
    }

    // MARK: Values of IoTDB

    @Test func keysWithoutEffectWarn() throws {
        let file = try folder.write("x.properties", "mqtt_data_path=/var/lib\ndn_rpc_port=6667\n")
        let warnings = try load(file: file).warnings
        #expect(warnings == ["\(file):1: mqtt_data_path=/var/lib: has no effect: Apus keeps everything below data_dir"])
    }

    @Test func foreignEncodingsMeanTheDefault() throws {
        let file = try folder.write("x.properties", "default_boolean_encoding=RLE\ndefault_int32_encoding=plain\n")
        let configuration = try load(file: file)
        #expect(configuration[SchemaKeys.booleanEncoding] == "PLAIN")
        #expect(configuration[SchemaKeys.int32Encoding] == "PLAIN")
        #expect(configuration.warnings == ["\(file):1: default_boolean_encoding=RLE: not offered here, PLAIN is used"])
        #expect(try problems("default_boolean_encoding=NONE\n").count == 1)
    }
}
