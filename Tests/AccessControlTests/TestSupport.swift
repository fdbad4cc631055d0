// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Synchronization
import TimeSeriesModel

@testable import AccessControl

/// A clock that stands still until it is moved.
final class ManualClock: WallClock {
    private let time = Atomic<Int64>(1_700_000_000_000_000_000)

    func nanosecondsSinceEpoch() -> Int64 { time.load(ordering: .relaxed) }

    func advance(seconds: Int64) { time.wrappingAdd(seconds * 1_000_000_000, ordering: .relaxed) }
}

/// Log lines of one test.
final class LogLines: Sendable {
    private let lines = Mutex<[(level: Logger.Level, text: String)]>([])

    func append(_ level: Logger.Level, _ text: String) { lines.withLock { $0.append((level, text)) } }

    func texts(_ level: Logger.Level) -> [String] {
        lines.withLock { lines in lines.filter { $0.level == level }.map(\.text) }
    }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.append(event.level, "\(event.message) \(event.metadata ?? [:])") }
    }
}

/// A controller over a catalog in memory, with cheap hashes.
struct Ground {
    let catalog: SQLiteCatalog
    let clock = ManualClock()
    let lines = LogLines()
    let access: AccessController

    static let cheap = ScryptCost(rounds: 1_024)

    init(_ settings: AccessSettings = AccessSettings(scrypt: cheap), catalog: SQLiteCatalog? = nil) throws {
        self.catalog = try catalog ?? SQLiteCatalog.inMemory()
        access = try AccessController(
            catalog: self.catalog, settings: settings, wallClock: clock, logger: lines.logger)
    }

    /// The same catalog after a restart.
    func reopened(_ settings: AccessSettings = AccessSettings(scrypt: cheap)) throws -> Ground {
        try Ground(settings, catalog: catalog)
    }

    func login(
        _ user: String, _ password: String, _ origin: ConnectionOrigin = .remote
    ) async -> Result<Principal, AuthenticationFailure> {
        await access.authenticate(user: user, password: Array(password.utf8), origin: origin)
    }
}

extension Ground {
    /// Whom the server takes the client for; nil = refused.
    func name(_ user: String, _ password: String, _ origin: ConnectionOrigin = .remote) async -> String? {
        try? await login(user, password, origin).get().name
    }
}

/// Collects a known number of answers from any thread.
final class Answers: Sendable {
    typealias Answer = Result<Principal, AuthenticationFailure>
    private let stream: AsyncStream<Answer>
    private let continuation: AsyncStream<Answer>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func add(_ answer: Answer) { continuation.yield(answer) }

    func first(_ count: Int) async -> [Answer] {
        var answers: [Answer] = []
        guard count > 0 else { return [] }
        for await answer in stream {
            answers.append(answer)
            if answers.count == count { break }
        }
        return answers
    }
}
