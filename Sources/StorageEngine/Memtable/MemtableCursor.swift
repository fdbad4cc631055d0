// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Delivers the points of a slice in a time range, in either order, one a time, newest wins, a block of points at a time.
///
/// A slice whose times rise is read block by block as it lies; any other is sorted first, as references.
struct MemtableCursor: Sendable {
    /// A point by its index in the column.
    private struct Reference: Sendable {
        var time: Timestamp
        var index: Int
    }

    private let slice: MemtableSlice
    private let order: TimeOrder
    private let blocks: [MemtableBlock]
    private var texts: MemtableTexts
    /// In time order; nil when the slice itself is.
    private let sorted: [Reference]?
    /// What is left: indexes in the column, or in `sorted`.
    private var left: Range<Int>

    init(_ slice: MemtableSlice, range: TimeRange, order: TimeOrder) {
        self.slice = slice
        self.order = order
        blocks = slice.blocks()
        texts = slice.texts()
        if range.isEmpty {
            sorted = nil
            left = 0..<0
        } else if slice.isRising {
            sorted = nil
            let blocks = blocks
            let start = Self.firstIndex(below: slice.count) { Self.time($0, blocks) >= range.lower }
            let end = Self.firstIndex(below: slice.count) { Self.time($0, blocks) > range.upper }
            left = start..<max(start, end)
        } else {
            let references = Self.sort(slice, blocks, range)
            sorted = references
            left = 0..<references.count
        }
    }

    /// The next points in the cursor's order, at least one and at most 4,096; nil at the end.
    mutating func next() -> PointColumn? {
        guard !left.isEmpty else { return nil }
        var points = PointColumn(slice.column.type)
        let wanted = min(left.count, SeriesCursor.blockPointsMax)
        points.times.reserveCapacity(wanted)
        points.values.bits.reserveCapacity(wanted)
        if sorted == nil, order == .ascending, !slice.column.type.isVariableLength {
            copyRun(wanted, to: &points)
        } else {
            copyOneByOne(wanted, to: &points)
        }
        return points
    }

    private mutating func copyRun(_ wanted: Int, to points: inout PointColumn) {
        var index = left.lowerBound
        let end = index + wanted
        var position = Self.block(at: index, blocks)
        while index < end {
            let block = blocks[position]
            let stop = min(end, block.end)
            block.append(index - block.start..<stop - block.start, to: &points.times, &points.values.bits)
            index = stop
            position += 1
        }
        left = end..<left.upperBound
    }

    private mutating func copyOneByOne(_ wanted: Int, to points: inout PointColumn) {
        let isAscending = order == .ascending
        var position = 0
        while points.count < wanted && points.values.bytes.count < SeriesCursor.blockBytesMax {
            let at = isAscending ? left.lowerBound : left.upperBound - 1
            let index = sorted?[at].index ?? at
            if !(blocks[position].start <= index && index < blocks[position].end) {
                position = Self.block(at: index, blocks)
            }
            let block = blocks[position]
            points.times.append(block.time(index - block.start))
            slice.append(block.slot(index - block.start), to: &points.values, &texts)
            left = isAscending ? at + 1..<left.upperBound : left.lowerBound..<at
        }
    }

    /// The points in the range by time, of equal times only the last to arrive.
    private static func sort(_ slice: MemtableSlice, _ blocks: [MemtableBlock], _ range: TimeRange) -> [Reference] {
        var references: [Reference] = []
        for block in blocks where slice.timeRange(of: block).overlaps(range) {
            block.withPoints(slice.rows(of: block)) { times, _ in
                for index in times.indices where range.contains(times[index]) {
                    references.append(Reference(time: times[index], index: block.start + index))
                }
            }
        }
        references.sort { $0.time != $1.time ? $0.time < $1.time : $0.index < $1.index }
        var kept = 0
        for index in references.indices {
            if index + 1 < references.count, references[index].time == references[index + 1].time { continue }
            references[kept] = references[index]
            kept += 1
        }
        references.removeLast(references.count - kept)
        return references
    }

    /// The first index for which the condition holds; it holds for all after it.
    private static func firstIndex(below count: Int, where isReached: (Int) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if isReached(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func block(at index: Int, _ blocks: [MemtableBlock]) -> Int {
        firstIndex(below: blocks.count) { index < blocks[$0].end }
    }

    private static func time(_ index: Int, _ blocks: [MemtableBlock]) -> Timestamp {
        let block = blocks[block(at: index, blocks)]
        return block.time(index - block.start)
    }
}
