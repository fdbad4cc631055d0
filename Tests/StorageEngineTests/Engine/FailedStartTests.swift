// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// A start that fails leaves nothing behind: no lock, no thread, no open file.
@Suite struct FailedStartTests {
    private let disk = SimulatedDisk()
    private let catalog: SimulatedCatalog

    init() throws {
        catalog = SimulatedCatalog(disk: disk)
        let engine = try openEngine(disk, catalog)
        let completion = WaitingCompletion()
        for ticket in 1...5 { try writeRow(engine, "a", Int64(ticket), 1, ticket: UInt64(ticket), completion) }
        try completion.wait(for: 5)
        try engine.flush()
        try writeRow(engine, "a", 6, 1, ticket: 6, completion)
        try completion.wait(for: 6)
        disk.setFault { _ in .io }
        // The last row stays in the log.
        try engine.close()
        disk.kill()
    }

    private func environment() -> StorageEnvironment {
        let clock = TestClock()
        return StorageEnvironment(
            settings: StorageSettings(), fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            metrics: MetricsRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Lets the operation number `index` of a start fail, for every one that there is.
    @Test func everyOperationOfAStartMayFail() throws {
        let before = disk.openFiles
        var index = 0
        while true {
            let countdown = Countdown(index)
            disk.setFault { _ in countdown.isAtZero() ? .io : nil }
            let engine = try? StorageEngine.open(environment(), participants: [])
            let wasReached = countdown.isPast
            disk.setFault(nil)
            try engine?.close()
            // The lock is free, whatever failed.
            try disk.lock(DataFolder.lockName).release()
            #expect(disk.openFiles == before, "operation \(index)")
            index += 1
            if !wasReached { break }
        }
        #expect(index > 10)
        let engine = try openEngine(disk, catalog)
        #expect(try pointCount(engine) == 6)
        try engine.close()
    }

    @Test func withoutAThreadForTheLogTheFlusherEndsToo() throws {
        for failing in ["flush", "compact", "log"] {
            var environment = environment()
            environment.threads = ThreadStart { name, body throws(StorageError) in
                guard name != failing else { throw StorageError(.io, "cannot start thread \(name)") }
                return try WorkerThread(name: name, body)
            }
            let claim = try DataFolder.claim(disk)
            let (engine, writer) = try StorageEngine.recover(environment, claim, [], isSingleThreaded: false)
            #expect(throws: StorageError.self) { try engine.start(writer) }
            #expect(!engine.flusher.isRunning && !engine.compactor.isRunning)
            claim.release()
            let error = #expect(throws: StorageError.self) {
                try StorageEngine.open(environment, participants: [])
            }
            #expect(error?.message.contains(failing) == true)
            try disk.lock(DataFolder.lockName).release()
        }
        let engine = try openEngine(disk, catalog)
        #expect(try pointCount(engine) == 6)
        try engine.close()
    }
}

/// Counts operations down to the one that fails.
private final class Countdown: Sendable {
    private let rest: Atomic<Int>

    init(_ count: Int) { rest = Atomic(count) }

    func isAtZero() -> Bool { rest.wrappingSubtract(1, ordering: .relaxed).oldValue == 0 }
    var isPast: Bool { rest.load(ordering: .relaxed) < 0 }
}
