// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ApusServer

/// `conf/` and `docs/configuration.md` agree with the table of keys.
@Suite struct ConfigurationDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func shippedFileIsGenerated() throws {
        #expect(
            try text("conf/iotdb-engine.properties") == ConfigurationDocument.template(),
            "run: apus config --template > conf/iotdb-engine.properties")
    }

    @Test func documentationIsGenerated() throws {
        #expect(
            try text("docs/configuration.md") == ConfigurationDocument.markdown(),
            "run: apus config --markdown > docs/configuration.md")
    }

    /// Every key of the template, also those that stand there as comments, is its default; only MQTT is switched on.
    @Test func templateRoundTrips() throws {
        let folder = try TemporaryFolder()
        let lines = ConfigurationDocument.template().split(separator: "\n").map { line in
            line.wholeMatch(of: /# [a-z_0-9]+=.*/) == nil ? line : line.dropFirst(2)
        }
        let file = try folder.write("x.properties", lines.joined(separator: "\n"))
        var sources = ServerConfiguration.Sources(workingFolder: folder.path)
        sources.file = file
        let configuration = try ServerConfiguration.load(sources)
        #expect(configuration.warnings == [])
        for setting in configuration.all where setting.key.effect == .works {
            let expected = setting.key.name == "enable_mqtt_service" ? "true" : setting.key.defaultText
            #expect(setting.text == expected, "\(setting.key.name)")
            #expect(setting.origin != .builtIn, "\(setting.key.name) is missing in the template")
        }
    }

    @Test func shippedFileSwitchesMQTTOn() throws {
        var sources = ServerConfiguration.Sources(workingFolder: "/")
        sources.file = Self.root.appendingPathComponent("conf/iotdb-engine.properties").path
        #expect(try ServerConfiguration.load(sources)[MQTTKeys.enable])
    }
}
