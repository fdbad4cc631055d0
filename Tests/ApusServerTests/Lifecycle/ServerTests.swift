// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import ApusServer

/// The whole server in this process, without signals: a service group around it tells it to stop.
@Suite(.serialized) struct ServerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func server(_ flags: [String] = []) throws -> Server {
        var sources = ServerConfiguration.Sources(workingFolder: folder.path)
        sources.flags =
            [
                "enable_mqtt_service=true", "mqtt_host=127.0.0.1", "mqtt_port=0", "rest_service_port=0",
                "log_level=critical", "data_dir=\(folder.path)/data",
            ] + flags
        return try Server(try ServerConfiguration.load(sources))
    }

    private struct Wrapped: Service {
        let body: @Sendable () async throws -> Void
        func run() async throws { try await body() }
    }

    /// Runs a server; `whenReady` gets the ready line, then the server is told to stop.
    private func run(_ server: Server, whenReady: @escaping @Sendable (String) async throws -> Void) async throws {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: Wrapped {
                            defer { continuation.finish() }
                            try await server.run(stoppedBy: []) { continuation.yield($0) }
                        }, successTerminationBehavior: .gracefullyShutdownGroup)
                ], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await line in lines {
                try await whenReady(line)
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    private static func ports(_ line: String) throws -> (mqtt: Int, rest: Int) {
        let match = try #require(line.wholeMatch(of: /apus is ready: mqtt \S+?:(\d+), rest \S+?:(\d+)\n/))
        return (try #require(Int(match.1)), try #require(Int(match.2)))
    }

    @Test func opensBothDoorsAndStops() async throws {
        try await run(try server()) { line in
            let ports = try Self.ports(line)
            for port in [ports.mqtt, ports.rest] {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port).get()
                try await channel.close()
            }
        }
        #expect(FileManager.default.fileExists(atPath: folder.path + "/data/catalog.sqlite"))
    }

    /// A client that stays connected does not keep the server from stopping; the next start finds the folder free.
    @Test func stopsWithIdleClientsAndStartsAgain() async throws {
        for _ in 0..<2 {
            try await run(try server()) { line in
                let ports = try Self.ports(line)
                for port in [ports.mqtt, ports.rest] {
                    _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .connect(host: "127.0.0.1", port: port).get()
                }
            }
        }
    }

    @Test func doorsCanBeOff() async throws {
        try await run(try server(["enable_mqtt_service=false", "enable_rest_service=false"])) { line in
            #expect(line == "apus is ready: mqtt off, rest off\n")
        }
    }

    @Test func aPortInUseIsNamed() async throws {
        let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(taken.localAddress?.port)
        for key in ["mqtt_port", "rest_service_port"] {
            let server = try server(["\(key)=\(port)"])
            do {
                try await run(server) { _ in }
                Issue.record("the server started on a port that is in use")
            } catch {
                #expect("\(error)".contains("127.0.0.1:\(port)"))
                #expect("\(error)".contains(key))
            }
        }
        try await taken.close()
    }

    @Test func aFolderHasOneOwner() async throws {
        let second = try server()
        try await run(try server()) { [path = folder.path] _ in
            do {
                try await second.run(stoppedBy: []) { _ in }
                Issue.record("two servers run on one folder")
            } catch {
                #expect("\(error)".contains("\(path)/data/LOCK"))
            }
            #expect(throws: StartError.self) {
                try StoppedServer.setPassword(dataFolder: path + "/data", user: "root", password: "a-new-one")
            }
        }
    }

    @Test func settingsThatCannotChangeAreNamed() async throws {
        try await run(try server()) { _ in }
        let changed = try server(["timestamp_precision=ns"])
        do {
            try await run(changed) { _ in }
        } catch {
            #expect("\(error)".contains("timestamp_precision"))
        }
    }
}
