// SPDX-License-Identifier: Apache-2.0

/// What ties records to their segment: random, so that neither the content of a payload nor what an older file left on the disk
/// can pass for a record.
struct SegmentTag: Equatable {
    /// What every record's head says.
    var field: UInt32
    /// Where every record's checksum starts.
    var checksumStart: UInt32

    /// The tag of a segment of format version 2, from the 64 random bits in its header.
    init(random: UInt64) {
        field = UInt32(truncatingIfNeeded: random >> 32)
        checksumStart = UInt32(truncatingIfNeeded: random)
    }

    /// The tag of a segment of format version 1: just the low half of its number.
    init(number: UInt64) {
        field = UInt32(truncatingIfNeeded: number)
        checksumStart = 0
    }

    /// The random bits, as the header keeps them.
    var rawValue: UInt64 { UInt64(field) << 32 | UInt64(checksumStart) }
}
