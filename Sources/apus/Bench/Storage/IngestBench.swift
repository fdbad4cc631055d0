// SPDX-License-Identifier: Apache-2.0

import Foundation
import StorageEngine

/// Points a second into the engine, a sync per commit, flushes included.
struct IngestBench {
    let context: StorageBenchContext

    func run() throws {
        try measureDisk()
        for devices in [20, 20_000] {
            for points in [1, 5, 100] { try measure(devices: devices, pointsPerBatch: points) }
        }
    }

    private func measure(devices: Int, pointsPerBatch: Int) throws {
        let folder = try context.folder("ingest-\(devices)-\(pointsPerBatch)")
        defer { folder.remove() }
        let opened = try folder.open(StorageSettings())
        let fleet = try BenchFleet(opened.engine, devices: devices, measurements: 5)
        var producers = BenchProducers()
        producers.threads = context.threads
        producers.columns = min(5, pointsPerBatch)
        producers.rows = pointsPerBatch / producers.columns
        producers.window = pointsPerBatch < 100 ? 20_000 : 2_000
        producers.secondsMax = context.seconds
        let before = opened.metric("apus_log_commits_total")
        let result = try producers.run(opened.engine, fleet)
        let commits = opened.metric("apus_log_commits_total") - before
        let latency = { BenchReport.decimal(percentile(result.latencies, $0) * 1_000, 1) }
        context.add(
            StorageFigure(
                part: .ingest,
                name: "\(BenchReport.grouped(Double(fleet.seriesCount))) series, batches of \(pointsPerBatch)",
                value: result.pointsPerSecond, unit: "points/s",
                note:
                    "\(BenchReport.grouped(Double(result.points))) points, \(Int(commits)) synced commits, durable and "
                    + "visible after p50 \(latency(0.5)) ms, p99 \(latency(0.99)) ms"))
        try opened.close()
    }

    /// What the disk itself takes: appending 4 KiB and fdatasync.
    private func measureDisk() throws {
        let folder = try context.folder("disk")
        defer { folder.remove() }
        let file = try POSIXFileSystem(folder: folder.path).createFile("probe")
        let block = [UInt8](repeating: 7, count: 4_096)
        var times: [Double] = []
        for _ in 0..<300 {
            let began = BenchClock.seconds()
            try file.append(block.span)
            try file.sync()
            times.append(BenchClock.seconds() - began)
        }
        file.close()
        times.sort()
        context.add(
            StorageFigure(
                part: .ingest, name: "the disk: append 4 KiB and fdatasync, p50", value: percentile(times, 0.5) * 1_000,
                unit: "ms", note: "p99 \(BenchReport.decimal(percentile(times, 0.99) * 1_000, 2)) ms"))
    }
}
