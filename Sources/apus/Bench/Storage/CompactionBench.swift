// SPDX-License-Identifier: Apache-2.0

import StorageEngine

/// Bytes that flushes and merges write for each byte that was flushed.
///
/// Flushes are small and the target size with them, in the proportion of the defaults: some 160 flushes to a file of target size.
struct CompactionBench {
    let context: StorageBenchContext

    func run() throws {
        try measure("in order", lateInHundred: 0)
        try measure("every tenth batch up to eight weeks late", lateInHundred: 10)
    }

    private func measure(_ name: String, lateInHundred: Int) throws {
        let folder = try context.folder("compaction-\(lateInHundred)")
        defer { folder.remove() }
        var settings = StorageSettings()
        settings.memtableBytesMax = 2 << 20
        settings.compaction.targetBytes = 32 << 20
        settings.compaction.megabytesPerSecond = 0
        let opened = try folder.open(settings)
        let fleet = try BenchFleet(opened.engine, devices: 100, measurements: 5)
        var producers = BenchProducers()
        producers.threads = 1
        producers.rows = 20
        producers.columns = 5
        producers.lateInHundred = lateInHundred
        producers.pointsMax = min(context.points, 20_000_000)
        let result = try producers.run(opened.engine, fleet)
        try opened.engine.flush()
        while opened.engine.compactOnce() {}
        let facts = opened.engine.compactionFacts()
        let files = opened.engine.facts().files.count
        context.add(
            StorageFigure(
                part: .compaction, name: "write amplification, \(name)", value: facts.writeAmplification ?? 0,
                unit: "x",
                note: "\(BenchReport.grouped(Double(result.points))) points, "
                    + "\(BenchReport.grouped(Double(facts.bytesFlushed))) bytes flushed, \(facts.tasks) merges of "
                    + "\(facts.filesIn) files, \(files) files left"))
        try opened.close()
    }
}
