// SPDX-License-Identifier: Apache-2.0

/// Bytes of the texts of a column: blocks that never move, owned by the column and filled front to back by the writer.
///
/// A text lies in one block as a whole. Its position counts the bytes of all blocks, so a block that a text did not fit into
/// leaves a gap. A reader follows ``next`` only behind a position that a published slot names.
@safe
struct MemtableTextBlock: @unchecked Sendable {
    @unsafe
    private struct Header {
        var next: UnsafeMutableRawPointer?
        var start: Int
        var capacity: Int
    }

    private nonisolated(unsafe) let base: UnsafeMutableRawPointer

    private static let headerBytes = unsafe (MemoryLayout<Header>.size + 15) & ~15

    static func byteCount(capacity: Int) -> Int { headerBytes + capacity }

    init(start: Int, capacity: Int) {
        unsafe base = .allocate(byteCount: Self.byteCount(capacity: capacity), alignment: 16)
        unsafe base.initializeMemory(as: Header.self, to: unsafe Header(next: nil, start: start, capacity: capacity))
    }

    private init(base: UnsafeMutableRawPointer) { unsafe self.base = base }

    private var header: UnsafeMutablePointer<Header> { unsafe base.assumingMemoryBound(to: Header.self) }

    /// Position of the first byte.
    var start: Int { unsafe header.pointee.start }
    /// Position after the last byte that fits.
    var end: Int { unsafe header.pointee.start + header.pointee.capacity }

    var next: MemtableTextBlock? { unsafe header.pointee.next.map { unsafe MemtableTextBlock(base: $0) } }

    func link(_ next: MemtableTextBlock) { unsafe header.pointee.next = next.base }

    func free() { unsafe base.deallocate() }

    func write(_ bytes: Span<UInt8>, at position: Int) {
        precondition(position >= start && position + bytes.count <= end, "a text fits in its block")
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe (base + Self.headerBytes + position - start).copyMemory(from: first, byteCount: source.count)
        }
    }

    /// Appends the bytes at a position to `output`.
    func append(_ range: Range<Int>, to output: inout [UInt8]) {
        precondition(range.lowerBound >= start && range.upperBound <= end, "a text of the block")
        unsafe output.append(
            contentsOf: UnsafeRawBufferPointer(
                start: base + Self.headerBytes + range.lowerBound - start, count: range.count))
    }
}

/// The text blocks that a reader may touch, to find texts by their slots.
struct MemtableTexts: Sendable {
    private let blocks: [MemtableTextBlock]
    /// Where the last text was found: texts are mostly read in arrival order.
    private var latest = 0

    /// The blocks from `first` to the one that holds `position`.
    init(from first: MemtableTextBlock?, through position: Int) {
        var blocks: [MemtableTextBlock] = []
        var block = first
        while let current = block {
            blocks.append(current)
            block = position >= current.end ? current.next : nil
        }
        self.blocks = blocks
    }

    /// Appends the text of a memtable slot to `output` and returns its slot there.
    mutating func append(_ slot: UInt64, to output: inout [UInt8]) -> UInt64 {
        let position = Int(slot >> 32), length = Int(slot & 0xffff_ffff)
        let offset = output.count
        if length > 0 {
            block(at: position).append(position..<position + length, to: &output)
        }
        return UInt64(offset) << 32 | UInt64(length)
    }

    private mutating func block(at position: Int) -> MemtableTextBlock {
        let current = blocks[latest]
        if current.start <= position && position < current.end { return current }
        var low = 0, high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].end <= position { low = middle + 1 } else { high = middle }
        }
        latest = low
        return blocks[low]
    }
}
