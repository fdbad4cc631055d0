// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TimeSeriesModel

/// The points of one series in a memtable, in arrival order, in a chain of blocks that never move.
///
/// `@unchecked Sendable`: one writer thread appends and publishes; any thread reads what is below ``published``. The writer
/// stores blocks, points and links before it stores that length with release, a reader loads it with acquire, and nothing
/// below it changes any more.
final class MemtableColumn: @unchecked Sendable {
    /// Capacity of the first block: a mostly idle series costs little.
    static let firstBlockPoints = 8
    /// Capacity of the largest blocks.
    static let blockPointsMax = 4096
    static let firstTextBlockBytes = 128
    static let textBlockBytesMax = 64 << 10
    /// What a column costs besides its blocks, roughly: the object, its places in the memtable's tables.
    static let ownByteCount = 192
    /// Positions of texts have 32 bits.
    static let textPositionMax = Int(UInt32.max)

    let series: SeriesID
    let type: DataType
    /// Points that readers may see.
    let published = Atomic<Int>(0)
    /// Below this many points the times rise strictly.
    let firstDisorder = Atomic<Int>(Int.max)
    /// Whether the memtable has it on its list of columns to publish; the writer's.
    var isUnpublished = false

    private(set) var firstBlock: MemtableBlock?
    private(set) var firstTextBlock: MemtableTextBlock?

    // The writer's alone.
    private(set) var appended = 0
    private var lastBlock: MemtableBlock?
    private var lastTextBlock: MemtableTextBlock?
    private var textPosition = 0
    private var latestTime = Timestamp.min

    init(series: SeriesID, type: DataType) {
        self.series = series
        self.type = type
    }

    deinit {
        var block = firstBlock
        while let current = block {
            block = current.next
            current.free()
        }
        var text = firstTextBlock
        while let current = text {
            text = current.next
            current.free()
        }
    }

    /// Appends points; writer thread only. Slots of variable-length types point into `bytes`. Returns the bytes allocated.
    func append(_ times: Span<Int64>, _ slots: Span<UInt64>, bytes: Span<UInt8>) -> Int {
        precondition(times.count == slots.count, "a slot a time")
        var allocated = 0
        var done = 0
        while done < times.count {
            let block = roomyBlock(for: times.count - done, &allocated)
            let index = appended - block.start
            let range = done..<done + min(block.capacity - index, times.count - done)
            let part = times.extracting(range)
            let partRange = note(part)
            if type.isVariableLength {
                var moved: [UInt64] = []
                moved.reserveCapacity(range.count)
                for row in range { moved.append(keepText(slots[row], bytes, &allocated)) }
                block.write(part, moved.span, at: index, range: partRange)
            } else {
                block.write(part, slots.extracting(range), at: index, range: partRange)
            }
            appended += range.count
            done = range.upperBound
        }
        return allocated
    }

    /// Makes everything appended visible; writer thread only. Returns how many points became visible.
    func publish() -> Int {
        isUnpublished = false
        let new = appended - published.load(ordering: .relaxed)
        published.store(appended, ordering: .releasing)
        return new
    }

    private func roomyBlock(for points: Int, _ allocated: inout Int) -> MemtableBlock {
        if let lastBlock, appended < lastBlock.end { return lastBlock }
        let wanted = max(points, appended, Self.firstBlockPoints)
        let block = MemtableBlock(start: appended, capacity: min(wanted, Self.blockPointsMax))
        allocated += MemtableBlock.byteCount(capacity: block.capacity)
        if let lastBlock { lastBlock.link(block) } else { firstBlock = block }
        lastBlock = block
        return block
    }

    /// Follows the order of the times and returns their range.
    private func note(_ times: Span<Int64>) -> TimeRange {
        var isRising = appended == 0 || latestTime < times[0]
        var index = 1
        while index < times.count {
            isRising = isRising && times[index &- 1] < times[index]
            index &+= 1
        }
        var range = TimeRange(times[0], times[times.count - 1])
        latestTime = range.upper
        if !isRising {
            if firstDisorder.load(ordering: .relaxed) == Int.max {
                // Published by the length that is stored later. The exact point does not matter: lengths end at commits.
                firstDisorder.store(appended, ordering: .relaxed)
            }
            for index in times.indices {
                range.lower = min(range.lower, times[index])
                range.upper = max(range.upper, times[index])
            }
        }
        return range
    }

    /// Copies a text into the column and returns its slot.
    private func keepText(_ slot: UInt64, _ bytes: Span<UInt8>, _ allocated: inout Int) -> UInt64 {
        let start = Int(slot >> 32), length = Int(slot & 0xffff_ffff)
        guard length > 0 else { return 0 }
        if textPosition + length > lastTextBlock?.end ?? 0 {
            textPosition = lastTextBlock?.end ?? 0
            let grown = min(max(textPosition, Self.firstTextBlockBytes), Self.textBlockBytesMax)
            let block = MemtableTextBlock(start: textPosition, capacity: max(length, grown))
            precondition(
                block.end <= Self.textPositionMax, "memtables are frozen long before a column has 4 GiB of text")
            allocated += MemtableTextBlock.byteCount(capacity: block.end - block.start)
            if let lastTextBlock { lastTextBlock.link(block) } else { firstTextBlock = block }
            lastTextBlock = block
        }
        lastTextBlock?.write(bytes.extracting(start..<start + length), at: textPosition)
        defer { textPosition += length }
        return UInt64(textPosition) << 32 | UInt64(length)
    }
}
