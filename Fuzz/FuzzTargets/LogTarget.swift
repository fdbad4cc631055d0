// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageEngine
import StorageTestSupport
import TimeSeriesModel

/// The recovery with segments that were damaged: the engine opens and shows only what was written, or says what is wrong.
struct LogTarget: FuzzTarget {
    let name = "log"
    private let seeds: [LogSeed]

    init() throws { seeds = try (0..<6).map { try LogSeed.make(seed: $0) } }

    func run(seed: UInt64, round: UInt64) throws {
        var mutator = Mutator(seed: seed, round: round)
        let whole = seeds[mutator.random.below(seeds.count)]
        var segments = whole.segments
        let paths = segments.keys.sorted()
        var isForged = false
        for _ in 0..<1 + mutator.random.below(2) {
            let path = paths[mutator.random.below(paths.count)]
            let bytes = segments[path] ?? []
            switch mutator.random.below(10) {
            case 0: segments[path] = nil
            case 1: segments[path] = segments[paths[mutator.random.below(paths.count)]]
            case 2..<6: segments[path] = mutator.mutate(bytes)
            default:
                // With right checksums the damage gets to what is behind them.
                segments[path] = LogChecksums.repaired(mutator.mutate(bytes), like: bytes)
                isForged = true
            }
        }
        try recover(segments, whole.values, isForged: isForged)
    }

    private func recover(
        _ segments: [String: [UInt8]], _ values: [String: [Int64: [Value]]], isForged: Bool
    ) throws {
        let disk = SimulatedDisk()
        try disk.makeFolder("wal")
        for (path, bytes) in segments {
            let file = try disk.createFile(path)
            try file.append(bytes.span)
            try file.sync()
            file.close()
        }
        try disk.syncFolder("wal")
        let engine: StorageEngine
        do {
            engine = try LogEngine.open(disk, SimulatedCatalog(disk: disk), segmentBytesMax: 1 << 20)
        } catch let error as StorageError {
            guard !error.message.isEmpty, error.code != .closed, error.code != .overloaded else {
                throw FuzzFinding("\(error.code): \(error.message)")
            }
            try disk.lock("LOCK").release()
            return
        }
        let seen = try contents(engine)
        // Nobody but a forger who knows the tag makes values up.
        for (series, points) in seen where !isForged {
            for (time, value) in points where values[series]?[time]?.contains(value) != true {
                throw FuzzFinding("\(series) shows \(value) at \(time), which was never written")
            }
        }
        // And what was recovered once is there again.
        try engine.sync()
        try engine.flush()
        try engine.close()
    }

    private func contents(_ engine: StorageEngine) throws -> [String: [(Int64, Value)]] {
        var contents: [String: [(Int64, Value)]] = [:]
        let snapshot = engine.snapshot()
        for series in engine.schema.series(matching: .all) {
            var cursor = snapshot.points(of: series, in: .all, order: .ascending)
            while let block = try cursor.next() {
                for index in 0..<block.count {
                    contents["\(series.device.path.text).\(series.measurement)", default: []].append(
                        (block.times[index], block.values[index]))
                }
            }
        }
        return contents
    }
}
