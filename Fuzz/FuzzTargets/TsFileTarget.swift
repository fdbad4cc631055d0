// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import StorageTestSupport
import Synchronization
import TimeSeriesModel
import TsFile

/// The TsFile reader with files that were damaged: it gives points or a ``TsFileError``.
struct TsFileTarget: FuzzTarget {
    let name = "tsfile"
    private let seeds: [[UInt8]]

    /// Takes the files of the tests' vectors in `folder` besides its own.
    init(folder: String) throws {
        var seeds = try TsFileSeeds.make()
        let vectors = POSIXFileSystem(folder: folder + "/Tests/TsFileTests/Vectors")
        for name in (try? vectors.list("")) ?? [] where name.hasSuffix(".tsfile") {
            let file = try vectors.openFile(name)
            seeds.append(try file.read(at: 0, count: file.byteCount))
            file.close()
        }
        for seed in seeds { _ = try Self.explore(seed) }
        self.seeds = seeds
    }

    func run(seed: UInt64, round: UInt64) throws {
        var mutator = Mutator(seed: seed, round: round)
        let whole = seeds[mutator.random.below(seeds.count)]
        // The index at the end leads to everything else.
        let focus = mutator.random.chance(60) ? whole.count * 2 / 3..<whole.count : nil
        let bytes = mutator.mutate(whole, focus: focus)
        do {
            _ = try Self.explore(bytes)
        } catch let error as TsFileError {
            guard error.code != .misuse, error.code != .readFailed else { throw FuzzFinding("\(error)") }
        }
    }

    /// Reads all that a file holds in every way that the reader has; returns the points.
    private static func explore(_ bytes: [UInt8]) throws -> Int {
        let reader = try TsFileReader(source: BudgetedSource(bytes))
        var count = 0
        var devices = reader.devices()
        while let device = try devices.next() {
            var measurements = try reader.measurements(of: device)
            while let series = try measurements.next() {
                // The time column of an aligned device has no points of its own.
                if !series.measurement.isEmpty { count += try explore(series, of: device, reader) }
            }
        }
        return count
    }

    private static func explore(
        _ series: TsFileSeriesMetadata, of device: TsFileDeviceID, _ reader: TsFileReader
    ) throws -> Int {
        _ = try reader.seriesMetadata(device: device, measurement: series.measurement)
        var counts: [Int] = []
        for order in [TimeOrder.ascending, .descending] {
            var cursor = reader.points(of: series, in: .all, order: order)
            var count = 0
            var last: Int64?
            while let page = try cursor.next() {
                guard page.times.count == page.values.count, !page.isEmpty else {
                    throw FuzzFinding("a page of \(page.times.count) times has \(page.values.count) values")
                }
                for index in 0..<page.count { _ = page.values[index] }
                if let last, order == .ascending ? page.times[0] <= last : page.times[0] >= last {
                    throw FuzzFinding("times of \(series.measurement) do not go on in order")
                }
                last = page.times[page.count - 1]
                count += page.count
            }
            counts.append(count)
        }
        guard counts[0] == counts[1] else {
            throw FuzzFinding("\(counts[0]) points ascending, \(counts[1]) descending")
        }
        var pieces = reader.points(of: series, in: .all, order: .ascending)
        var turn = 0
        while let summary = try pieces.peekSummary() {
            turn += 1
            if summary.isChunk, turn % 2 == 0 { _ = try pieces.openPiece() } else { pieces.skipSummary() }
        }
        _ = try reader.verify(series)
        return counts[0]
    }
}

/// A file in memory that may be read so often: a reader that goes round in circles ends.
private final class BudgetedSource: TsFileSource {
    struct Exhausted: Error {}

    private let bytes: [UInt8]
    private let budget: Atomic<Int>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        budget = Atomic(bytes.count * 1_000 + 1_000_000)
    }

    var byteCount: Int { bytes.count }

    func read(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
            throw FuzzFinding("a read of \(count) bytes at \(offset) of \(bytes.count)")
        }
        guard budget.wrappingSubtract(count + 64, ordering: .relaxed).newValue > 0 else { throw Exhausted() }
        return Array(bytes[offset..<offset + count])
    }
}
