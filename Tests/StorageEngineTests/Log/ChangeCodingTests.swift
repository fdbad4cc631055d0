// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct ChangeCodingTests {
    private func decode(_ batch: borrowing WriteBatch) throws -> [SchemaChange] {
        var decoded: [SchemaChange] = []
        for part in 0...batch.laterParts.count {
            let start = part == 0 ? 0 : batch.laterParts[part - 1]
            let end = part < batch.laterParts.count ? batch.laterParts[part] : batch.buffer.count
            let bytes = batch.buffer.bytes
            let record = bytes.extracting(start..<end)
            var sections = SectionCursor(record)
            while try sections.next() {
                if let change = try SchemaChange(sections.kind, detail: sections.detail, decoding: sections.bytes) {
                    decoded.append(change)
                }
            }
        }
        return decoded
    }

    @Test func changesComeBackInOrder() throws {
        let changes: [SchemaChange] = [
            .definition(
                .series(
                    SeriesRecord(
                        id: 9, deviceID: 8, measurement: "温度", type: 4, encoding: 8, compressor: 7,
                        isEncodingDeclared: true, isCompressorDeclared: true))),
            .removal(SchemaRemoval(points: [.init(pattern: .all, range: TimeRange(.min, .max))])),
            .timeToLive(pattern: "root.a.**", milliseconds: 7),
            .timeToLive(pattern: "root.a", milliseconds: nil),
            .removal(SchemaRemoval(series: [1, .max])), .removal(SchemaRemoval(devices: [3])),
            .removal(SchemaRemoval(databases: [4])),
        ]
        var batch = WriteBatch()
        for change in changes { batch.append(change) }
        #expect(try decode(batch) == changes)
    }

    @Test func alongDropStaysOneBatch() throws {
        var batch = WriteBatch(recordBytesMax: 100_000)
        let ids = (1...200_000).map { UInt32($0) }
        let points = [SchemaRemoval.Points(pattern: .all, range: .all)]
        batch.append(.removal(SchemaRemoval(points: points, series: ids, devices: [5])))
        #expect(batch.laterParts.count > 3)
        let decoded = try decode(batch)
        #expect(decoded.first == .removal(SchemaRemoval(points: points)))
        #expect(decoded.last == .removal(SchemaRemoval(devices: [5])))
        var found: [UInt32] = []
        for case .removal(let removal) in decoded { found += removal.series }
        #expect(found == ids)
    }

    @Test func garbageIsRefusedAndNeverTraps() {
        let contents: [[UInt8]] = [
            [], [1], [UInt8](repeating: 0, count: 16), [UInt8](repeating: 0xFF, count: 17),
            Array("root.a.b.c.d.e.f.g".utf8),
            [UInt8](repeating: 0, count: 8) + Array("\u{FF}".utf8), [UInt8](repeating: 0, count: 7),
        ]
        for kind in [SectionKind.deletion, .drop, .timeToLive, .series, .device, .database] {
            for detail in 0...4 as ClosedRange<UInt8> {
                for content in contents { _ = try? SchemaChange(kind, detail: detail, decoding: content.span) }
            }
        }
        #expect(throws: RecordError.self) { try SchemaChange(.drop, detail: 4, decoding: [0, 0, 0, 0].span) }
        #expect(throws: RecordError.self) { try SchemaChange(.drop, detail: 1, decoding: [0, 0, 0].span) }
        #expect(throws: RecordError.self) {
            try SchemaChange(.deletion, detail: 0, decoding: ([UInt8](repeating: 0, count: 16) + [46]).span)
        }
    }

    /// Rules and ids that a log cannot have ended with are refused, not taken.
    @Test func aRuleThatCannotBeIsRefused() {
        let schema = SchemaStore(settings: StorageSettings())
        #expect(throws: DefinitionError.self) {
            try schema.replay(.timeToLive(pattern: "root.a.**", milliseconds: -1), sequence: 1)
        }
        #expect(throws: DefinitionError.self) {
            try schema.replay(.timeToLive(pattern: "", milliseconds: 1), sequence: 1)
        }
    }
}
