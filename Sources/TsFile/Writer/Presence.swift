// SPDX-License-Identifier: Apache-2.0

/// Which rows of an aligned column have a value: bit i & 63 of word i / 64, as ``AlignedColumn/presence``; no words = all rows.
struct Presence: ~Escapable {
    private let words: Span<UInt64>
    /// Rows in all; the words cover them.
    private let rowCount: Int

    @_lifetime(copy words)
    init(_ words: Span<UInt64>, rowCount: Int) {
        self.words = words
        self.rowCount = rowCount
    }

    /// Whether there are as many words as the rows need, or none.
    var isComplete: Bool { words.isEmpty || words.count == (rowCount + 63) / 64 }

    /// The bits of up to 64 rows from `row` on, the first one lowest; zero beyond the last row.
    func bits(from row: Int) -> UInt64 {
        let rows = min(64, rowCount - row)
        guard rows > 0 else { return 0 }
        let mask = UInt64.max >> UInt64(64 - rows)
        guard !words.isEmpty else { return mask }
        let word = row >> 6, shift = UInt64(row & 63)
        var bits = words[word] >> shift
        if shift > 0 && word + 1 < words.count { bits |= words[word + 1] << (64 - shift) }
        return bits & mask
    }

    /// The rows with a value among these.
    func count(in rows: Range<Int>) -> Int {
        guard !words.isEmpty else { return rows.count }
        var count = 0
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
            count += masked(row, rows).nonzeroBitCount
        }
        return count
    }

    /// The first row with a value among these.
    func first(in rows: Range<Int>) -> Int? {
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
            let bits = masked(row, rows)
            if bits != 0 { return row + bits.trailingZeroBitCount }
        }
        return nil
    }

    /// The last row with a value among these.
    func last(in rows: Range<Int>) -> Int? {
        for end in stride(from: rows.upperBound, to: rows.lowerBound, by: -64) {
            let start = max(rows.lowerBound, end - 64)
            let bits = masked(start, start..<end)
            if bits != 0 { return start + 63 - bits.leadingZeroBitCount }
        }
        return nil
    }

    private func masked(_ row: Int, _ rows: Range<Int>) -> UInt64 {
        let count = min(64, rows.upperBound - row)
        return bits(from: row) & UInt64.max >> UInt64(64 - count)
    }

    /// Stores the bitmap of a value page (`tsfile.md` section 3), most significant bit first; returns the offset after it. The
    /// target has seven bytes more than the bitmap takes.
    func store(_ rows: Range<Int>, into out: inout MutableRawSpan, at start: Int) -> Int {
        var position = start
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
            out.store(bigEndian: Self.reversed(masked(row, rows)), at: position)
            position += 8
        }
        return start + (rows.count + 7) / 8
    }

    /// The bits in the opposite order.
    static func reversed(_ word: UInt64) -> UInt64 {
        var bits = word
        bits = (bits >> 1) & 0x5555_5555_5555_5555 | (bits & 0x5555_5555_5555_5555) << 1
        bits = (bits >> 2) & 0x3333_3333_3333_3333 | (bits & 0x3333_3333_3333_3333) << 2
        bits = (bits >> 4) & 0x0f0f_0f0f_0f0f_0f0f | (bits & 0x0f0f_0f0f_0f0f_0f0f) << 4
        return bits.byteSwapped
    }
}
