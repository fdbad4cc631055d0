// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel

/// What the records of a log are checked against: the series that the catalog and the records before know.
struct LogKnowledge {
    /// Types by series id.
    private var types: [UInt32: UInt8] = [:]
    /// Rows that name a higher id name a series that was never defined; lower ones may have been dropped.
    private var lastSeriesID: UInt32 = 0
    private let flushedThrough: LogSequence
    private var decoder = TabletDecoder()
    /// The part that the next record of an unfinished batch should have.
    var nextPart = 0

    init(_ state: CatalogState) {
        flushedThrough = state.flushedThrough
        for series in state.series {
            types[series.id] = series.type
            lastSeriesID = max(lastSeriesID, series.id)
        }
    }

    /// Takes a record in; throws what a replay would not understand.
    mutating func take(_ record: Span<UInt8>, sequence: LogSequence) throws(RecordError) {
        var sections = SectionCursor(record)
        while try sections.next() {
            switch sections.kind {
            case .tablet: try check(tablet: sections.bytes, isReplayed: sequence > flushedThrough)
            case .participant: break
            default:
                if let change = try SchemaChange(sections.kind, detail: sections.detail, decoding: sections.bytes) {
                    take(change)
                }
            }
        }
    }

    private mutating func take(_ change: SchemaChange) {
        switch change {
        case .definition(.series(let record)):
            types[record.id] = record.type
            lastSeriesID = max(lastSeriesID, record.id)
        case .removal(let removal):
            for id in removal.series { types[id] = nil }
        default: break
        }
    }

    private mutating func check(tablet: Span<UInt8>, isReplayed: Bool) throws(RecordError) {
        let types = types, lastSeriesID = lastSeriesID
        try decoder.decode(tablet) { column, _, _, _ throws(RecordError) in
            guard isReplayed else { return }
            let id = column.series.rawValue
            guard let type = types[id] else {
                guard id <= lastSeriesID else {
                    throw RecordError(reason: "rows name series \(id), which nobody defined")
                }
                return
            }
            guard type == column.type.rawValue else {
                throw RecordError(reason: "rows of series \(id) are \(column.type.name), which is not its type")
            }
        }
    }
}
