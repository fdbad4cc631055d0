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
    private let visibility: Visibility
    /// What is seen of a series in each memtable, the newest first.
    private let pinned = Mutex<[SeriesID: [MemtableSlice?]]>([:])

    /// Points whose time to live is over at `now` (server precision; nil = nothing expires) are not shown.
    init(view: StorageView, readers: FileReaders, partitioning: Partitioning, now: Timestamp?) {
        self.view = view
        self.readers = readers
        visibility = Visibility(deletions: view.deletions, now: now, partitioning: partitioning)
    }

    /// Rises with every flush and compaction.
    package var fileGeneration: UInt64 { view.files.generation }

    /// The points of a series in a time range, in either order, newest wins.
    func points(of series: StoredSeries, in range: TimeRange, order: TimeOrder) -> SeriesCursor {
        let plan = plan(series, range, order)
        return SeriesCursor(plan, sources(plan))
    }

    /// As ``points(of:in:order:)``, rising, with statistics in place of points where they say it all.
    func pieces(of series: StoredSeries, in range: TimeRange) -> PieceCursor {
        PieceCursor(points(of: series, in: range, order: .ascending))
    }

    func plan(_ series: StoredSeries, _ range: TimeRange, _ order: TimeOrder) -> MergePlan {
        MergePlan(series: series, range: range, order: order, readers: readers, visibility: visibility)
    }

    /// Everything that may have points for a plan.
    private func sources(_ plan: MergePlan) -> [PointSource] {
        guard !plan.range.isEmpty else { return [] }
        var sources: [PointSource] = []
        for (age, slice) in slices(of: plan.series.id).enumerated() {
            guard let slice,
                let source = PointSource(
                    slice, plan, rank: Int.max - age, lastSequence: view.memtables[age].lastSequence)
            else { continue }
            sources.append(source)
        }
        for file in files(of: plan) {
            if let source = PointSource(file, plan, rank: Self.rank(of: file)) { sources.append(source) }
        }
        return sources
    }

    func files(of plan: MergePlan) -> [StoredFile] { view.files.files(of: plan.series.database, in: plan.range) }

    /// The last sequence of each memtable, the newest first, beside ``slices(of:)``.
    var memtableSequences: [LogSequence] { view.memtables.map(\.lastSequence) }

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

    /// Memtables are newer than any file.
    static func rank(of file: StoredFile) -> Int { Int(clamping: file.record.order) }
}
