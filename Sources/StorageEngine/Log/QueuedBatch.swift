// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A batch on its way through the log.
struct QueuedBatch {
    var buffer: RecordBuffer
    /// Where its records after the first begin.
    var laterParts: [Int]
    var hasParticipants: Bool
    var ticket: UInt64
    var completion: (any CommitCompletion)?
    /// Sequence of its first record, once the writer has numbered it.
    var firstSequence: LogSequence = 0

    /// How many records it is; none for a barrier.
    var partCount: Int { buffer.count == 0 ? 0 : laterParts.count + 1 }

    /// Where record `part` lies in the buffer.
    func range(ofPart part: Int) -> Range<Int> {
        let start = part == 0 ? 0 : laterParts[part - 1]
        return start..<(part < laterParts.count ? laterParts[part] : buffer.count)
    }
}
