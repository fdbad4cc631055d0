// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// A section of a log record, for a person.
package enum LogSection: Sendable, Equatable {
    /// A column of rows.
    package struct Column: Sendable, Equatable {
        package let series: SeriesID
        package let type: DataType
        package let valueCount: Int
    }

    /// Rows: the times they span, and their columns.
    case rows(count: Int, times: TimeRange, columns: [Column], byteCount: Int)
    /// Something else: its kind, and in words what it says.
    case other(kind: String, text: String, byteCount: Int)

    /// The sections of a record whose checksum is right.
    static func sections(of record: Span<UInt8>) throws(RecordError) -> [LogSection] {
        var sections: [LogSection] = []
        var cursor = SectionCursor(record)
        while try cursor.next() {
            sections.append(try LogSection(cursor.kind, detail: cursor.detail, cursor.bytes))
        }
        return sections
    }

    private init(_ kind: SectionKind, detail: UInt8, _ bytes: Span<UInt8>) throws(RecordError) {
        switch kind {
        case .tablet: self = try Self.rows(bytes)
        case .participant:
            let owner = detail == 1 ? "dead letter" : "change of participant \(detail)"
            self = .other(kind: "participant", text: owner, byteCount: bytes.count)
        case .database, .device, .series, .deletion, .drop, .timeToLive:
            let change = try SchemaChange(kind, detail: detail, decoding: bytes)
            self = .other(kind: "\(kind)", text: change?.text ?? "", byteCount: bytes.count)
        }
    }

    private static func rows(_ bytes: Span<UInt8>) throws(RecordError) -> LogSection {
        var decoder = TabletDecoder()
        var columns: [Column] = []
        var times = TimeRange(.max, .min)
        try decoder.decode(bytes) { column, columnTimes, _, _ throws(RecordError) in
            columns.append(Column(series: column.series, type: column.type, valueCount: column.valueCount))
            for index in columnTimes.indices {
                times = TimeRange(min(times.lower, columnTimes[index]), max(times.upper, columnTimes[index]))
            }
        }
        // The decoder has checked that the head is there.
        let rows = Int(bytes.integer(at: 0, as: UInt32.self))
        return .rows(count: rows, times: times, columns: columns, byteCount: bytes.count)
    }
}
