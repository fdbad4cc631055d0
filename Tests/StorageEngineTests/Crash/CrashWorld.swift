// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import StorageTestSupport
import Synchronization
import TimeSeriesModel

@testable import StorageEngine

/// The last ticket that was acknowledged, or failed.
final class RecordingCompletion: CommitCompletion {
    private let state = Mutex<(acknowledged: UInt64, failure: StorageError?, calls: Int)>((0, nil, 0))

    var acknowledged: UInt64 { state.withLock { $0.acknowledged } }
    var failure: StorageError? { state.withLock { $0.failure } }
    var calls: Int { state.withLock { $0.calls } }

    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {
        state.withLock { state in
            state.calls += 1
            switch result {
            case .success: state.acknowledged = ticket
            case .failure(let error): state.failure = error
            }
        }
    }
}

/// A participant with one byte of state a key.
final class RecordingParticipant: LogParticipant {
    private struct State {
        var values: [UInt8: UInt8] = [:]
        var unsaved: [(sequence: LogSequence, key: UInt8, value: UInt8)] = []
    }

    let participant: UInt8 = 9
    private let state: Mutex<State>

    init(catalog: any StorageCatalog) throws {
        var loaded = State()
        for entry in try catalog.entries(of: 9, after: nil, limit: 1_000) {
            loaded.values[entry.key[0]] = entry.value[0]
        }
        state = Mutex(loaded)
    }

    var values: [UInt8: UInt8] { state.withLock { $0.values } }

    func replay(_ payload: Span<UInt8>, sequence: LogSequence) { take(payload, sequence) }

    func applied(_ payload: Span<UInt8>, sequence: LogSequence) { take(payload, sequence) }

    private func take(_ payload: Span<UInt8>, _ sequence: LogSequence) {
        state.withLock { state in
            state.values[payload[0]] = payload[1]
            state.unsaved.append((sequence, payload[0], payload[1]))
        }
    }

    func checkpointChanges(through sequence: LogSequence) -> [ParticipantChange] {
        state.withLock { state in
            state.unsaved.filter { $0.sequence <= sequence }.map {
                ParticipantChange(participant: 9, key: [$0.key], value: [$0.value])
            }
        }
    }

    func checkpointed(through sequence: LogSequence) {
        state.withLock { $0.unsaved.removeAll { $0.sequence <= sequence } }
    }
}

/// A disk, and an engine on it that one thread drives step by step, so that a seed decides everything.
final class SteppedEngine {
    let engine: StorageEngine
    var writer: LogWriter
    let participant: RecordingParticipant

    init(
        _ disk: SimulatedDisk, _ catalog: SimulatedCatalog, _ settings: StorageSettings,
        _ clock: TestClock = TestClock(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        metrics: MetricsRegistry = MetricsRegistry()
    ) throws {
        // Tags that a seed decides, with the rest.
        let random = Mutex(SeededGenerator(seed: 7))
        let environment = StorageEnvironment(
            settings: settings, fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            metrics: metrics, logger: logger, random: { random.withLock { $0.next() } })
        participant = try RecordingParticipant(catalog: catalog)
        let folder = try DataFolder.claim(disk)
        (engine, writer) = try StorageEngine.recover(environment, folder, [participant], isSingleThreaded: true)
    }

    /// Steps until nothing is to be done now; false if a step failed.
    @discardableResult
    func settle() -> Bool {
        for _ in 0..<100 {
            switch writer.step() {
            case .goOn: continue
            case .wait, .finished: return engine.state.failure == nil
            }
        }
        return false
    }

    /// Freezes, and flushes everything frozen; false if something failed.
    @discardableResult
    func flush() throws -> Bool {
        _ = try engine.queue.requestFreeze()
        guard settle() else { return false }
        while engine.memtables.oldestFrozen != nil {
            if !engine.flusher.flushOldest() { return false }
        }
        return true
    }

    /// Everything that a query sees.
    func contents() throws -> Model {
        var model = Model(changes: participant.values)
        for rule in engine.schema.timeToLives() { model.rules[rule.pattern.text] = rule.milliseconds }
        let snapshot = engine.snapshot()
        for series in engine.schema.series(matching: .all) {
            var cursor = snapshot.points(of: series, in: .all, order: .ascending)
            var points: [Int64: Value] = [:]
            while let block = try cursor.next() {
                for index in 0..<block.count { points[block.times[index]] = block.values[index] }
            }
            if !points.isEmpty { model.points["\(series.device.path.text).\(series.measurement)"] = points }
        }
        return model
    }
}
