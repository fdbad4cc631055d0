// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// Points of one series from one memtable or file, on their way into a merge: read only when the merge gets there.
///
/// The merge works on keys: the time for ascending order, its complement for descending, so that keys always rise.
struct PointSource: Sendable {
    enum State: Sendable {
        /// Not looked into yet; only the file's time range is known.
        case file(StoredFile)
        /// The index of the file has been read.
        case series(StoredFile, TsFileReader, TsFileSeriesMetadata)
        case filePoints(StoredFile, TsFilePointCursor)
        case memtable(MemtableSlice)
        case memtablePoints(MemtableCursor)
        case ended
    }

    /// The higher one wins at equal times.
    let rank: Int
    /// No point that is left has a smaller key. Exact once ``block`` has points.
    var bound: Int64
    /// The points at hand, in the merge's order, from ``position`` on.
    private(set) var block: PointColumn
    private(set) var position = 0
    var state: State
    /// ``MergePlan/mask``; a copy, so that the inner loop touches nothing else.
    private let mask: Int64
    /// What the merge must not see of it.
    let hidden: HiddenTimes

    /// A file; nil if it has nothing to see in the range.
    init?(_ file: StoredFile, _ plan: MergePlan, rank: Int) {
        let hidden = plan.hidden(of: file)
        guard let bound = plan.bound(of: file.timeRange, hidden) else { return nil }
        self.init(.file(file), plan, rank: rank, bound: bound, hidden)
    }

    /// A memtable's slice; nil if it has nothing to see in the range. Everything in it was logged up to `lastSequence`.
    init?(_ slice: MemtableSlice, _ plan: MergePlan, rank: Int, lastSequence: LogSequence) {
        let times = slice.timeRange()
        let hidden = plan.hidden(from: lastSequence, times)
        guard let bound = plan.bound(of: times, hidden) else { return nil }
        self.init(.memtable(slice), plan, rank: rank, bound: bound, hidden)
    }

    /// A file whose index was read; nil if it has nothing to see in the range.
    init?(
        _ file: StoredFile, _ reader: TsFileReader, _ metadata: TsFileSeriesMetadata, _ plan: MergePlan, rank: Int
    ) throws(StorageError) {
        let hidden = plan.hidden(of: file)
        guard let bound = plan.bound(of: metadata.statistics.timeRange, hidden) else { return nil }
        try plan.check(metadata, file)
        self.init(.series(file, reader, metadata), plan, rank: rank, bound: bound, hidden)
    }

    private init(_ state: State, _ plan: MergePlan, rank: Int, bound: Int64, _ hidden: HiddenTimes) {
        self.rank = rank
        self.bound = bound
        self.state = state
        self.hidden = hidden
        mask = plan.mask
        block = PointColumn(plan.series.type)
    }

    var hasPoints: Bool { position < block.count }

    /// Goes one step nearer to points: afterwards there are points at hand, or ``bound`` is nearer to the first of them.
    /// False at the end.
    mutating func advance(_ plan: MergePlan) throws(StorageError) -> Bool {
        switch state {
        case .file(let file):
            let reader = try plan.readers.reader(of: file)
            guard let metadata = try plan.metadata(of: file, reader, hidden),
                let bound = plan.bound(of: metadata.statistics.timeRange, hidden)
            else { return end() }
            self.bound = max(self.bound, bound)
            state = .series(file, reader, metadata)
            return true
        case .series(let file, let reader, let metadata):
            state = .filePoints(file, reader.points(of: metadata, in: plan.range, order: plan.order))
            return try advance(plan)
        case .filePoints(let file, var cursor):
            // Let go, so that the cursor's lists are changed in place.
            state = .ended
            return try advance(plan, file, &cursor)
        case .memtable(let slice):
            state = .memtablePoints(slice.cursor(in: plan.range, order: plan.order))
            return try advance(plan)
        case .memtablePoints(var cursor):
            state = .ended
            while let next = cursor.next() {
                if take(next, plan) {
                    state = .memtablePoints(cursor)
                    return true
                }
            }
            return end()
        case .ended:
            return false
        }
    }

    /// Reads pages until one has points to see; chunks and pages that are hidden as a whole are passed over unread.
    private mutating func advance(
        _ plan: MergePlan, _ file: StoredFile, _ cursor: inout TsFilePointCursor
    ) throws(StorageError) -> Bool {
        do throws(TsFileError) {
            while true {
                if !hidden.isEmpty, let piece = try cursor.peekSummary(), hidden.covers(piece.statistics.timeRange) {
                    cursor.skipSummary()
                    continue
                }
                guard let next = try cursor.next() else { return end() }
                if take(next, plan) {
                    state = .filePoints(file, cursor)
                    return true
                }
            }
        } catch {
            throw plan.readers.failed(error, file)
        }
    }

    /// Passes over the next `count` points at hand. False if no more can come.
    mutating func skip(_ count: Int) -> Bool {
        precondition(count <= block.count - position, "points at hand")
        position += count
        if position < block.count {
            bound = block.times[position] ^ mask
            return true
        }
        // The next points are read only when the merge gets behind the last one.
        let (next, isOver) = (block.times[position - 1] ^ mask).addingReportingOverflow(1)
        bound = next
        block = PointColumn(block.values.type)
        position = 0
        return !isOver
    }

    /// How many of the points at hand, at most `most`, have a key below `limit`.
    ///
    /// Mutating, like ``appendPoint(to:)``, only to be done in place: the inner loop of a merge must not copy a source.
    mutating func run(below limit: Int64?, most: Int) -> Int {
        let end = min(block.count, position + most)
        guard let limit, block.times[end - 1] ^ mask >= limit else { return end - position }
        var low = position, high = end
        while low < high {
            let middle = (low + high) / 2
            if block.times[middle] ^ mask < limit { low = middle + 1 } else { high = middle }
        }
        return low - position
    }

    /// Appends the next point at hand to `output`, without passing over it.
    mutating func appendPoint(to output: inout PointColumn) {
        output.times.append(block.times[position])
        if block.values.type.isVariableLength {
            output.values.append(from: block.values, at: position)
        } else {
            output.values.bits.append(block.values.bits[position])
        }
    }

    /// Takes the points that are not hidden to hand; false if there are none.
    private mutating func take(_ points: PointColumn, _ plan: MergePlan) -> Bool {
        let visible = hidden.isEmpty ? points : hidden.filter(points, plan.order)
        guard let first = visible.times.first else { return false }
        block = visible
        position = 0
        bound = first ^ mask
        return true
    }

    mutating func end() -> Bool {
        state = .ended
        return false
    }
}
