// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import Ingestion
import Logging
import ServerMetrics
import StorageEngine
import StorageTestSupport
import TimeSeriesModel

@testable import QueryEngine

/// A whole server below the doors, on a simulated disk.
final class QueryWorld {
    let disk: SimulatedDisk
    let storage: StorageEngine
    let access: AccessController
    let ingestion: IngestionService
    let metrics = MetricsRegistry()
    let query: QueryService
    let clock = TestClock()

    init(settings: QuerySettings = QuerySettings(), zones: [String: any ZoneRules] = [:]) throws {
        disk = SimulatedDisk()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let catalog = SimulatedCatalog(disk: disk)
        let deadLetters = try DeadLetterStore(settings: DeadLetterSettings(), catalog: catalog)
        storage = try StorageEngine.open(
            settings: StorageSettings(), fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            participants: [deadLetters], metrics: metrics, logger: logger)
        access = try AccessController(
            catalog: try SQLiteCatalog.inMemory(), settings: AccessSettings(scrypt: ScryptCost(rounds: 2)),
            wallClock: clock, logger: logger)
        ingestion = IngestionService(
            settings: IngestionSettings(), storage: storage, access: access, deadLetters: deadLetters,
            wallClock: clock)
        var settings = settings
        settings.zoneRules = { zones[$0] }
        query = QueryService(
            storage: storage, ingestion: ingestion, access: access, settings: settings, wallClock: clock,
            views: [DeadLettersView(deadLetters, precision: .milliseconds), MetricsView(metrics)], logger: logger)
    }

    /// Ends all threads; call at the end of every test.
    func close() throws {
        query.close()
        try storage.close()
    }

    /// A session of a user by name.
    func session(_ user: String = "root", zone: String? = nil) throws -> QuerySession {
        guard let principal = access.principal(named: user) else {
            throw StatementError(code: 804, message: "the test names the user \(user), who is not there")
        }
        return query.session(for: principal, zoneID: zone)
    }

    /// Executes as root, for what must work.
    @discardableResult
    func run(_ sql: String) async throws -> RenderedResult { try await RenderedResult(of: sql, in: try session()) }
}

/// A result as text, for comparison.
struct RenderedResult: Equatable {
    /// `ok`, `error …`, or the header and the rows, cells parted by `|`.
    var lines: [String]

    /// The rows without the header.
    var rows: [String] { Array(lines.dropFirst()) }

    init(of sql: String, in session: QuerySession) async throws {
        switch try await session.execute(sql) {
        case .done: lines = ["ok"]
        case .rows(let result): lines = try await Self.lines(of: result)
        }
    }

    init(lines: [String]) { self.lines = lines }

    private static func lines(of result: ResultSet) async throws -> [String] {
        let names = result.columns.map { "\($0.name):\($0.type.name)" }
        var lines = [((result.hasTime ? ["Time"] : []) + names).joined(separator: "|")]
        while let block = try await result.next() {
            precondition((1...ResultBlock.rowsMax).contains(block.rowCount), "a block has 1 to 4,096 rows")
            precondition(block.times.count == (result.hasTime ? block.rowCount : 0), "one time a row")
            let columns = block.columns.map { $0.cells(rowCount: block.rowCount) }
            for row in 0..<block.rowCount {
                let cells = columns.map { $0[row].map(ValueText.text) ?? "null" }
                lines.append(((result.hasTime ? ["\(block.times[row])"] : []) + cells).joined(separator: "|"))
            }
        }
        return lines
    }
}
