// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// Points of one series from one memtable or file, on their way into a merge: read only when the merge gets there.
///
/// The merge works on keys: the time for ascending order, its complement for descending, so that keys always rise.
struct PointSource: Sendable {
    private enum State: Sendable {
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
    private(set) var bound: Int64
    /// The points at hand, in the merge's order, from ``position`` on.
    private(set) var block: PointColumn
    private(set) var position = 0
    private var state: State
    /// ``MergePlan/mask``; a copy, so that the inner loop touches nothing else.
    private let mask: Int64

    /// A file; nil if it has nothing in the range.
    init?(_ file: StoredFile, _ plan: MergePlan, rank: Int) {
        guard let bound = plan.bound(of: file.timeRange) else { return nil }
        self.init(.file(file), plan, rank: rank, bound: bound)
    }

    /// A memtable's slice; nil if it has nothing in the range.
    init?(_ slice: MemtableSlice, _ plan: MergePlan, rank: Int) {
        guard let bound = plan.bound(of: slice.timeRange()) else { return nil }
        self.init(.memtable(slice), plan, rank: rank, bound: bound)
    }

    private init(_ state: State, _ plan: MergePlan, rank: Int, bound: Int64) {
        self.rank = rank
        self.bound = bound
        self.state = state
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
            guard let metadata = try plan.metadata(of: file, reader),
                let bound = plan.bound(of: metadata.statistics.timeRange)
            else { return end() }
            self.bound = max(self.bound, bound)
            state = .series(file, reader, metadata)
            return true
        case .series(let file, let reader, let metadata):
            state = .filePoints(file, reader.points(of: metadata, in: plan.range, order: plan.order))
            return try advance(plan)
        case .filePoints(let file, var cursor):
            let next: PointColumn?
            do {
                next = try cursor.next()
            } catch {
                throw StorageError(error, file)
            }
            guard let next else { return end() }
            state = .filePoints(file, cursor)
            take(next)
            return true
        case .memtable(let slice):
            state = .memtablePoints(slice.cursor(in: plan.range, order: plan.order))
            return try advance(plan)
        case .memtablePoints(var cursor):
            guard let next = cursor.next() else { return end() }
            state = .memtablePoints(cursor)
            take(next)
            return true
        case .ended:
            return false
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

    private mutating func take(_ points: PointColumn) {
        block = points
        position = 0
        bound = points.times[0] ^ mask
    }

    private mutating func end() -> Bool {
        state = .ended
        return false
    }
}

/// What all sources of a merge have in common.
struct MergePlan: Sendable {
    let series: StoredSeries
    let range: TimeRange
    let order: TimeOrder
    let readers: FileReaders

    /// Makes keys of times: `time ^ mask` is the time in ascending order and its complement in descending.
    let mask: Int64

    init(series: StoredSeries, range: TimeRange, order: TimeOrder, readers: FileReaders) {
        self.series = series
        self.range = range
        self.order = order
        self.readers = readers
        mask = order == .ascending ? 0 : -1
    }

    /// The least key that a source of these times can deliver; nil if it has nothing in the range.
    func bound(of times: TimeRange) -> Int64? {
        let common = times.intersection(range)
        guard !common.isEmpty else { return nil }
        return (order == .ascending ? common.lower : common.upper) ^ mask
    }

    /// What a file holds of the series; nil if nothing.
    func metadata(of file: StoredFile, _ reader: TsFileReader) throws(StorageError) -> TsFileSeriesMetadata? {
        let metadata: TsFileSeriesMetadata?
        do {
            metadata = try reader.seriesMetadata(device: series.device, measurement: series.measurement)
        } catch {
            throw StorageError(error, file)
        }
        guard let metadata, metadata.statistics.count > 0 else { return nil }
        guard metadata.type == series.type else {
            throw StorageError(
                .corrupt,
                "\(file.displayName): \(series.device).\(series.measurement) is \(metadata.type?.name ?? "VECTOR") there, "
                    + "but \(series.type.name) in the catalog")
        }
        return metadata
    }
}
