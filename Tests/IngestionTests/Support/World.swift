// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import Logging
import PayloadFormats
import ServerMetrics
import StorageEngine
import StorageTestSupport
import TimeSeriesModel

@testable import Ingestion

/// The way from a payload to the disk: formatter, ingestor, engine on a simulated disk.
final class World {
    struct Setup {
        var ingestion = IngestionSettings()
        var storage = StorageSettings()
        var json = JSONFormatSettings()
        var deadLetters = DeadLetterSettings()
    }

    let setup: Setup
    let disk: SimulatedDisk
    let catalog: SimulatedCatalog
    let clock: TestClock
    let access: AccessController
    let deadLetters: DeadLetterStore
    let engine: StorageEngine
    let service: IngestionService
    let ingestor: Ingestor
    private var isOpen = true

    convenience init(seed: UInt64 = 0, _ configure: (inout Setup) -> Void = { _ in }) throws {
        var setup = Setup()
        configure(&setup)
        let disk = SimulatedDisk(seed: seed)
        let users = try SQLiteCatalog.inMemory()
        try self.init(setup, disk, SimulatedCatalog(disk: disk), TestClock(), users)
    }

    private init(
        _ setup: Setup, _ disk: SimulatedDisk, _ catalog: SimulatedCatalog, _ clock: TestClock,
        _ users: SQLiteCatalog
    ) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        (self.setup, self.disk, self.catalog, self.clock, self.users) = (setup, disk, catalog, clock, users)
        access = try AccessController(
            catalog: users, settings: AccessSettings(scrypt: ScryptCost(rounds: 2)), wallClock: clock, logger: logger)
        deadLetters = try DeadLetterStore(settings: setup.deadLetters, catalog: catalog)
        engine = try StorageEngine.open(
            settings: setup.storage, fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            participants: [deadLetters], metrics: MetricsRegistry(), logger: logger)
        service = IngestionService(
            settings: setup.ingestion, storage: engine, access: access, deadLetters: deadLetters, wallClock: clock)
        ingestor = Ingestor(service: service)
    }

    private let users: SQLiteCatalog

    deinit { close() }

    func close() {
        guard isOpen else { return }
        isOpen = false
        try? engine.close()
    }

    /// The next process on the same disk: after a power failure, or after a clean stop.
    func restarted(crashing: Bool, _ configure: (inout Setup) -> Void = { _ in }) throws -> World {
        var setup = setup
        configure(&setup)
        if crashing {
            // The threads of the old process find their files void.
            disk.crash()
        }
        close()
        return try World(setup, disk, catalog, clock, users)
    }

    /// Formats, judges, commits and waits for the commit.
    @discardableResult
    func publish(_ payload: String, as principal: Principal = .root) throws -> Outcome {
        try publish(Array(payload.utf8), as: principal)
    }

    @discardableResult
    func publish(_ payload: [UInt8], as principal: Principal = .root) throws -> Outcome {
        var batch = WriteBatch()
        let outcome = judge(payload, as: principal, into: &batch)
        try commit(&batch)
        return outcome
    }

    /// Everything but the commit.
    func judge(_ payload: [UInt8], as principal: Principal = .root, into batch: inout WriteBatch) -> Outcome {
        var rows = formatted(payload)
        return ingest(&rows, as: principal, into: &batch)
    }

    func formatted(_ payload: String) -> IncomingRows { formatted(Array(payload.utf8)) }

    func formatted(_ payload: [UInt8]) -> IncomingRows {
        var rows = IncomingRows()
        let publisher = PublisherFacts(clientID: "c", userName: "u", qualityOfService: 1)
        let topic = Array("t".utf8)
        JSONPayloadFormatter(settings: setup.json).format(
            topic: topic.span, payload: payload.span, publisher: publisher, into: &rows)
        return rows
    }

    /// Judges rows that no formatter made.
    func ingest(_ rows: inout IncomingRows, as principal: Principal = .root, into batch: inout WriteBatch) -> Outcome {
        let verdict = ingestor.ingest(&rows, as: principal, into: &batch)
        return Outcome(verdict: verdict, rows: rows)
    }

    func commit(_ batch: inout WriteBatch) throws {
        if !batch.isEmpty { try engine.append(&batch, ticket: nextTicket(), completion: ignored) }
        try engine.sync()
    }

    private var ticket: UInt64 = 0
    private let ignored = IgnoredCompletion()

    private func nextTicket() -> UInt64 {
        ticket += 1
        return ticket
    }

    func user(_ name: String, _ grants: (Privilege, String)...) throws -> Principal {
        let principal = try access.ensureUser(named: name)
        for (privilege, pattern) in grants {
            try access.grant([privilege], onPattern: PathPattern(parsing: pattern), to: name)
        }
        return principal
    }
}

/// What became of a payload.
struct Outcome {
    var verdict: IngestionVerdict
    var rows: IncomingRows

    /// `code extent[element,row]`, in order.
    var problems: [String] {
        rows.problems.map { "\($0.code.name) \($0.extent)[\($0.element),\($0.row)]" }
    }

    var messages: [String] { rows.problems.map(\.message) }

    func count(_ oddity: Oddity) -> Int { rows.oddities[Int(oddity.rawValue)] }
}

private final class IgnoredCompletion: CommitCompletion {
    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {}
}
