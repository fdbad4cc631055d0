// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TimeSeriesModel

/// The first `count` points of a column, all published: what one reader sees, however much the writer appends meanwhile.
struct MemtableSlice: Sendable {
    let column: MemtableColumn
    let count: Int

    /// Whether the times rise strictly, so that the slice needs no sorting.
    var isRising: Bool { column.firstDisorder.load(ordering: .relaxed) >= count }

    /// The blocks that hold the points.
    func blocks() -> [MemtableBlock] {
        var blocks: [MemtableBlock] = []
        var block = column.firstBlock
        while let current = block, current.start < count {
            blocks.append(current)
            block = current.end < count ? current.next : nil
        }
        return blocks
    }

    /// The points of a block that belong to the slice, counted from the block's begin.
    func rows(of block: MemtableBlock) -> Range<Int> { 0..<min(block.capacity, count - block.start) }

    /// The least and the greatest time. Only an unfinished block is scanned.
    func timeRange() -> TimeRange {
        var range = TimeRange(.max, .min)
        for block in blocks() {
            let part = timeRange(of: block)
            range.lower = min(range.lower, part.lower)
            range.upper = max(range.upper, part.upper)
        }
        return range
    }

    /// The least and the greatest time of a block's points.
    func timeRange(of block: MemtableBlock) -> TimeRange {
        // A block with room left may be getting points at this moment, and its facts with them.
        if block.end <= count { return block.timeRange }
        return block.withPoints(rows(of: block)) { times, _ in
            var range = TimeRange(.max, .min)
            for index in times.indices {
                range.lower = min(range.lower, times[index])
                range.upper = max(range.upper, times[index])
            }
            return range
        }
    }

    /// The texts of the column; empty for types of fixed length.
    func texts() -> MemtableTexts {
        guard column.type.isVariableLength else { return MemtableTexts(from: nil, through: 0) }
        var furthest = -1
        // Positions rise in arrival order, but empty texts have none. Without any text the writer may be making the first text
        // block at this moment, for points that are not published: do not look.
        for block in blocks().reversed() where furthest < 0 { noteTexts(of: block, &furthest) }
        guard furthest >= 0 else { return MemtableTexts(from: nil, through: 0) }
        return MemtableTexts(from: column.firstTextBlock, through: furthest)
    }

    private func noteTexts(of block: MemtableBlock, _ furthest: inout Int) {
        block.withPoints(rows(of: block)) { _, slots in
            for index in slots.indices where slots[index] & 0xffff_ffff > 0 {
                furthest = max(furthest, Int(slots[index] >> 32))
            }
        }
    }

    /// The points in a time range in either order, one a time, newest wins.
    func cursor(in range: TimeRange, order: TimeOrder) -> MemtableCursor {
        MemtableCursor(self, range: range, order: order)
    }

    /// The newest point in a time range; among equal times the last to arrive. No sorting.
    func last(in range: TimeRange) -> (time: Timestamp, value: Value)? {
        var best: (block: MemtableBlock, row: Int, time: Timestamp)?
        for block in blocks().reversed() {
            let part = timeRange(of: block)
            guard part.overlaps(range), best.map({ $0.time < part.upper }) ?? true else { continue }
            block.withPoints(rows(of: block)) { times, _ in
                var row = times.count - 1
                while row >= 0 {
                    let time = times[row]
                    if range.contains(time), best.map({ $0.time < time }) ?? true { best = (block, row, time) }
                    row -= 1
                }
            }
            if isRising && best != nil { break }
        }
        guard let best else { return nil }
        var values = ValueColumn(column.type)
        var texts = texts()
        append(best.block.slot(best.row), to: &values, &texts)
        return (best.time, values[0])
    }

    /// Appends the value of a memtable slot to a column.
    func append(_ slot: UInt64, to values: inout ValueColumn, _ texts: inout MemtableTexts) {
        values.bits.append(column.type.isVariableLength ? texts.append(slot, to: &values.bytes) : slot)
    }
}
