// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ApusServer

/// The search order and the file names of `mqtt-payloads.md` section 5.3.
@Suite struct ConfigurationFilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func find(flag: String? = nil, _ environment: [String: String] = [:]) throws -> [String] {
        try ConfigurationFiles(flag: flag, environment: environment, workingFolder: folder.path).find()
            .map { String($0.dropFirst(folder.path.count + 1)) }
    }

    @Test func searchOrder() throws {
        #expect(try find() == [])
        try folder.write("conf/iotdb-engine.properties", "")
        #expect(try find() == ["conf/iotdb-engine.properties"])
        try folder.write("home/conf/iotdb-engine.properties", "")
        let home = ["IOTDB_HOME": folder.path + "/home"]
        #expect(try find(home) == ["home/conf/iotdb-engine.properties"])
        try folder.write("other/iotdb-engine.properties", "")
        let both = home.merging(["IOTDB_CONF": folder.path + "/other"]) { $1 }
        #expect(try find(both) == ["other/iotdb-engine.properties"])
        let file = try folder.write("mine.properties", "")
        #expect(try find(flag: file, both) == ["mine.properties"])
        #expect(try find(flag: "mine.properties") == ["mine.properties"])
        #expect(try find(flag: "./mine.properties") == ["mine.properties"])
        #expect(try find(["IOTDB_CONF": file]) == ["mine.properties"])
    }

    @Test func aHomeWithoutFilesIsPassedOver() throws {
        try folder.write("conf/iotdb-engine.properties", "")
        #expect(try find(["IOTDB_HOME": folder.path + "/nowhere"]) == ["conf/iotdb-engine.properties"])
    }

    @Test func newestNameWins() throws {
        try folder.write("conf/iotdb-engine.properties", "")
        try folder.write("conf/iotdb-common.properties", "")
        #expect(try find() == ["conf/iotdb-common.properties"])
        try folder.write("conf/iotdb-datanode.properties", "")
        #expect(try find() == ["conf/iotdb-datanode.properties", "conf/iotdb-common.properties"])
        try folder.write("conf/iotdb-system.properties", "")
        #expect(try find() == ["conf/iotdb-system.properties"])
    }

    @Test func dataNodeFileStandsOverCommonFile() throws {
        try folder.write("conf/iotdb-common.properties", "mqtt_port=1\nmqtt_host=common\n")
        try folder.write("conf/iotdb-datanode.properties", "mqtt_port=2\n")
        let configuration = try ServerConfiguration.load(.init(workingFolder: folder.path))
        #expect(configuration[MQTTKeys.port] == 2)
        #expect(configuration[MQTTKeys.host] == "common")
        #expect(configuration.files.count == 2)
    }

    @Test func whatWasNamedHasToBeThere() throws {
        #expect(throws: ConfigurationError("--config: \(folder.path)/no.properties does not exist")) {
            try find(flag: "no.properties")
        }
        #expect(throws: ConfigurationError("IOTDB_CONF: \(folder.path)/no does not exist")) {
            try find(["IOTDB_CONF": folder.path + "/no"])
        }
        #expect { try find(flag: folder.path) } throws: {
            "\($0)".contains("has no file named iotdb-system.properties")
        }
    }

    @Test func noFileIsAWarning() throws {
        let configuration = try ServerConfiguration.load(.init(workingFolder: folder.path))
        #expect(configuration.warnings == ["no configuration file found: every key has its default"])
    }

    @Test func unreadableAndOversizedFiles() throws {
        #expect { try ConfigurationFiles.read(folder.path) } throws: {
            "\($0)".hasPrefix("\(folder.path): cannot be read: ")
        }
        let large = try folder.write("large", String(repeating: "#", count: ConfigurationFiles.sizeMax + 1))
        #expect { try ConfigurationFiles.read(large) } throws: { "\($0)".contains("too many") }
    }
}
