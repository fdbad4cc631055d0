// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import Ingestion
import MQTTBroker
import NIOCore
import NIOPosix
import PayloadFormats
import ServerMetrics
import StorageEngine
import StorageTestSupport
import TimeSeriesModel

@testable import MQTTService

/// The MQTT door over an engine on a simulated disk, on a port of its own.
final class Server: Sendable {
    struct Setup {
        var service: MQTTServiceSettings
        var ingestion = IngestionSettings()
        var storage = StorageSettings()
        var deadLetters = DeadLetterSettings()
        var loops = 1
        /// Users with their password and grants.
        var users: [(name: String, password: String, grants: [(Privilege, String)])] = []

        init() throws {
            service = MQTTServiceSettings(ingestTopics: try IngestTopics("#"))
            service.host = "127.0.0.1"
            service.port = 0
            storage.retryDelayMilliseconds = 2
        }
    }

    let setup: Setup
    let disk: GatedDisk
    let catalog: SimulatedCatalog
    let clock = TestClock()
    let lines = LogLines()
    let metrics = MetricsRegistry()
    let access: AccessController
    let engine: StorageEngine
    let ingestion: IngestionService
    let group: MultiThreadedEventLoopGroup
    let listener: MQTTListener

    var gate: SyncGate { disk.gate }
    var deadLetters: DeadLetterStore { ingestion.deadLetters }

    private init(_ setup: Setup, _ simulated: SimulatedDisk, _ catalog: SimulatedCatalog) throws {
        self.setup = setup
        self.catalog = catalog
        disk = GatedDisk(simulated)
        access = try AccessController(
            catalog: SQLiteCatalog.inMemory(), settings: AccessSettings(scrypt: ScryptCost(rounds: 2)),
            wallClock: clock, logger: lines.logger)
        let deadLetters = try DeadLetterStore(settings: setup.deadLetters, catalog: catalog)
        engine = try StorageEngine.open(
            settings: setup.storage, fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            participants: [deadLetters], metrics: metrics, logger: lines.logger)
        ingestion = IngestionService(
            settings: setup.ingestion, storage: engine, access: access, deadLetters: deadLetters, wallClock: clock)
        for user in setup.users {
            try access.createUser(named: user.name, password: user.password)
            for (privilege, pattern) in user.grants {
                try access.grant([privilege], onPattern: PathPattern(parsing: pattern), to: user.name)
            }
        }
        group = MultiThreadedEventLoopGroup(numberOfThreads: setup.loops)
        listener = try MQTTListener(
            settings: setup.service, ingestion: ingestion, formatter: JSONPayloadFormatter(), metrics: metrics,
            group: group, logger: lines.logger)
    }

    /// Runs `body` against a server that is stopped afterwards in any case.
    static func run(
        _ configure: (inout Setup) throws -> Void = { _ in },
        _ body: (Server, Int) async throws -> Void
    ) async throws {
        var setup = try Setup()
        try configure(&setup)
        let disk = SimulatedDisk()
        try await run(setup, disk, SimulatedCatalog(disk: disk), body)
    }

    /// The next process on the same disk after a power failure; this one is stopped.
    func runAfterCrash(_ body: (Server, Int) async throws -> Void) async throws {
        disk.disk.crash()
        try? engine.close()
        try await Self.run(setup, disk.disk, catalog, body)
    }

    private static func run(
        _ setup: Setup, _ disk: SimulatedDisk, _ catalog: SimulatedCatalog,
        _ body: (Server, Int) async throws -> Void
    ) async throws {
        let server = try Server(setup, disk, catalog)
        let channel = try await server.listener.start()
        var failure: (any Error)?
        do {
            try await body(server, channel.localAddress?.port ?? 0)
        } catch {
            failure = error
        }
        server.gate.release()
        try await channel.close()
        await server.listener.closeConnections()
        try? server.engine.close()
        try await server.group.shutdownGracefully()
        if let failure { throw failure }
    }

    /// Waits until every event loop has done what it had to do until now.
    func settle() async throws {
        for loop in group.makeIterator() { try await loop.submit {}.get() }
    }

    /// `device.measurement time=value ...`, sorted; everything acknowledged is in it.
    func stored() throws -> [String] {
        let snapshot = engine.snapshot()
        return try engine.schema.series(matching: .all).map { series in
            var line = "\(series.device.path.text).\(series.measurement)"
            var cursor = snapshot.points(of: series, in: .all, order: .ascending)
            while let block = try cursor.next() {
                for index in 0..<block.count {
                    if case .double(let value) = block.values[index] { line += " \(block.times[index])=\(value)" }
                }
            }
            return line
        }
    }

    /// The value of a metric, all labels added up, or those with this one.
    func metric(_ name: String, _ label: String? = nil) -> Double {
        metrics.samples().filter { sample in
            sample.name == name && (label == nil || sample.labels.contains { $0.value == label })
        }.reduce(0) { $0 + $1.value }
    }
}

/// A row of `root.sg.d`.
func row(_ time: Int, _ value: String = "1", device: String = "root.sg.d", measurement: String = "a") -> String {
    "{\"device\":\"\(device)\",\"timestamp\":\(time),\"measurements\":[\"\(measurement)\"],\"values\":[\(value)]}"
}
