// SPDX-License-Identifier: Apache-2.0

import Foundation
import StorageEngine

/// Seconds that a start takes for a GiB of log that no file has yet.
struct RecoveryBench {
    let context: StorageBenchContext

    func run() throws {
        let folder = try context.folder("recovery")
        let copy = try context.folder("recovery-copy")
        defer {
            folder.remove()
            copy.remove()
        }
        let points = try fill(folder, copyingTo: copy)
        let bytes = Double(copy.byteCount(of: "wal"))
        let began = BenchClock.seconds()
        let opened = try copy.open(StorageSettings())
        let seconds = BenchClock.seconds() - began
        let facts = opened.engine.facts()
        guard Int(facts.filePoints) + facts.memtablePoints >= points else { throw BenchFault("points are missing") }
        let gibibytes = bytes / Double(1 << 30)
        context.add(
            StorageFigure(
                part: .recovery, name: "start with log to replay", value: seconds / gibibytes, unit: "s/GiB",
                note: "\(BenchReport.decimal(gibibytes, 2)) GiB, \(BenchReport.grouped(Double(points))) points in "
                    + "\(BenchReport.decimal(seconds, 2)) s"))
        try opened.close()
    }

    /// Writes without any flush, and copies the folder when everything is durable: as if the process had been killed then.
    private func fill(_ folder: BenchFolder, copyingTo copy: BenchFolder) throws -> Int {
        var settings = StorageSettings()
        settings.memtableBytesMax = 1 << 40
        settings.unflushedLogBytesMax = 1 << 40
        let opened = try folder.open(settings)
        let fleet = try BenchFleet(opened.engine, devices: 1_000, measurements: 5)
        var producers = BenchProducers()
        producers.threads = context.threads
        producers.rows = 20
        producers.columns = 5
        producers.pointsMax = context.recoveryBytes / 11
        let result = try producers.run(opened.engine, fleet)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "LOCK" {
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(copy.path)/\(name)")
        }
        try opened.close()
        return result.points
    }
}
