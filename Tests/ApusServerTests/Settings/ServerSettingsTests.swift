// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Foundation
import HTTPService
import Ingestion
import MQTTService
import PayloadFormats
import QueryEngine
import StorageEngine
import Testing
import TimeSeriesModel

@testable import ApusServer

/// The keys reach the rooms.
@Suite struct ServerSettingsTests {
    /// What has to be switched on so that other keys have something to do.
    private static let ground = ["enable_mqtt_service=true", "mqtt_allow_anonymous=true", "mqtt_port=0"]

    private func settings(_ flags: [String] = []) throws -> ServerSettings {
        var sources = ServerConfiguration.Sources(workingFolder: "/nowhere")
        sources.flags = Self.ground + flags
        return try ServerSettings(try ServerConfiguration.load(sources))
    }

    /// A legal value that is not the default; nil = the key has only one.
    private static func otherValue(of key: KeyDeclaration) -> String? {
        // Two more: for a default of -1, which means "none", 0 means the same.
        let number = Int(key.defaultText).map { ["\($0 + 2)", "\($0 + 1)", "\($0 - 1)"] } ?? []
        let words = key.allowed.split { $0 == " " || $0 == "," }.map(String.init)
        let standing = ground.first { $0.hasPrefix(key.name + "=") }.map { String($0.dropFirst(key.name.count + 1)) }
        return (number + ["false", "true"] + words + ["other"]).first {
            $0 != key.defaultText && $0 != standing && key.isValid($0)
        }
    }

    static let keysOfRooms = KeyDeclaration.all.filter {
        $0.effect == .works && $0.group != .log && otherValue(of: $0) != nil
    }.map(\.name)

    @Test(arguments: keysOfRooms)
    func everyKeyChangesSomething(name: String) throws {
        let key = try #require(KeyDeclaration.named(name))
        let value = try #require(Self.otherValue(of: key))
        #expect("\(try settings(["\(name)=\(value)"]))" != "\(try settings())", "\(name)=\(value) changes nothing")
    }

    /// The defaults of the table are those that the rooms declare.
    @Test func defaultsAgreeWithTheRooms() throws {
        let settings = try settings(["mqtt_port=1883", "mqtt_allow_anonymous=false"])
        #expect("\(settings.storage)" == "\(StorageSettings())")
        #expect("\(settings.ingestion)" == "\(IngestionSettings())")
        #expect("\(settings.json)" == "\(JSONFormatSettings())")
        #expect("\(settings.deadLetters)" == "\(DeadLetterSettings())")
        #expect("\(settings.access)" == "\(AccessSettings())")
        let http = try #require(settings.http)
        #expect("\(http)" == "\(HTTPServiceSettings())")
        let mqtt = try #require(settings.mqtt)
        #expect("\(mqtt)" == "\(MQTTServiceSettings(ingestTopics: try IngestTopics("#")))")
    }

    /// A key that a room's settings name is in the table.
    @Test func everyKeyThatARoomNamesIsDeclared() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(atPath: sources.path)).compactMap { $0 as? String }
            .filter { $0.hasSuffix("Settings.swift") || $0.hasSuffix("Limits.swift") }
        var count = 0
        for file in files where !file.hasPrefix("ApusServer/") {
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            for line in text.split(separator: "\n") {
                guard let match = line.firstMatch(of: /^\s*\/\/\/ `([a-z0-9]+(?:_[a-z0-9]+)+)`/) else { continue }
                count += 1
                #expect(KeyDeclaration.named(String(match.1)) != nil, "\(file) names \(match.1)")
            }
        }
        #expect(count > 50, "the settings of the rooms were not found")
    }

    @Test func doorsThatAreOffHaveNoSettings() throws {
        let settings = try settings(["enable_mqtt_service=false", "enable_rest_service=false"])
        #expect(settings.mqtt == nil)
        #expect(settings.http == nil)
    }

    @Test func httpFollowsTheCommonAddress() throws {
        #expect(try settings(["dn_rpc_address=10.0.0.1"]).http?.host == "10.0.0.1")
        #expect(try settings(["dn_rpc_address=10.0.0.1", "rest_service_host=::1"]).http?.host == "::1")
    }

    @Test func badTopicFiltersNameTheKey() throws {
        #expect {
            try settings(["mqtt_ingest_topics=a/#/b"])
        } throws: {
            "\($0)".hasPrefix("--set: mqtt_ingest_topics=a/#/b: `a/#/b` is no topic filter")
        }
    }

    @Test func listsAreSeparatedByCommas() throws {
        #expect(try settings(["load_dirs= /a b , /c,,"]).query.loadFolders == ["/a b", "/c"])
        #expect(try settings().query.loadFolders == [])
    }

    @Test func precisionReachesEveryRoom() throws {
        let settings = try settings(["timestamp_precision=NS"])
        #expect(settings.storage.precision == .nanoseconds)
        #expect(settings.ingestion.precision == .nanoseconds)
        #expect(settings.json.precision == .nanoseconds)
        #expect(settings.query.precision == .nanoseconds)
    }
}
