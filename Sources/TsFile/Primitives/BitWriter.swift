// SPDX-License-Identifier: Apache-2.0

/// Writes fields of 0 to 64 bits, most significant bit first, through a 64-bit accumulator.
///
/// It stores eight bytes at a time, so the target needs eight bytes beyond the last one that counts.
struct BitWriter {
    /// Bits not stored yet, at the top.
    private var accumulator: UInt64 = 0
    /// Unused bits of the accumulator, 1...64.
    private var free = 64
    /// Where the accumulator goes.
    private var position: Int

    init(at position: Int) { self.position = position }

    /// Appends the low `width` bits of `value`, whose other bits are zero.
    @inline(__always)
    mutating func put(_ value: UInt64, _ width: Int, into out: inout MutableRawSpan) {
        if width < free {
            free &-= width
            accumulator |= value &<< UInt64(truncatingIfNeeded: free)
            return
        }
        let rest = width &- free
        out.store(bigEndian: accumulator | (value &>> UInt64(truncatingIfNeeded: rest)), at: position)
        position &+= 8
        free = 64 &- rest
        accumulator = rest == 0 ? 0 : value &<< UInt64(truncatingIfNeeded: free)
    }

    /// Whether the bits so far fill whole bytes.
    var isByteAligned: Bool { free & 7 == 0 }

    /// Stores what is left, padded with zeros to a byte; returns the offset after it.
    @inline(__always)
    mutating func finish(into out: inout MutableRawSpan) -> Int {
        let bits = 64 &- free
        if bits > 0 { out.store(bigEndian: accumulator, at: position) }
        return position &+ (bits &+ 7) &>> 3
    }
}
