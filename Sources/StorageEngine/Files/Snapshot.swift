// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel
import TsFile

/// The data of one moment: published points of the memtables, and the file set. Immutable; blocks nobody.
///
/// What a series shows is fixed when it is first asked for, or by ``pin(_:)``: a query that reads several series and wants a
/// commit's rows whole or not at all pins them together.
package final class Snapshot: Sendable {
    private let view: StorageView
    private let readers: FileReaders
    /// What is seen of a series in each memtable, the newest first.
    private let pinned = Mutex<[SeriesID: [MemtableSlice?]]>([:])

    init(view: StorageView, readers: FileReaders) {
        self.view = view
        self.readers = readers
    }

    /// Rises with every flush and compaction.
    package var fileGeneration: UInt64 { view.files.generation }

    /// The points of a series in a time range, in either order, newest wins.
    func points(of series: StoredSeries, in range: TimeRange, order: TimeOrder) -> SeriesCursor {
        let plan = MergePlan(series: series, range: range, order: order, readers: readers)
        guard !range.isEmpty else { return SeriesCursor(plan, []) }
        var sources: [PointSource] = []
        let slices = slices(of: series.id)
        for (age, slice) in slices.enumerated() {
            guard let slice, let source = PointSource(slice, plan, rank: Int.max - age) else { continue }
            sources.append(source)
        }
        for file in view.files.files(of: series.database, in: range) {
            if let source = PointSource(file, plan, rank: Self.rank(of: file)) { sources.append(source) }
        }
        return SeriesCursor(plan, sources)
    }

    /// Fixes what is seen of several series at one moment of each memtable.
    func pin(_ series: some Sequence<SeriesID>) {
        let wanted = Set(series)
        pinned.withLock { pinned in
            let new = wanted.filter { pinned[$0] == nil }
            guard !new.isEmpty else { return }
            let found = view.memtables.map { $0.slices(of: new) }
            for id in new { pinned[id] = found.map { $0[id] } }
        }
    }

    /// What is seen of a series in each memtable, the newest first.
    func slices(of series: SeriesID) -> [MemtableSlice?] {
        pinned.withLock { pinned in
            if let slices = pinned[series] { return slices }
            let slices = view.memtables.map { $0.slice(of: series) }
            pinned[series] = slices
            return slices
        }
    }

    /// Memtables are newer than any file, whose versions are counted from one.
    static func rank(of file: StoredFile) -> Int { Int(clamping: file.record.version) }
}

extension Snapshot {
    /// The newest point of a series in a time range; nil if there is none. Reads from the newest end.
    func last(of series: StoredSeries, in range: TimeRange) throws(StorageError) -> (time: Timestamp, value: Value)? {
        let plan = MergePlan(series: series, range: range, order: .descending, readers: readers)
        guard !range.isEmpty else { return nil }
        var best: (time: Timestamp, value: Value)?
        for case let slice? in slices(of: series.id) {
            guard let found = slice.last(in: range), best.map({ $0.time < found.time }) ?? true else { continue }
            best = found
        }
        // By their latest times, then by version: a file behind the best time cannot have a better one, and at an equal time
        // what came first is newer only if its version is higher.
        var bestVersion = best == nil ? 0 : UInt64.max
        let files = view.files.files(of: series.database, in: range).sorted {
            ($0.record.maxTime, $0.record.version) > ($1.record.maxTime, $1.record.version)
        }
        for file in files {
            if let best, file.record.maxTime < best.time { break }
            guard let found = try newest(in: file, plan, after: best?.time) else { continue }
            guard let current = best else {
                best = found
                bestVersion = file.record.version
                continue
            }
            if current.time < found.time || current.time == found.time && bestVersion < file.record.version {
                best = found
                bestVersion = file.record.version
            }
        }
        return best
    }

    /// The newest point of a file in the plan's range, if it is at `time` or later.
    private func newest(
        in file: StoredFile, _ plan: MergePlan, after time: Timestamp?
    ) throws(StorageError) -> (time: Timestamp, value: Value)? {
        let reader = try plan.readers.reader(of: file)
        guard let metadata = try plan.metadata(of: file, reader) else { return nil }
        let end = metadata.statistics.endTime
        if let time, end < time { return nil }
        if plan.range.contains(end), let value = metadata.statistics.values.last(of: plan.series.type) {
            return (end, value)
        }
        var cursor = reader.points(of: metadata, in: plan.range, order: .descending)
        do {
            guard let block = try cursor.next(), let first = block.times.first else { return nil }
            return (first, block.values[0])
        } catch {
            throw StorageError(error, file)
        }
    }
}
