// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

/// An engine on a simulated disk that one thread drives, and a dictionary that says what it must show.
final class CompactionWorld {
    static let hour: Int64 = 3_600_000
    /// 2026-01-01T00:00:00Z, where the clock begins.
    static let start: Int64 = 1_767_225_600_000

    let disk: SimulatedDisk
    let catalog: SimulatedCatalog
    let clock = TestClock()
    var settings: StorageSettings
    private var stepped: SteppedEngine?
    private let completion = RecordingCompletion()
    private var ticket: UInt64 = 0
    var model: [String: [Int64: Value]] = [:]

    init(seed: UInt64 = 1, _ change: (inout StorageSettings) -> Void = { _ in }) throws {
        disk = SimulatedDisk(seed: seed)
        catalog = SimulatedCatalog(disk: disk)
        settings = StorageSettings()
        settings.partitionIntervalMilliseconds = Self.hour
        settings.compaction.fanIn = 3
        settings.compaction.spanningFanIn = 2
        settings.flushFilesMax = 2
        change(&settings)
        try open()
    }

    var engine: StorageEngine { get throws { try #require(stepped).engine } }
    func step() throws -> SteppedEngine { try #require(stepped) }

    func open() throws {
        stepped = nil
        stepped = try SteppedEngine(disk, catalog, settings, clock)
    }

    /// Opens it again, with the settings as they are now.
    func open(after stop: (SimulatedDisk) -> Void) throws {
        stepped = nil
        stop(disk)
        try open()
    }

    func crash() throws {
        disk.crash()
        try open()
    }

    /// Rows of a device in one commit: all its columns at each time, or those that `mask` leaves in.
    func write(
        _ device: String, isAligned: Bool = false, _ columns: [(name: String, type: DataType)], times: [Int64],
        _ random: inout SeededRandom
    ) throws {
        let entries = try engine.schema.createSeries(
            device: DevicePath(canonical: ["root", "sg", device]), isAligned: isAligned,
            measurements: columns.map { ($0.name, $0.type) })
        var batch = WriteBatch()
        for (column, entry) in zip(columns, entries) {
            // Columns of a device do not all have the same times.
            let kept = times.filter { _ in Int.random(in: 0..<5, using: &random) > 0 }
            guard !kept.isEmpty else { continue }
            var tablet = Tablet()
            tablet.times = kept
            tablet.addColumn(series: try entry.get().id, type: column.type)
            for time in kept {
                let value = random.value(column.type)
                tablet.columns[0].values.append(value)
                model["root.sg.\(device).\(column.name)", default: [:]][time] = value
            }
            batch.append(tablet)
        }
        ticket += 1
        try engine.append(&batch, ticket: ticket, completion: completion)
        #expect(try step().settle())
    }

    func delete(_ pattern: String, _ range: TimeRange) throws {
        let pattern = try PathPattern(parsing: pattern)
        try engine.requestDeletions([SchemaRemoval.Points(pattern: pattern, range: range)])
        #expect(try step().settle())
        for (path, points) in model where pattern.matches(path.split(separator: ".").map(String.init)) {
            model[path] = points.filter { !range.contains($0.key) }
        }
    }

    @discardableResult
    func flush() throws -> Bool { try step().flush() }

    func compact() throws -> Bool { try engine.compactOnce() }

    /// Does all that there is to do; the number of pieces.
    @discardableResult
    func settle() throws -> Int {
        var count = 0
        while count < 500, try compact() { count += 1 }
        #expect(count < 500)
        return count
    }

    var files: [StoredFile] { get throws { try engine.memtables.files.all() } }

    /// Bytes of all TsFiles on the disk, whoever knows of them.
    func bytesOnDisk() throws -> Int {
        try engine.files.readers.closeAll()
        return try tsFiles().reduce(0) { $0 + (disk.content(of: $1)?.count ?? 0) }
    }

    func tsFiles() throws -> [String] {
        var found: [String] = []
        for database in try disk.list("tsfiles") {
            for folder in try disk.list("tsfiles/\(database)") {
                found += try disk.list("tsfiles/\(database)/\(folder)").map { "tsfiles/\(database)/\(folder)/\($0)" }
            }
        }
        return found
    }

    /// Compares everything, in both orders, by pieces, and the last points.
    func check(_ comment: String = "", visible: (Int64) -> Bool = { _ in true }) throws {
        let snapshot = try engine.snapshot()
        for (path, all) in model {
            let points = all.filter { visible($0.key) }.sorted { $0.key < $1.key }.map { Point($0.key, $0.value) }
            let nodes = path.split(separator: ".").map(String.init)
            let device = try engine.schema.device(at: nodes.dropLast().joined(separator: "."))
            guard let series = device?.series(named: nodes.last ?? "") else {
                #expect(points.isEmpty, "\(path) \(comment)")
                continue
            }
            let forth = try readAll(snapshot.points(of: series, in: .all, order: .ascending))
            #expect(forth == points, "\(path) \(comment)")
            let back = try readAll(snapshot.points(of: series, in: .all, order: .descending))
            #expect(back == points.reversed(), "\(path) \(comment)")
            let last = try snapshot.last(of: series, in: .all)
            #expect(last.map { Point($0.time, $0.value) } == points.last, "\(path) \(comment)")
            try checkPieces(snapshot, series, points, comment)
        }
    }

    private func checkPieces(
        _ snapshot: Snapshot, _ series: SeriesEntry, _ points: [Point], _ comment: String
    ) throws {
        for length in [Int64.max, Self.hour / 7] {
            var cursor = snapshot.pieces(of: series, in: .all)
            var rest = points[...]
            func accepts(_ range: TimeRange) -> Bool {
                length == .max || range.lower / length == range.upper / length
            }
            while let piece = try cursor.next(acceptsStatistics: accepts) {
                switch piece {
                case .points(let column):
                    #expect(boxed(column) == Array(rest.prefix(column.count)), "\(series.measurement) \(comment)")
                    rest = rest.dropFirst(column.count)
                case .statistics(let statistics, let range):
                    let part = rest.prefix(statistics.count)
                    #expect(accepts(range))
                    #expect(statistics.count == part.count && range == statistics.timeRange, "\(comment)")
                    #expect(part.first?.time == range.lower && part.last?.time == range.upper, "\(comment)")
                    if let value = statistics.values.last(of: series.type), let last = part.last {
                        #expect(Point(0, value) == Point(0, last.value), "\(comment)")
                    }
                    rest = rest.dropFirst(part.count)
                }
            }
            #expect(rest.isEmpty, "\(series.measurement) \(comment)")
        }
    }
}
