// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import TimeSeriesModel

@testable import StorageEngine

/// One seeded life of a data folder: appends, commits, flushes, failures and crashes at random, and after each the question
/// whether everything acknowledged is there (P1), batches are whole or absent, and the last write won (P5).
struct CrashScenario {
    enum Failure: Error {
        case contents(String)
        case recovery(String)
    }

    private static let types: [DataType] = [.double, .int64, .text, .boolean, .int32]

    private var random: SeededGenerator
    private let disk: SimulatedDisk
    private let catalog: SimulatedCatalog
    private var settings = StorageSettings()
    private var engine: SteppedEngine?
    private var completion = RecordingCompletion()
    /// Everything acknowledged.
    private var model = Model()
    /// Appended and not acknowledged, in order.
    private var inFlight: [PlannedBatch] = []
    private var lastTicket: UInt64 = 0
    private var lastValue: Int64 = 0
    private(set) var acknowledgedBatches = 0
    private(set) var crashes = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        disk = SimulatedDisk(seed: seed)
        catalog = SimulatedCatalog(disk: disk)
        settings.partitionIntervalMilliseconds = 3_600_000
        settings.segmentBytesMax = 300 + random.below(4_000)
        settings.memtableBytesMax = 1 << (12 + random.below(6))
        settings.commitBytesMax = 200 + random.below(3_000)
        settings.unflushedLogBytesMax = 1_000 + random.below(20_000)
        settings.frozenMemtablesMax = 1 + random.below(2)
    }

    mutating func run(steps: Int) throws {
        try reopen()
        for _ in 0..<steps { try step() }
        disk.crash()
        try reopen()
        // Nothing whole is removed while the catalog looks as if it had been lost.
        let wasCatalogEmpty = try catalog.load().databases.isEmpty
        disk.kill()
        try reopen()
        if !wasCatalogEmpty { try checkFolder() }
    }

    private mutating func step() throws {
        switch random.below(100) {
        case 0..<45: append()
        case 45..<70: try commit()
        case 70..<78: _ = try engine?.flush(); noteAcknowledged()
        case 78..<82: _ = engine?.engine.flusher.flushOldest()
        case 82..<88: disk.cutPower(afterOperations: random.below(14))
        case 88..<92: failSomething()
        case 92..<96:
            disk.crash()
            try reopen()
        case 96..<98:
            disk.kill()
            try reopen()
        default: try close()
        }
        if disk.isDown {
            disk.crash()
            try reopen()
        }
    }

    private mutating func failSomething() {
        let kinds: [DiskOperation] = [.create, .write, .sync, .syncFolder, .rename, .remove, .catalogCommit]
        disk.failNext(
            kinds[random.below(kinds.count)], count: 1 + random.below(3), code: random.chance(30) ? .full : .io)
    }

    // MARK: Writing

    private mutating func append() {
        guard let engine else { return }
        lastTicket += 1
        var planned = PlannedBatch(ticket: lastTicket)
        // A small limit makes batches of several records.
        var batch = random.chance(30) ? WriteBatch(recordBytesMax: 150 + random.below(300)) : WriteBatch()
        for _ in 0..<1 + random.below(3) { appendTablet(engine, &batch, &planned) }
        if random.chance(20) {
            let change: [UInt8] = [UInt8(random.below(5)), UInt8(random.below(256))]
            batch.append(participant: 9, change.span)
            planned.changes.append((change[0], change[1]))
        }
        do throws(StorageError) {
            try engine.engine.append(&batch, ticket: lastTicket, completion: completion)
            inFlight.append(planned)
        } catch {
            // Closed: nothing was taken.
        }
    }

    private mutating func appendTablet(
        _ engine: SteppedEngine, _ batch: inout WriteBatch, _ planned: inout PlannedBatch
    ) {
        let device = DevicePath(canonical: ["root", "db\(random.below(2))", "d\(random.below(3))"])
        let width = 1 + random.below(3)
        let measurements = (0..<width).map { ("s\($0)", Self.types[$0 + device.text.utf8.count % 3]) }
        guard
            let created = try? engine.engine.schema.createSeries(
                device: device, isAligned: false, measurements: measurements)
        else { return }
        var tablet = Tablet()
        let rows = 1 + random.below(4)
        for _ in 0..<rows { tablet.times.append(Int64(random.below(40)) * 360_000 - 7_200_000) }
        for case .success(let series) in created {
            tablet.addColumn(series: series.id, type: series.type)
            let slot = tablet.columnCount - 1
            let hasGaps = random.chance(30)
            if hasGaps { tablet.columns[slot].presence = [0] }
            for row in 0..<rows where !hasGaps || random.chance(60) {
                let value = nextValue(series.type)
                tablet.columns[slot].values.append(value)
                if hasGaps { tablet.columns[slot].presence[0] |= 1 << UInt64(row) }
                planned.points.append(
                    .init(series: "\(device.text).\(series.measurement)", time: tablet.times[row], value: value))
            }
        }
        batch.append(tablet)
    }

    private mutating func nextValue(_ type: DataType) -> Value {
        lastValue += 1
        switch type {
        case .double: return .double(Double(lastValue) / 4)
        case .int64: return .int64(-lastValue)
        case .int32: return .int32(Int32(lastValue) - 50)
        case .boolean: return .boolean(random.chance(50))
        default: return .text(Array(String(repeating: "x\(lastValue)", count: random.below(12)).utf8))
        }
    }

    private mutating func commit() throws {
        guard let engine else { return }
        _ = engine.writer.step()
        noteAcknowledged()
        guard !disk.isDown, random.chance(30) else { return }
        // Nothing is shown that a crash could take back, and nothing acknowledged is hidden.
        let seen = try contents(engine)
        if let seen, seen != model {
            throw Failure.contents("visible is not what was acknowledged: \(difference(seen, model))")
        }
    }

    private mutating func noteAcknowledged() {
        while let first = inFlight.first, first.ticket <= completion.acknowledged {
            model.apply(first)
            inFlight.removeFirst()
            acknowledgedBatches += 1
        }
    }

    private mutating func close() throws {
        guard let engine else { return }
        engine.engine.queue.close()
        while case .goOn = engine.writer.step() {}
        noteAcknowledged()
        while engine.engine.memtables.oldestFrozen != nil, engine.engine.flusher.flushOldest() {}
        if random.chance(50) { disk.kill() } else { disk.crash() }
        try reopen()
    }

    // MARK: Recovering

    private mutating func reopen() throws {
        crashes += 1
        engine = nil
        if random.chance(15) { disk.cutPower(afterOperations: random.below(20)) }
        for _ in 0..<50 {
            do {
                let opened = try SteppedEngine(disk, catalog, settings)
                engine = opened
                try compare(opened.contents())
                completion = RecordingCompletion()
                return
            } catch let error as StorageError {
                guard error.code == .io || error.code == .full || error.code == .catalog else {
                    throw Failure.recovery("\(error)")
                }
                // The power failed or the disk did, while recovering: once more.
                engine = nil
                if random.chance(50) { disk.crash() } else { disk.kill() }
            }
        }
        throw Failure.recovery("recovery fails again and again")
    }

    /// The contents must be what was acknowledged and some of what was in flight, batch by batch and in order.
    private mutating func compare(_ seen: Model) throws {
        var candidate = model
        if candidate == seen {
            inFlight = []
            return
        }
        for batch in inFlight {
            candidate.apply(batch)
            if candidate == seen {
                model = candidate
                inFlight = []
                return
            }
        }
        throw Failure.contents("after recovery: \(difference(seen, model)), in flight: \(inFlight)")
    }

    private func contents(_ engine: SteppedEngine) throws -> Model? {
        do { return try engine.contents() } catch let error as StorageError where error.code == .io { return nil }
    }

    /// No file is there that the catalog does not name, and no more log than needed.
    private func checkFolder() throws {
        let named = Set(try catalog.load().files.map { "tsfiles/" + $0.name })
        var found: Set<String> = []
        for database in try disk.list("tsfiles") {
            for partition in try disk.list("tsfiles/\(database)") {
                for file in try disk.list("tsfiles/\(database)/\(partition)") {
                    found.insert("tsfiles/\(database)/\(partition)/\(file)")
                }
            }
        }
        if found != named { throw Failure.contents("files \(found) instead of \(named)") }
    }

    private func difference(_ seen: Model, _ wanted: Model) -> String {
        var text = ""
        for series in Set(seen.points.keys).union(wanted.points.keys).sorted() {
            let have = seen.points[series] ?? [:], want = wanted.points[series] ?? [:]
            for time in Set(have.keys).union(want.keys).sorted() where have[time] != want[time] {
                text +=
                    "\(series)@\(time): \(have[time].map { "\($0)" } ?? "-") "
                    + "instead of \(want[time].map { "\($0)" } ?? "-"); "
            }
        }
        if seen.changes != wanted.changes { text += "changes \(seen.changes) instead of \(wanted.changes)" }
        return text
    }
}
