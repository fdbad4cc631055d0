// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A piece of a column: times and slots of up to `capacity` points in arrival order, in one allocation that never moves.
///
/// A handle; the column owns and frees the memory. The writer fills it front to back. A reader touches only points below a
/// published length, and ``next`` and the facts only of blocks that lie below it as a whole: those no longer change.
@safe
struct MemtableBlock: @unchecked Sendable {
    @unsafe
    private struct Header {
        var next: UnsafeMutableRawPointer?
        var start: Int
        var capacity: Int
        var minTime: Timestamp
        var maxTime: Timestamp
    }

    private nonisolated(unsafe) let base: UnsafeMutableRawPointer

    static let headerBytes = unsafe (MemoryLayout<Header>.size + 15) & ~15
    static let pointBytes = 16

    static func byteCount(capacity: Int) -> Int { headerBytes + capacity * pointBytes }

    init(start: Int, capacity: Int) {
        unsafe base = .allocate(byteCount: Self.byteCount(capacity: capacity), alignment: 16)
        unsafe base.initializeMemory(
            as: Header.self,
            to: unsafe Header(next: nil, start: start, capacity: capacity, minTime: .max, maxTime: .min))
    }

    private init(base: UnsafeMutableRawPointer) { unsafe self.base = base }

    private var header: UnsafeMutablePointer<Header> { unsafe base.assumingMemoryBound(to: Header.self) }
    private var times: UnsafeMutablePointer<Int64> {
        unsafe (base + Self.headerBytes).assumingMemoryBound(to: Int64.self)
    }
    private var slots: UnsafeMutablePointer<UInt64> {
        unsafe (base + Self.headerBytes + header.pointee.capacity * 8).assumingMemoryBound(to: UInt64.self)
    }

    /// Index in the column of the first point.
    var start: Int { unsafe header.pointee.start }
    var capacity: Int { unsafe header.pointee.capacity }
    /// Index in the column after the last point that fits.
    var end: Int { start + capacity }
    /// Of all its points; to be read only when the block is full and published, or by the writer.
    var timeRange: TimeRange { unsafe TimeRange(header.pointee.minTime, header.pointee.maxTime) }

    var next: MemtableBlock? { unsafe header.pointee.next.map { unsafe MemtableBlock(base: $0) } }

    func link(_ next: MemtableBlock) { unsafe header.pointee.next = next.base }

    func free() { unsafe base.deallocate() }

    /// Copies points to `index`, counted from the block's begin.
    func write(_ newTimes: Span<Int64>, _ newSlots: Span<UInt64>, at index: Int, range: TimeRange) {
        let count = newTimes.count
        precondition(count == newSlots.count && index >= 0 && index + count <= capacity, "points fit in their block")
        unsafe newTimes.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { unsafe (times + index).update(from: first, count: count) }
        }
        unsafe newSlots.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { unsafe (slots + index).update(from: first, count: count) }
        }
        unsafe header.pointee.minTime = min(header.pointee.minTime, range.lower)
        unsafe header.pointee.maxTime = max(header.pointee.maxTime, range.upper)
    }

    /// The time of point `index` of the block.
    func time(_ index: Int) -> Timestamp {
        precondition(index >= 0 && index < capacity, "a point of the block")
        return unsafe times[index]
    }

    /// The slot of point `index` of the block.
    func slot(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < capacity, "a point of the block")
        return unsafe slots[index]
    }

    /// Calls `body` with times and slots of the block's points `range`.
    func withPoints<T>(_ range: Range<Int>, _ body: (Span<Int64>, Span<UInt64>) -> T) -> T {
        precondition(range.lowerBound >= 0 && range.upperBound <= capacity, "points of the block")
        let times = unsafe Span<Int64>(_unsafeStart: times + range.lowerBound, count: range.count)
        let slots = unsafe Span<UInt64>(_unsafeStart: slots + range.lowerBound, count: range.count)
        return body(times, slots)
    }

    /// Appends the block's points `range` to the arrays.
    func append(_ range: Range<Int>, to times: inout [Int64], _ slots: inout [UInt64]) {
        precondition(range.lowerBound >= 0 && range.upperBound <= capacity, "points of the block")
        unsafe times.append(contentsOf: UnsafeBufferPointer(start: self.times + range.lowerBound, count: range.count))
        unsafe slots.append(contentsOf: UnsafeBufferPointer(start: self.slots + range.lowerBound, count: range.count))
    }
}
