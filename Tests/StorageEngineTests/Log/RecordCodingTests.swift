// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// A column as it was decoded.
struct DecodedColumn: Equatable {
    var series: UInt32
    var type: DataType
    var times: [Int64]
    var values: [Value]
}

/// The tablets of a batch, record by record.
func decode(_ batch: WriteBatch) throws -> [DecodedColumn] {
    let queued = QueuedBatch(
        buffer: batch.buffer, laterParts: batch.laterParts, hasParticipants: false, ticket: 0, completion: nil)
    var columns: [DecodedColumn] = []
    for part in 0..<queued.partCount {
        let bytes = queued.buffer.bytes
        columns += try decode(record: bytes.extracting(queued.range(ofPart: part)))
    }
    return columns
}

func decode(record: Span<UInt8>) throws -> [DecodedColumn] {
    var columns: [DecodedColumn] = []
    var decoder = TabletDecoder()
    var sections = SectionCursor(record)
    while try sections.next() {
        guard sections.kind == .tablet else {
            if sections.kind != .participant { _ = try SchemaDefinition(sections.kind, decoding: sections.bytes) }
            continue
        }
        try decoder.decode(sections.bytes) { column, times, values, bytes throws(RecordError) in
            var decoded = DecodedColumn(series: column.series.rawValue, type: column.type, times: [], values: [])
            var copy = ValueColumn(column.type)
            for index in times.indices {
                decoded.times.append(times[index])
                copy.bits.append(values[index])
            }
            for index in bytes.indices { copy.bytes.append(bytes[index]) }
            for index in 0..<copy.count { decoded.values.append(copy[index]) }
            columns.append(decoded)
        }
    }
    return columns
}

/// A value of each type.
func sampleValue(_ type: DataType, _ number: Int) -> Value {
    switch type {
    case .boolean: .boolean(number % 2 == 0)
    case .int32: .int32(Int32(truncatingIfNeeded: number * -7))
    case .date: .date(Int32(20_260_101 + number))
    case .int64: .int64(Int64(number) << 40)
    case .timestamp: .timestamp(-Int64(number))
    case .float: .float(Float(number) / 3)
    case .double: .double(Double(number) / -3)
    case .text: .text(Array("text \(number)".utf8))
    case .string: .string([])
    case .blob: .blob([UInt8](repeating: UInt8(number % 256), count: number % 5))
    }
}

/// A tablet with a column of each type; row r of column c is absent where (r + c) % gap is 0.
func sampleTablet(rows: Int, gap: Int?) -> Tablet {
    var tablet = Tablet()
    tablet.times = (0..<rows).map { Int64($0) * 10 - 5 }
    for (index, type) in DataType.allCases.enumerated() {
        tablet.addColumn(series: SeriesID(rawValue: UInt32(index + 1)), type: type)
        // As Ingestion does: bits behind the last row are set.
        if gap != nil { tablet.columns[index].presence = [UInt64](repeating: .max, count: (rows + 63) / 64) }
        for row in 0..<rows {
            if let gap, (row + index) % gap == 0 {
                tablet.columns[index].presence[row / 64] &= ~(1 << UInt64(row & 63))
            } else {
                tablet.columns[index].values.append(sampleValue(type, row))
            }
        }
    }
    return tablet
}

func columns(of tablet: Tablet) -> [DecodedColumn] {
    tablet.columns[..<tablet.columnCount].map { column in
        let times = tablet.times.enumerated().filter { row, _ in
            column.presence.isEmpty || column.presence[row / 64] >> UInt64(row & 63) & 1 == 1
        }
        return DecodedColumn(
            series: column.series.rawValue, type: column.values.type, times: times.map(\.element),
            values: (0..<column.values.count).map { column.values[$0] })
    }
}

@Suite struct RecordCodingTests {
    @Test(arguments: [nil, 2, 3]) func tabletsOfAllTypesComeBack(gap: Int?) throws {
        for rows in [1, 2, 63, 64, 65, 130] {
            let tablet = sampleTablet(rows: rows, gap: gap)
            var batch = WriteBatch()
            batch.append(tablet)
            #expect(try decode(batch) == columns(of: tablet))
        }
    }

    @Test func contentsThatDoNotLieInOrderAreGathered() throws {
        var tablet = Tablet()
        tablet.times = [1, 2]
        tablet.addColumn(series: SeriesID(rawValue: 1), type: .text)
        tablet.columns[0].values.bytes = Array("worldhello".utf8)
        tablet.columns[0].values.bits = [5 << 32 | 5, 0 << 32 | 5]
        var batch = WriteBatch()
        batch.append(tablet)
        #expect(try decode(batch)[0].values == [.text(Array("hello".utf8)), .text(Array("world".utf8))])
    }

    @Test(arguments: [1, 60, 300, 5_000]) func longBatchesAreSplitAndNothingIsLost(limit: Int) throws {
        for gap in [nil, 3] {
            let tablet = sampleTablet(rows: 70, gap: gap)
            var batch = WriteBatch(recordBytesMax: limit)
            batch.append(tablet)
            batch.append(tablet)
            let decoded = try decode(batch)
            for wanted in columns(of: tablet) + columns(of: tablet) {
                let pieces = decoded.filter { $0.series == wanted.series }
                #expect(pieces.flatMap(\.times) == columns(of: tablet)[Int(wanted.series) - 1].times * 2)
                #expect(pieces.flatMap(\.values) == columns(of: tablet)[Int(wanted.series) - 1].values * 2)
            }
            if limit < 5_000 { #expect(batch.laterParts.count > 5) }
        }
    }

    @Test func recordsStayBelowTheLimitUnlessAValueIsLonger() throws {
        var batch = WriteBatch(recordBytesMax: 400)
        batch.append(sampleTablet(rows: 70, gap: nil))
        let queued = QueuedBatch(
            buffer: batch.buffer, laterParts: batch.laterParts, hasParticipants: false, ticket: 0, completion: nil)
        for part in 0..<queued.partCount { #expect(queued.range(ofPart: part).count <= 400) }
    }

    @Test func aBatchKeepsItsMemoryAndForgetsItsContent() throws {
        var batch = WriteBatch()
        batch.append(sampleTablet(rows: 70, gap: nil))
        batch.append(participant: 3, [1, 2].span)
        #expect(batch.hasParticipants)
        let capacity = batch.buffer.capacity
        batch.removeAll()
        #expect(batch.isEmpty && batch.byteCount == 0 && !batch.hasParticipants)
        #expect(batch.buffer.capacity == capacity)
        let tablet = sampleTablet(rows: 3, gap: 2)
        batch.append(tablet)
        #expect(try decode(batch) == columns(of: tablet))
    }

    @Test func definitionsComeBack() throws {
        let definitions: [SchemaDefinition] = [
            .database(.init(id: 7, path: "root.`a-b`")),
            .device(.init(id: 8, databaseID: 7, path: "root.`a-b`.d", isAligned: true)),
            .series(.init(id: 9, deviceID: 8, measurement: "温度", type: 4, encoding: 8, compressor: 7)),
        ]
        var batch = WriteBatch()
        for definition in definitions { batch.append(definition) }
        var decoded: [SchemaDefinition] = []
        let bytes = batch.buffer.bytes
        var sections = SectionCursor(bytes)
        while try sections.next() { decoded.append(try SchemaDefinition(sections.kind, decoding: sections.bytes)) }
        #expect(decoded == definitions)
    }

    /// Whatever a record holds, reading it ends in values or in an error.
    @Test func garbageIsRefusedAndNeverTraps() throws {
        var batch = WriteBatch()
        batch.append(sampleTablet(rows: 3, gap: 2))
        batch.append(.device(.init(id: 8, databaseID: 7, path: "root.a.d", isAligned: false)))
        batch.append(participant: 3, [1, 2].span)
        let whole = bytes(of: batch)
        for length in RecordFormat.headerByteCount..<whole.count {
            // A record cut between two sections is a record; in a section it is damaged.
            let cut = Array(whole[..<length])
            _ = try? decode(record: cut.span)
        }
        let cut = Array(whole.dropLast())
        #expect(throws: RecordError.self) { try decode(record: cut.span) }
        var random = SeededGenerator(seed: 1)
        for _ in 0..<3_000 {
            var damaged = whole
            for _ in 0..<1 + random.below(4) {
                let position = RecordFormat.headerByteCount + random.below(whole.count - RecordFormat.headerByteCount)
                damaged[position] = random.chance(30) ? 0xff : UInt8(random.below(256))
            }
            _ = try? decode(record: damaged.span)
        }
    }
}

func bytes(of batch: WriteBatch) -> [UInt8] {
    let span = batch.buffer.bytes
    return span.indices.map { span[$0] }
}

private func * <Element>(array: [Element], count: Int) -> [Element] { (0..<count).flatMap { _ in array } }
