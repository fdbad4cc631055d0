// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Resident memory with a million series, idle and with a point of each in the memtable.
struct MemoryBench {
    let context: StorageBenchContext

    private static let devices = 10_000
    private static let measurements = 100

    func run() throws {
        let folder = try context.folder("memory")
        defer { folder.remove() }
        let opened = try folder.open(StorageSettings())
        let before = residentMebibytes()
        let fleet = try BenchFleet(opened.engine, devices: Self.devices, measurements: Self.measurements)
        let idle = residentMebibytes() - before
        let estimate = Double(opened.engine.schema.byteCount) / 1_048_576
        let count = BenchReport.grouped(Double(fleet.seriesCount))
        context.add(
            StorageFigure(
                part: .memory, name: "\(count) series of 10,000 devices", value: idle, unit: "MiB",
                note: "the engine's own estimate: \(BenchReport.decimal(estimate, 1)) MiB"))
        var producers = BenchProducers()
        producers.threads = 1
        producers.columns = Self.measurements
        producers.pointsMax = fleet.seriesCount
        _ = try producers.run(opened.engine, fleet)
        let facts = opened.engine.facts()
        context.add(
            StorageFigure(
                part: .memory, name: "the same, and a point of each", value: residentMebibytes() - before, unit: "MiB",
                note:
                    "memtables' own estimate: \(BenchReport.decimal(Double(facts.memtableBytes) / 1_048_576, 1)) MiB, "
                    + "\(facts.memtablePoints) points"))
        try opened.engine.flush()
        context.add(
            StorageFigure(
                part: .memory, name: "the same, flushed", value: residentMebibytes() - before, unit: "MiB",
                note: "\(opened.engine.facts().files.count) file"))
        try opened.close()
    }
}
