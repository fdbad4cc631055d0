// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import StorageEngine
import StorageTestSupport
import TimeSeriesModel

/// A data folder with a log, and what its catalog says.
struct LogSeed: Sendable {
    /// By path, `wal/...` only.
    var segments: [String: [UInt8]]
    /// Every value that was ever written, by series and time.
    var values: [String: [Int64: [Value]]]
}

/// An engine without threads of its own file system: everything in memory.
enum LogEngine {
    static func open(_ disk: SimulatedDisk, _ catalog: SimulatedCatalog, segmentBytesMax: Int) throws -> StorageEngine {
        var settings = StorageSettings()
        settings.segmentBytesMax = segmentBytesMax
        let clock = TestClock()
        return try StorageEngine.open(
            settings: settings, fileSystem: disk, catalog: catalog, wallClock: clock, monotonicClock: clock,
            participants: [], metrics: MetricsRegistry(),
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
    }
}

extension LogSeed {
    /// Logs of one segment and of several, batches of one record and of several, rows of every type, deletions and drops.
    static func make(seed: UInt64) throws -> LogSeed {
        var random = SeededGenerator(seed: seed)
        let disk = SimulatedDisk()
        let engine = try LogEngine.open(
            disk, SimulatedCatalog(disk: disk), segmentBytesMax: seed % 2 == 0 ? 1 << 20 : 700)
        var result = LogSeed(segments: [:], values: [:])
        for step in 0..<12 {
            var batch = random.chance(30) ? WriteBatch(recordBytesMax: 200) : WriteBatch()
            for _ in 0..<1 + random.below(3) { try append(engine, &batch, &result.values, &random) }
            try engine.append(&batch, ticket: UInt64(step), completion: Ignoring())
            try engine.sync()
            if step % 5 == 3 {
                try engine.delete([(PathPattern(nodes: ["root", "sg", "*", "s1"]), TimeRange(0, 3))])
            }
            if step == 8 { _ = try engine.dropSeries(matching: [PathPattern(nodes: ["root", "sg", "d0", "*"])]) }
        }
        for name in try disk.list("wal") { result.segments["wal/\(name)"] = disk.content(of: "wal/\(name)") ?? [] }
        disk.kill()
        try? engine.close()
        return result
    }

    private static func append(
        _ engine: StorageEngine, _ batch: inout WriteBatch, _ values: inout [String: [Int64: [Value]]],
        _ random: inout SeededGenerator
    ) throws {
        let types: [DataType] = [.double, .int32, .text, .boolean, .blob, .date]
        let device = DevicePath(canonical: ["root", "sg", "d\(random.below(3))"])
        let first = random.below(types.count)
        let created = try engine.schema.createSeries(
            device: device, isAligned: random.chance(30),
            measurements: (0..<2).map { ("s\($0)", types[(first + $0) % types.count]) })
        var tablet = Tablet()
        tablet.times = (0..<3).map { _ in Int64(random.below(8)) }
        for case .success(let series) in created {
            tablet.addColumn(series: series.id, type: series.type)
            for time in tablet.times {
                let value = value(series.type, random.below(200))
                tablet.columns[tablet.columnCount - 1].values.append(value)
                values["\(device.text).\(series.measurement)", default: [:]][time, default: []].append(value)
            }
        }
        batch.append(tablet)
    }

    private static func value(_ type: DataType, _ number: Int) -> Value {
        switch type {
        case .int32: .int32(Int32(number))
        case .date: .date(20_260_101 + Int32(number % 28))
        case .boolean: .boolean(number % 2 == 0)
        case .text: .text(Array("text \(number)".utf8))
        case .blob: .blob([UInt8](repeating: UInt8(number), count: number % 9))
        default: .double(Double(number) / 4)
        }
    }
}

/// Nobody waits.
private final class Ignoring: CommitCompletion {
    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {}
}
