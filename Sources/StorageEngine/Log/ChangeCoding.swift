// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel

extension WriteBatch {
    /// Ids of one section at most.
    private static let idsMax = 64 * 1024

    /// Appends an event of the schema. A batch is all or nothing, however many records it takes.
    mutating func append(_ change: SchemaChange) {
        switch change {
        case .definition(let definition): append(definition)
        case .removal(let removal):
            // What is deleted comes first: the rows of a batch are never before its deletions.
            for points in removal.points { append(points) }
            append(removal.series, of: .series)
            append(removal.devices, of: .device)
            append(removal.databases, of: .database)
        case .timeToLive(let pattern, let milliseconds):
            let offset = beginSection(.timeToLive, byteCount: 8 + pattern.utf8.count)
            buffer.store(milliseconds ?? 0, at: offset)
            _ = store(pattern, at: offset + 8)
        }
    }

    private mutating func append(_ points: SchemaRemoval.Points) {
        let offset = beginSection(.deletion, byteCount: 16 + points.pattern.text.utf8.count)
        buffer.store(points.range.lower, at: offset)
        buffer.store(points.range.upper, at: offset + 8)
        _ = store(points.pattern.text, at: offset + 16)
    }

    private mutating func append(_ ids: [UInt32], of kind: DroppedKind) {
        for start in stride(from: 0, to: ids.count, by: Self.idsMax) {
            let part = ids[start..<min(ids.count, start + Self.idsMax)]
            var offset = beginSection(.drop, detail: kind.rawValue, byteCount: part.count * 4)
            for id in part {
                buffer.store(id, at: offset)
                offset += 4
            }
        }
    }
}

extension SchemaChange {
    /// Reads a section that is no tablet and no participant's; nil where `kind` is one of those.
    init?(_ kind: SectionKind, detail: UInt8, decoding bytes: Span<UInt8>) throws(RecordError) {
        switch kind {
        case .tablet, .participant: return nil
        case .database, .device, .series:
            self = .definition(try SchemaDefinition(kind, detail: detail, decoding: bytes))
        case .deletion: self = .removal(SchemaRemoval(points: [try SchemaRemoval.Points(decoding: bytes)]))
        case .drop: self = .removal(try SchemaRemoval(dropped: detail, decoding: bytes))
        case .timeToLive:
            guard bytes.count > 8 else { throw RecordError(reason: "a time to live is too short") }
            let milliseconds = bytes.integer(at: 0, as: Int64.self)
            self = .timeToLive(
                pattern: try bytes.text(from: 8), milliseconds: milliseconds == 0 ? nil : milliseconds)
        }
    }
}

extension SchemaRemoval.Points {
    fileprivate init(decoding bytes: Span<UInt8>) throws(RecordError) {
        guard bytes.count > 16 else { throw RecordError(reason: "a deletion is too short") }
        let text = try bytes.text(from: 16)
        do throws(PathError) {
            pattern = try PathPattern(parsing: text)
        } catch {
            throw RecordError(reason: "`\(text)` of a deletion is no pattern: \(error.message)")
        }
        range = TimeRange(bytes.integer(at: 0, as: Int64.self), bytes.integer(at: 8, as: Int64.self))
    }
}

extension Deletion {
    /// Reads a section of a record with this sequence.
    init(decoding bytes: Span<UInt8>, sequence: LogSequence) throws(RecordError) {
        let points = try SchemaRemoval.Points(decoding: bytes)
        self.init(sequence: sequence, pattern: points.pattern, range: points.range)
    }
}

extension SchemaRemoval {
    fileprivate init(dropped detail: UInt8, decoding bytes: Span<UInt8>) throws(RecordError) {
        guard let kind = DroppedKind(rawValue: detail), bytes.count % 4 == 0 else {
            throw RecordError(reason: "a drop of \(bytes.count) bytes has the unknown kind \(detail), or half an id")
        }
        var ids: [UInt32] = []
        ids.reserveCapacity(bytes.count / 4)
        for offset in stride(from: 0, to: bytes.count, by: 4) { ids.append(bytes.integer(at: offset, as: UInt32.self)) }
        switch kind {
        case .series: series = ids
        case .device: devices = ids
        case .database: databases = ids
        }
    }
}

extension LogWriter {
    /// The batches that tell what happened to the schema: as few as fit, each whole for itself.
    static func batches(of changes: [SchemaChange]) -> [QueuedBatch] {
        var batches: [QueuedBatch] = []
        var batch = WriteBatch()
        for change in changes {
            batch.append(change)
            if batch.byteCount >= RecordFormat.recordBytesMax / 2 {
                batches.append(QueuedBatch(batch))
                batch = WriteBatch()
            }
        }
        if !batch.isEmpty { batches.append(QueuedBatch(batch)) }
        return batches
    }
}

extension QueuedBatch {
    /// A batch that nobody waits for.
    fileprivate init(_ batch: WriteBatch) {
        self.init(
            buffer: batch.buffer, laterParts: batch.laterParts, hasParticipants: batch.hasParticipants, ticket: 0,
            completion: nil)
    }
}
