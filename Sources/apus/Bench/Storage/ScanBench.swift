// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel
import TsFile

/// Points a second of a sum over everything in files, on one thread.
struct ScanBench {
    let context: StorageBenchContext

    private static let devices = 20
    private static let measurements = 5

    func run() throws {
        let folder = try context.folder("scan")
        defer { folder.remove() }
        var settings = StorageSettings()
        // Merging would share the cores with what is measured.
        settings.compaction.isEnabled = false
        let opened = try folder.open(settings)
        let fleet = try BenchFleet(opened.engine, devices: Self.devices, measurements: Self.measurements)
        var producers = BenchProducers()
        producers.threads = context.threads
        producers.rows = 100
        producers.columns = Self.measurements
        producers.pointsMax = context.points
        let written = try producers.run(opened.engine, fleet).points
        try opened.engine.flush()
        let facts = opened.engine.facts()
        let note =
            "\(BenchReport.grouped(Double(written))) points, \(fleet.seriesCount) series, \(facts.files.count) files, "
            + "\(BenchReport.decimal(Double(facts.fileBytes) / Double(max(1, facts.filePoints)), 2)) bytes/point"
        let decoded = try measure("sum, every value decoded", note, written, opened.engine, fleet, Self.decoded)
        let stated = try measure("sum, from statistics where they do", note, written, opened.engine, fleet, Self.stated)
        guard abs(decoded - stated) <= abs(decoded) * 1e-6 else {
            throw BenchFault("the sums differ: \(decoded), \(stated)")
        }
        try opened.close()
    }

    private struct Sum {
        var count = 0
        var value = 0.0

        mutating func add(_ points: PointColumn) {
            count += points.count
            for slot in points.values.bits { value += Double(bitPattern: slot) }
        }
    }

    private func measure(
        _ name: String, _ note: String, _ written: Int, _ engine: StorageEngine, _ fleet: BenchFleet,
        _ body: (Snapshot, SeriesEntry, inout Sum) throws -> Void
    ) throws -> Double {
        var sum = Sum()
        let began = BenchClock.seconds()
        let snapshot = engine.snapshot()
        for device in fleet.series.indices {
            for measurement in fleet.series[device].indices {
                guard let entry = fleet.entry(engine, device: device, measurement: measurement) else { continue }
                try body(snapshot, entry, &sum)
            }
        }
        let seconds = BenchClock.seconds() - began
        guard sum.count == written else { throw BenchFault("\(sum.count) points were found of \(written)") }
        context.add(
            StorageFigure(
                part: .scan, name: name, value: Double(written) / seconds, unit: "points/s",
                note: "\(BenchReport.decimal(seconds, 2)) s, one thread; \(note)"))
        return sum.value
    }

    private static func decoded(_ snapshot: Snapshot, _ entry: SeriesEntry, _ sum: inout Sum) throws {
        var cursor = snapshot.points(of: entry, in: .all, order: .ascending)
        while let points = try cursor.next() { sum.add(points) }
    }

    private static func stated(_ snapshot: Snapshot, _ entry: SeriesEntry, _ sum: inout Sum) throws {
        var cursor = snapshot.pieces(of: entry, in: .all)
        while let piece = try cursor.next(acceptsStatistics: { _ in true }) {
            switch piece {
            case .points(let points): sum.add(points)
            case .statistics(let statistics, _):
                sum.count += statistics.count
                if case .double(let values) = statistics.values { sum.value += values.sum }
            }
        }
    }
}
