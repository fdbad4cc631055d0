// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

extension LogWorld {
    /// Has points of a pattern deleted with the next commit.
    func requestDelete(_ pattern: String, _ range: TimeRange = .all) throws {
        try engine().engine.requestDeletions([
            SchemaRemoval.Points(pattern: try PathPattern(parsing: pattern), range: range)
        ])
    }

    func delete(_ pattern: String, _ range: TimeRange = .all) throws {
        try requestDelete(pattern, range)
        #expect(try engine().settle())
    }

    @discardableResult
    func requestDrop(_ pattern: String) throws -> Int {
        try engine().engine.requestDropOfSeries([try PathPattern(parsing: pattern)])
    }

    /// Creates a series of another type than ``append(_:limit:)`` does.
    @discardableResult
    func create(_ device: String, _ type: DataType) throws -> SeriesEntry {
        try engine().engine.schema.createSeries(
            device: DevicePath(canonical: ["root", "sg", device]), isAligned: false, measurements: [("s", type)])[0]
            .get()
    }

    /// A batch with one row of a series, whether that is still there or not.
    func append(_ series: SeriesEntry, _ time: Int64, _ value: Value) throws {
        var tablet = Tablet()
        tablet.times = [time]
        tablet.addColumn(series: series.id, type: series.type)
        tablet.columns[0].values.append(value)
        var batch = WriteBatch()
        batch.append(tablet)
        try engine().engine.append(&batch, ticket: 1_000_000, completion: completion)
    }

    /// All points of `s` of a device.
    func points(_ device: String) throws -> [Int64: Value] {
        try engine().contents().points["root.sg.\(device).s"] ?? [:]
    }

    var memtables: MemtableSet { get throws { try engine().engine.memtables } }
}
