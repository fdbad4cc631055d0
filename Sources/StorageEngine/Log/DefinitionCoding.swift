// SPDX-License-Identifier: Apache-2.0

import Catalog

extension WriteBatch {
    /// Appends something new in the schema.
    mutating func append(_ definition: SchemaDefinition) {
        switch definition {
        case .database(let record):
            let offset = beginSection(.database, byteCount: 4 + record.path.utf8.count)
            buffer.store(record.id, at: offset)
            _ = store(record.path, at: offset + 4)
        case .device(let record):
            let offset = beginSection(.device, byteCount: 9 + record.path.utf8.count)
            buffer.store(record.id, at: offset)
            buffer.store(record.databaseID, at: offset + 4)
            buffer.store(UInt8(record.isAligned ? 1 : 0), at: offset + 8)
            _ = store(record.path, at: offset + 9)
        case .series(let record):
            let offset = beginSection(.series, byteCount: 11 + record.measurement.utf8.count)
            buffer.store(record.id, at: offset)
            buffer.store(record.deviceID, at: offset + 4)
            buffer.store(record.type, at: offset + 8)
            buffer.store(record.encoding, at: offset + 9)
            buffer.store(record.compressor, at: offset + 10)
            _ = store(record.measurement, at: offset + 11)
        }
    }

    private mutating func store(_ text: String, at offset: Int) -> Int {
        var text = text
        text.makeContiguousUTF8()
        return buffer.store(text.utf8.span, at: offset)
    }
}

extension SchemaDefinition {
    /// Reads a section of this kind.
    init(_ kind: SectionKind, decoding bytes: Span<UInt8>) throws(RecordError) {
        switch kind {
        case .database:
            guard bytes.count > 4 else { throw RecordError(reason: "the definition of a database is too short") }
            self = .database(
                DatabaseRecord(id: bytes.integer(at: 0, as: UInt32.self), path: try bytes.text(from: 4)))
        case .device:
            guard bytes.count > 9 else { throw RecordError(reason: "the definition of a device is too short") }
            self = .device(
                DeviceRecord(
                    id: bytes.integer(at: 0, as: UInt32.self), databaseID: bytes.integer(at: 4, as: UInt32.self),
                    path: try bytes.text(from: 9), isAligned: bytes[8] & 1 != 0))
        case .series:
            guard bytes.count > 11 else { throw RecordError(reason: "the definition of a series is too short") }
            self = .series(
                SeriesRecord(
                    id: bytes.integer(at: 0, as: UInt32.self), deviceID: bytes.integer(at: 4, as: UInt32.self),
                    measurement: try bytes.text(from: 11), type: bytes[8], encoding: bytes[9], compressor: bytes[10]))
        case .tablet, .participant:
            throw RecordError(reason: "a section is no definition")
        }
    }
}

extension Span<UInt8> {
    fileprivate func text(from offset: Int) throws(RecordError) -> String {
        do {
            return String(copying: try UTF8Span(validating: extracting(offset..<count)))
        } catch {
            throw RecordError(reason: "the name in a definition is not UTF-8")
        }
    }
}

extension LogWriter {
    /// The batches that define something new: as few as fit, each whole for itself.
    static func batches(of definitions: [SchemaDefinition]) -> [QueuedBatch] {
        var batches: [QueuedBatch] = []
        var batch = WriteBatch()
        for definition in definitions {
            batch.append(definition)
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
