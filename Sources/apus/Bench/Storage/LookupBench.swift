// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// How long one point, and the newest one, take to be found in files.
struct LookupBench {
    let context: StorageBenchContext

    private static let lookups = 20_000
    private static let devices = 200
    private static let measurements = 5
    private static let rounds = 4

    func run() throws {
        let folder = try context.folder("lookup")
        defer { folder.remove() }
        let opened = try folder.open(StorageSettings())
        let fleet = try BenchFleet(opened.engine, devices: Self.devices, measurements: Self.measurements)
        let rows = 5_000
        for round in 0..<Self.rounds {
            var producers = BenchProducers()
            producers.threads = 1
            producers.rows = 100
            producers.columns = Self.measurements
            producers.pointsMax = Self.devices * Self.measurements * rows
            _ = try producers.run(
                opened.engine, fleet, firstTime: SensorTimes.first + Int64(round * rows) * 1_000)
            try opened.engine.flush()
        }
        let files = opened.engine.facts().files.count
        let note = "\(fleet.seriesCount) series, \(fleet.seriesCount * rows * Self.rounds) points, \(files) files"
        try measure("one point by series and time", note, opened.engine, fleet) { snapshot, entry, numbers in
            let row = Int64(numbers.next() % UInt64(rows * Self.rounds))
            let time = SensorTimes.first + row * 1_000
            var cursor = snapshot.points(of: entry, in: TimeRange(time, time), order: .ascending)
            return try cursor.next()?.count == 1
        }
        try measure("the newest point of a series", note, opened.engine, fleet) { snapshot, entry, _ in
            try snapshot.last(of: entry, in: .all) != nil
        }
        try opened.close()
    }

    private func measure(
        _ name: String, _ note: String, _ engine: StorageEngine, _ fleet: BenchFleet,
        _ body: (Snapshot, SeriesEntry, inout SeededNumbers) throws -> Bool
    ) throws {
        var numbers = SeededNumbers(seed: 7)
        var times: [Double] = []
        for _ in 0..<Self.lookups {
            let device = Int(numbers.next() % UInt64(fleet.series.count))
            let measurement = Int(numbers.next() % UInt64(Self.measurements))
            guard let entry = fleet.entry(engine, device: device, measurement: measurement) else { continue }
            let began = BenchClock.seconds()
            guard try body(engine.snapshot(), entry, &numbers) else { throw BenchFault("a point is missing") }
            times.append(BenchClock.seconds() - began)
        }
        times.sort()
        context.add(
            StorageFigure(
                part: .lookup, name: name + ", p50", value: percentile(times, 0.5) * 1e6, unit: "us",
                note: "p99 \(BenchReport.decimal(percentile(times, 0.99) * 1e6, 1)) us; \(note)"))
    }
}

/// A result that is not what was written: the benchmark's own check.
struct BenchFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
