// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import TimeSeriesModel

@testable import StorageEngine

/// One seeded life of a data folder: rows, deletions, drops, rules, flushes, compactions, failures and crashes at random, and
/// the question again and again whether everything acknowledged is there (P1), batches are whole or absent, the last write won
/// (P5), and nothing comes back that was deleted.
struct CrashScenario {
    enum Failure: Error {
        case contents(String)
        case recovery(String)
    }

    static let hour: Int64 = 3_600_000

    var random: SeededGenerator
    let disk: SimulatedDisk
    let catalog: SimulatedCatalog
    let clock = TestClock()
    var settings = StorageSettings()
    var engine: SteppedEngine?
    var completion = RecordingCompletion()
    /// Everything acknowledged.
    var model = Model()
    /// What was asked for and is not acknowledged, in the order that it will have in the log.
    var inFlight: [PlannedEvent] = []
    var lastTicket: UInt64 = 0
    var lastValue: Int64 = 0
    /// What happened, for whoever looks for a mistake.
    var trace: [String]?
    var acknowledgedEvents = 0
    private(set) var crashes = 0
    private(set) var compactions = 0

    init(seed: UInt64, isTraced: Bool = false) {
        // Neighbouring seeds of the generator give the same numbers a step apart.
        var seeds = SeededGenerator(seed: seed)
        let mixed = seeds.next()
        random = SeededGenerator(seed: mixed)
        disk = SimulatedDisk(seed: mixed)
        catalog = SimulatedCatalog(disk: disk)
        if isTraced { trace = [] }
        settings.partitionIntervalMilliseconds = Self.hour
        settings.segmentBytesMax = 300 + random.below(4_000)
        settings.memtableBytesMax = 1 << (12 + random.below(6))
        settings.commitBytesMax = 200 + random.below(3_000)
        settings.unflushedLogBytesMax = 1_000 + random.below(20_000)
        settings.frozenMemtablesMax = 1 + random.below(2)
        settings.memtableLayersMax = 1 + random.below(4)
        settings.flushFilesMax = 1 + random.below(4)
        settings.openFilesMax = 1 + random.below(8)
        settings.compaction.fanIn = 2 + random.below(3)
        settings.compaction.spanningFanIn = 2
        settings.compaction.partitionFilesMax = 2 + random.below(4)
        settings.compaction.targetBytes = 1 << (10 + random.below(8))
        settings.compaction.hiddenPercent = [1, 20, 100][random.below(3)]
        settings.compaction.idleMilliseconds = Self.hour
    }

    /// The wall clock, in milliseconds.
    var now: Int64 { clock.nanosecondsSinceEpoch() / 1_000_000 }

    mutating func note(_ text: @autoclosure () -> String) {
        if trace != nil { trace?.append(text()) }
    }

    private mutating func noteState(_ text: String) {
        trace?.append("\(text), acknowledged \(completion.acknowledged), in flight \(inFlight.count)")
    }

    mutating func run(steps: Int) throws {
        try reopen()
        for _ in 0..<steps { try step() }
        disk.crash()
        try reopen(isQuiet: true)
        // Nothing whole is removed while the catalog looks as if it had been lost.
        let wasCatalogEmpty = try catalog.load().databases.isEmpty
        disk.kill()
        try reopen(isQuiet: true)
        guard let engine else { return }
        while engine.engine.compactOnce() { compactions += 1 }
        try check(engine)
        if !wasCatalogEmpty { try checkFolder() }
    }

    private mutating func step() throws {
        switch random.below(100) {
        case 0..<40: append()
        case 40..<60: try commit()
        case 60..<68: takeAway()
        case 68..<75:
            note("flush")
            _ = try engine?.flush()
            noteAcknowledged()
        case 75..<78:
            note("flush oldest")
            _ = engine?.engine.flusher.flushOldest()
        case 78..<84: compact()
        case 84..<87:
            let minutes = [1, 30, 120, 3_000][random.below(4)]
            note("clock + \(minutes) minutes")
            clock.advance(milliseconds: Int64(minutes) * 60_000)
        case 87..<91: cutPower(within: 20)
        case 91..<94: failSomething()
        case 94..<97:
            note("crash")
            disk.crash()
            try reopen()
        case 97..<98:
            note("kill")
            disk.kill()
            try reopen()
        default: try close()
        }
        if disk.isDown {
            note("power is gone: crash")
            disk.crash()
            try reopen()
        }
    }

    private mutating func cutPower(within operations: Int) {
        let count = random.below(operations)
        note("cut power after \(count) operations")
        disk.cutPower(afterOperations: count)
    }

    private mutating func failSomething() {
        let kinds: [DiskOperation] = [.create, .write, .sync, .syncFolder, .rename, .remove, .catalogCommit]
        let kind = kinds[random.below(kinds.count)], count = 1 + random.below(3)
        note("fail \(count) of \(kind)")
        disk.failNext(kind, count: count, code: random.chance(30) ? .full : .io)
    }

    private mutating func compact() {
        guard let engine else { return }
        for _ in 0..<1 + random.below(4) {
            guard engine.engine.compactOnce() else { break }
            note("compacted")
            compactions += 1
        }
    }

    private mutating func commit() throws {
        guard let engine else { return }
        let next = engine.writer.step()
        noteAcknowledged()
        noteState("step: \(next)")
        guard !disk.isDown, random.chance(40) else { return }
        try check(engine)
    }

    /// Takes out of flight what is durable now: batches say so, changes are in when the writer has none left.
    mutating func noteAcknowledged() {
        guard let engine else { return }
        // A writer that ended with the log failing has given up what it had taken.
        let hasChanges =
            engine.engine.schema.hasUnlogged || !engine.writer.inFlight.isEmpty || engine.engine.state.failure != nil
        while let first = inFlight.first {
            switch first {
            case .batch(let batch) where batch.ticket <= completion.acknowledged: break
            case .change where !hasChanges: break
            default: return
            }
            model.apply(first, now: now)
            inFlight.removeFirst()
            acknowledgedEvents += 1
        }
    }

    private mutating func close() throws {
        guard let engine else { return }
        engine.engine.queue.close()
        while case .goOn = engine.writer.step() {}
        noteAcknowledged()
        while engine.engine.memtables.oldestFrozen != nil, engine.engine.flusher.flushOldest() {}
        noteState("closed")
        if random.chance(50) { disk.kill() } else { disk.crash() }
        try reopen()
    }

    // MARK: Recovering

    private mutating func reopen(isQuiet: Bool = false) throws {
        crashes += 1
        engine = nil
        if !isQuiet, random.chance(15) { cutPower(within: 20) }
        for _ in 0..<50 {
            do {
                let opened = try SteppedEngine(disk, catalog, settings, clock)
                engine = opened
                let seen = try opened.contents()
                note("opened")
                try settle(seen)
                completion = RecordingCompletion()
                return
            } catch let error as StorageError {
                note("not opened: \(error)")
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

    /// The contents must be what was acknowledged and some of what was in flight, one after the other: as much as fits.
    private mutating func settle(_ seen: Model) throws {
        var candidate = model
        var found = candidate.difference(seen, now: now) == nil ? candidate : nil
        for event in inFlight {
            candidate.apply(event, now: now)
            if candidate.difference(seen, now: now) == nil { found = candidate }
        }
        guard let found else {
            let difference = model.difference(seen, now: now) ?? ""
            throw Failure.contents("after recovery: \(difference), in flight: \(inFlight)")
        }
        model = found
        // No rows are on their way any more, and ids that were never durable are given again.
        model.dropped = []
        inFlight = []
    }

    /// No file is there that the catalog does not name.
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
}
