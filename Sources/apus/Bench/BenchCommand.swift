// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import MQTTClient
import MQTTProtocol
import NIOCore
import NIOPosix

/// `apus bench mqtt`, or `apus bench` alone.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mqtt",
        abstract: "Publish over MQTT as fast as a server acknowledges, and measure it.",
        discussion: """
            Works with any MQTT broker. Every connection keeps a window of unacknowledged messages full; each message is JSON
            with --rows rows of --measurements values for the device root.bench.d<connection>; times go on from now. The
            clock runs from the first message to the last acknowledgement; connecting is not in it. Latency is from giving a
            message to the socket to its acknowledgement (QoS 2: PUBCOMP).

              apus bench
              apus bench --connections 50 --in-flight 20 --messages 200000
              apus bench --rows 100 --measurements 5 --messages 10000 --json

            Exit codes: 0 all messages acknowledged; 1 some were refused, a connection broke or none could be made; 64 wrong
            usage.
            """, helpNames: [.long])

    /// The versions as they are written on the command line.
    enum Version: String, ExpressibleByArgument, CaseIterable {
        case v3_1 = "3.1"
        case v3_1_1 = "3.1.1"
        case v5_0 = "5"

        var version: ProtocolVersion {
            switch self {
            case .v3_1: .v3_1
            case .v3_1_1: .v3_1_1
            case .v5_0: .v5_0
            }
        }
    }

    @Option(name: [.customShort("h"), .long], help: "The server's host.") var host = "127.0.0.1"
    @Option(name: [.customShort("p"), .long], help: "The server's MQTT port.") var port = 1_883
    @Option(name: [.customShort("u"), .long], help: "The user; empty = none.") var user = "root"
    @Option(name: [.customLong("pw", withSingleDash: true), .long], help: "The password.") var password = "root"
    @Option(help: "Connections at once.") var connections = 10
    @Option(help: "Unacknowledged messages of each connection.") var inFlight = 20
    @Option(help: "Quality of service: 0, 1 or 2.") var qos = 1
    @Option(help: "Rows of a message.") var rows = 1
    @Option(help: "Values of a row.") var measurements = 1
    @Option(help: "Messages over all connections.") var messages = 100_000
    @Option(help: "The topic of every message.") var topic = "apus/bench"
    @Option(help: "MQTT version: 3.1, 3.1.1 or 5. Only 5 tells why messages are refused.") var mqttVersion = Version
        .v5_0
    @Option(help: "Event loops of the load generator.") var threads = 1
    @Flag(help: "Print one JSON object instead of text, and no progress.") var json = false

    func validate() throws {
        let limits: [(name: String, value: Int, range: ClosedRange<Int>)] = [
            ("port", port, 1...65_535), ("connections", connections, 1...1_000_000),
            ("in-flight", inFlight, 1...65_535),
            ("qos", qos, 0...2), ("rows", rows, 1...100_000), ("measurements", measurements, 1...10_000),
            ("messages", messages, 1...1_000_000_000), ("threads", threads, 1...256),
        ]
        for limit in limits where !limit.range.contains(limit.value) {
            throw ValidationError("--\(limit.name) is \(limit.range.lowerBound) to \(limit.range.upperBound).")
        }
    }

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let progress = ProgressBar("sending", total: messages, unit: .count("messages"), isShown: !json)
        let result: Result<LoadResult, MQTTClientError>
        do throws(MQTTClientError) {
            result = .success(try await LoadGenerator(settings(progress), group: group).run())
        } catch {
            result = .failure(error)
        }
        try? await group.shutdownGracefully()
        progress.clear()
        switch result {
        case .success(let result):
            let report = BenchReport(result, of: self)
            writeOutput(json ? try report.json() : report.text())
            if report.refused > 0 { throw Exit.failed }
        case .failure(let error):
            writeError("apus bench: \(host):\(port): \(error)\n")
            throw Exit.failed
        }
    }

    private func settings(_ progress: ProgressBar) -> LoadSettings {
        var options = ClientOptions(host: host, port: port)
        options.version = mqttVersion.version
        options.clientID = "apus-bench-\(getpid())"
        options.userName = user.isEmpty ? nil : user
        options.password = user.isEmpty ? nil : password
        let payload = BenchPayload(rows: rows, measurements: measurements, firstTime: Int64(time(nil)) * 1_000)
        var settings = LoadSettings(options: options) { connection, index, buffer in
            payload.write(connection: connection, index: index, into: &buffer)
            progress.advance(by: 1)
        }
        settings.connections = connections
        settings.inFlight = inFlight
        settings.qualityOfService = QualityOfService(rawValue: UInt8(qos)) ?? .atLeastOnce
        settings.messages = messages
        settings.topic = topic
        return settings
    }
}
