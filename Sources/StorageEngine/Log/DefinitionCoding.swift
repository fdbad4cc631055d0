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
            let detail: UInt8 = (record.isEncodingDeclared ? 1 : 0) | (record.isCompressorDeclared ? 2 : 0)
            let offset = beginSection(.series, detail: detail, byteCount: 11 + record.measurement.utf8.count)
            buffer.store(record.id, at: offset)
            buffer.store(record.deviceID, at: offset + 4)
            buffer.store(record.type, at: offset + 8)
            buffer.store(record.encoding, at: offset + 9)
            buffer.store(record.compressor, at: offset + 10)
            _ = store(record.measurement, at: offset + 11)
        }
    }

    mutating func store(_ text: String, at offset: Int) -> Int {
        var text = text
        text.makeContiguousUTF8()
        return buffer.store(text.utf8.span, at: offset)
    }
}

extension SchemaDefinition {
    /// Reads a section of this kind; `detail` is its header's.
    init(_ kind: SectionKind, detail: UInt8 = 0, decoding bytes: Span<UInt8>) throws(RecordError) {
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
                    measurement: try bytes.text(from: 11), type: bytes[8], encoding: bytes[9], compressor: bytes[10],
                    isEncodingDeclared: detail & 1 != 0, isCompressorDeclared: detail & 2 != 0))
        case .tablet, .participant, .deletion, .drop, .timeToLive:
            throw RecordError(reason: "a section is no definition")
        }
    }
}

extension Span<UInt8> {
    /// The bytes from an offset on as text.
    func text(from offset: Int) throws(RecordError) -> String {
        do {
            return String(copying: try UTF8Span(validating: extracting(offset..<count)))
        } catch {
            throw RecordError(reason: "the name in a definition is not UTF-8")
        }
    }
}
