// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ingestion
import Logging
import NIOCore
import NIOPosix
import QueryEngine
import ServerMetrics
import StorageEngine
import StorageTestSupport
import Synchronization
import TimeSeriesModel

@testable import HTTPService

/// The HTTP door on loopback over a whole engine on a simulated disk.
final class HTTPWorld: Sendable {
    let storage: StorageEngine
    let access: AccessController
    let query: QueryService
    let metrics = MetricsRegistry()
    let isServing = Atomic<Bool>(true)

    init() throws {
        let disk = SimulatedDisk(), clock = TestClock()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let catalog = SimulatedCatalog(disk: disk)
        let deadLetters = try DeadLetterStore(settings: DeadLetterSettings(), catalog: catalog)
        storage = try StorageEngine.open(
            settings: StorageSettings(), fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            participants: [deadLetters], metrics: metrics, logger: logger)
        access = try AccessController(
            catalog: try SQLiteCatalog.inMemory(), settings: AccessSettings(scrypt: ScryptCost(rounds: 2)),
            wallClock: clock, logger: logger)
        let ingestion = IngestionService(
            settings: IngestionSettings(), storage: storage, access: access, deadLetters: deadLetters, wallClock: clock)
        query = QueryService(
            storage: storage, ingestion: ingestion, access: access, settings: QuerySettings(), wallClock: clock,
            views: [], logger: logger)
    }

    func close() throws {
        query.close()
        try storage.close()
    }

    /// Runs `body` with a client of a server on a free port.
    func serve(
        _ settings: HTTPServiceSettings = HTTPServiceSettings(),
        _ body: @escaping @Sendable (HTTPUser) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        let services = HTTPDoorServices(
            query: query, access: access, metrics: metrics,
            isServing: { self.isServing.load(ordering: .relaxed) })
        let routes = HTTPRoutes(settings: settings, services: services, logger: Logger(label: "http"))
        let application = Application(
            router: routes.router(), configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)))
        try await application.test(.live) { client in try await body(HTTPUser(client: client)) }
        try close()
    }
}

/// A client with credentials.
struct HTTPUser: Sendable {
    let client: any TestClientProtocol
    var authorization: String? = "Basic cm9vdDpyb290"

    /// POSTs a body; the status and the body of the answer.
    func post(
        _ path: String, _ body: String, headers more: HTTPFields = [:]
    ) async throws -> (status: Int, body: String, headers: HTTPFields) {
        try await send(.post, path, body, more)
    }

    func get(_ path: String) async throws -> (status: Int, body: String, headers: HTTPFields) {
        try await send(.get, path, nil, [:])
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?, _ more: HTTPFields
    ) async throws -> (status: Int, body: String, headers: HTTPFields) {
        var headers = more
        if let authorization { headers[.authorization] = authorization }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in (response.status.code, String(buffer: response.body), response.headers) }
    }

    /// The answer of `/rest/v2/query`.
    func query(_ sql: String) async throws -> String { try await post("/rest/v2/query", Self.json(sql)).body }

    /// The answer of `/rest/v2/nonQuery`.
    func command(_ sql: String) async throws -> String { try await post("/rest/v2/nonQuery", Self.json(sql)).body }

    static func json(_ sql: String) -> String {
        var buffer = ByteBuffer(string: "{\"sql\":")
        buffer.writeJSON(string: sql)
        buffer.writeString("}")
        return String(buffer: buffer)
    }
}
