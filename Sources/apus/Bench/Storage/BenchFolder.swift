// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import Logging
import ServerMetrics
import StorageEngine
import TimeSeriesModel

/// A data folder of the benchmark on the real file system, with the real catalog; removed at the end.
struct BenchFolder {
    let path: String

    /// Makes a new folder in `parent`.
    init(in parent: String, name: String) throws {
        path = "\(parent)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Opens an engine here; the metrics are its own.
    func open(_ settings: StorageSettings) throws -> BenchEngine { try BenchEngine(path: path, settings: settings) }

    /// Bytes of the files below a folder of it.
    func byteCount(of folder: String) -> Int {
        let names = FileManager.default.enumerator(atPath: "\(path)/\(folder)")?.compactMap { $0 as? String } ?? []
        return names.reduce(0) { total, name in
            let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(folder)/\(name)")
            guard facts?[.type] as? FileAttributeType == .typeRegular else { return total }
            return total + ((facts?[.size] as? Int) ?? 0)
        }
    }
}

/// A storage engine that is driven directly, without any door.
struct BenchEngine {
    let engine: StorageEngine
    let catalog: SQLiteCatalog
    let metrics = MetricsRegistry()

    init(path: String, settings: StorageSettings) throws {
        catalog = try SQLiteCatalog(path: "\(path)/catalog.sqlite")
        engine = try StorageEngine.open(
            settings: settings, fileSystem: POSIXFileSystem(folder: path), catalog: catalog, wallClock: BenchClock(),
            monotonicClock: BenchClock(), participants: [], metrics: metrics,
            logger: Logger(label: "bench") { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = .warning
                return handler
            })
    }

    func close() throws {
        try engine.close()
        try catalog.close()
    }

    /// The sum of a metric's samples now.
    func metric(_ name: String) -> Double {
        metrics.samples().reduce(0) { $0 + ($1.name == name ? $1.value : 0) }
    }
}

/// The machine's clocks.
struct BenchClock: WallClock, MonotonicClock {
    func nanosecondsSinceEpoch() -> Int64 { Self.read(CLOCK_REALTIME) }

    func nanoseconds() -> Int64 { Self.read(CLOCK_MONOTONIC) }

    /// Seconds of the clock that never runs back.
    static func seconds() -> Double { Double(read(CLOCK_MONOTONIC)) / 1e9 }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Memory of this process that is in RAM, MiB.
func residentMebibytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (line.split(separator: " ").dropLast().last.flatMap { Double($0) } ?? 0) / 1_024
}
