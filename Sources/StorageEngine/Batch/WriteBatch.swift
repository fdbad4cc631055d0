// SPDX-License-Identifier: Apache-2.0

/// A log record in the making: what one worker gathers and hands to ``StorageEngine/append(_:ticket:completion:)``.
///
/// After a crash all of a batch is there, or none. Beyond 4 MiB it becomes several records; recovery drops
/// a group whose end is missing. The writer only fills in length, checksum and sequence.
package struct WriteBatch: Sendable {
    var buffer = RecordBuffer()
    /// Where the records after the first begin; usually none.
    var laterParts: [Int] = []
    /// Whether a participant has to hear when it is durable.
    private(set) var hasParticipants = false
    /// Where the record being filled begins.
    private var partStart = 0
    private let recordBytesMax: Int

    package init() { self.init(recordBytesMax: RecordFormat.recordBytesMax) }

    /// A batch with another limit than ``RecordFormat/recordBytesMax``, for tests.
    package init(recordBytesMax: Int) { self.recordBytesMax = recordBytesMax }

    /// Bytes that the batch takes in the log; 0 = empty.
    package var byteCount: Int { buffer.count }

    package var isEmpty: Bool { buffer.count == 0 }

    /// Forgets the content, keeps the memory.
    package mutating func removeAll() {
        buffer.removeAll()
        laterParts.removeAll(keepingCapacity: true)
        hasParticipants = false
        partStart = 0
    }

    /// Appends a change of a ``LogParticipant``; at most 16 MiB.
    package mutating func append(participant: UInt8, _ payload: Span<UInt8>) {
        hasParticipants = true
        let offset = beginSection(.participant, detail: participant, byteCount: payload.count)
        _ = buffer.store(payload, at: offset)
    }

    /// Takes room for a section, in a new record if the one at hand would get too long. Returns where its content begins.
    mutating func beginSection(_ kind: SectionKind, detail: UInt8 = 0, byteCount: Int) -> Int {
        let sectionBytes = RecordFormat.sectionHeaderByteCount + byteCount
        if buffer.count == 0 {
            _ = buffer.extend(by: RecordFormat.headerByteCount)
        } else if buffer.count - partStart + sectionBytes > recordBytesMax, laterParts.count + 1 < RecordFormat.partsMax
        {
            partStart = buffer.extend(by: RecordFormat.headerByteCount)
            laterParts.append(partStart)
        }
        let offset = buffer.extend(by: sectionBytes)
        buffer.store(kind.rawValue, at: offset)
        buffer.store(detail, at: offset + 1)
        buffer.store(UInt16(0), at: offset + 2)
        buffer.store(UInt32(truncatingIfNeeded: byteCount), at: offset + 4)
        return offset + RecordFormat.sectionHeaderByteCount
    }

    /// Content bytes that fit into one record.
    var sectionBytesMax: Int {
        recordBytesMax - RecordFormat.headerByteCount - RecordFormat.sectionHeaderByteCount
    }
}
