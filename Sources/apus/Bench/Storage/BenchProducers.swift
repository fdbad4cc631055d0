// SPDX-License-Identifier: Apache-2.0

import Dispatch
import StorageEngine
import Synchronization
import TimeSeriesModel

/// Several threads that write rows of a fleet, device by device, as event loops do.
struct BenchProducers: Sendable {
    var threads = 2
    /// Rows of a batch, all of one device.
    var rows = 1
    /// Values of a row.
    var columns = 1
    /// Of a hundred batches, how many are up to eight weeks late.
    var lateInHundred = 0
    /// Batches of one producer that are not yet durable.
    var window = 2_000
    /// Stops after so many points, ...
    var pointsMax = Int.max
    /// ... or so many seconds.
    var secondsMax = Double.infinity

    struct Result: Sendable {
        var points = 0
        var seconds = 0.0
        var latencies: [Double] = []

        var pointsPerSecond: Double { Double(points) / max(seconds, 1e-9) }
    }

    /// Writes until a bound is reached and everything is durable.
    func run(_ engine: StorageEngine, _ fleet: BenchFleet, firstTime: Int64 = SensorTimes.first) throws -> Result {
        let results = Mutex<[Swift.Result<(points: Int, latencies: [Double]), any Error>]>([])
        let began = BenchClock.seconds()
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var producer = BenchProducer(self, thread: thread, fleet: fleet, firstTime: firstTime)
            let result = Swift.Result { try producer.run(engine, until: began + secondsMax) }
            results.withLock { $0.append(result) }
        }
        var total = Result(seconds: BenchClock.seconds() - began)
        for result in results.withLock({ $0 }) {
            let (points, latencies) = try result.get()
            total.points += points
            total.latencies += latencies
        }
        total.latencies.sort()
        return total
    }
}

/// One of the threads; its devices are the ones whose number it meets first.
private struct BenchProducer {
    let settings: BenchProducers
    let thread: Int
    let fleet: BenchFleet
    private let window: BenchWindow
    private var numbers: SeededNumbers
    private var tablet = Tablet()
    private var batch = WriteBatch()
    /// Time of the next row, and the last value in hundredths; all devices go on alike.
    private var time: Int64
    private var level: Int64 = 5_000
    private var column = 0

    init(_ settings: BenchProducers, thread: Int, fleet: BenchFleet, firstTime: Int64) {
        self.settings = settings
        self.thread = thread
        self.fleet = fleet
        time = firstTime
        window = BenchWindow(batchesMax: settings.window)
        numbers = SeededNumbers(seed: UInt64(thread) + 1)
    }

    mutating func run(_ engine: StorageEngine, until deadline: Double) throws -> (points: Int, latencies: [Double]) {
        let pointsMax = settings.pointsMax == .max ? .max : settings.pointsMax / settings.threads
        var points = 0
        var batches = 0
        while true {
            for device in stride(from: thread, to: fleet.series.count, by: settings.threads) {
                fill(fleet.series[device])
                batch.append(tablet)
                try window.append(&batch, to: engine)
                points += settings.rows * settings.columns
                batches += 1
                if points >= pointsMax || batches % 64 == 0 && BenchClock.seconds() > deadline {
                    try window.drain()
                    return (points, window.latencies)
                }
            }
            // A row of one value goes to the next series of the device each turn.
            column = (column + 1) % max(1, (fleet.series.first?.count ?? 1) / settings.columns)
            if column == 0 { time += Int64(settings.rows) * 1_000 }
        }
    }

    /// Milliseconds by which the next batch is late.
    private mutating func lateness() -> Int64 {
        guard settings.lateInHundred > 0, numbers.next() % 100 < UInt64(settings.lateInHundred) else { return 0 }
        return Int64(numbers.next() % (8 * 604_800)) * 1_000
    }

    private mutating func fill(_ series: [SeriesID]) {
        tablet.removeAll()
        let first = time - lateness()
        for row in 0..<settings.rows { tablet.times.append(first + Int64(row) * 1_000) }
        for index in 0..<settings.columns {
            tablet.addColumn(series: series[(column * settings.columns + index) % series.count], type: .double)
            for _ in 0..<settings.rows {
                level += Int64(numbers.next() & 63) - 31
                tablet.columns[index].values.bits.append((Double(level) / 100).bitPattern)
            }
        }
    }
}
