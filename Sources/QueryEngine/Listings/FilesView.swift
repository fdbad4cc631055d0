// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import StorageEngine
import TimeSeriesModel

/// `SHOW FILES`: every TsFile, in the order in which newer points win.
struct FilesView: SystemView {
    let storage: StorageEngine

    var name: [String] { ["FILES"] }
    var hasTime: Bool { false }
    var privilege: Privilege? { .maintain }

    var columns: [ResultColumn] {
        [.text("File"), .text("Database")]
            + ["Order", "Bytes", "Points", "MinTime", "MaxTime", "Partitions"].map {
                ResultColumn(name: $0, type: .int64)
            } + [.text("Problem")]
    }

    func open() -> sending any SystemViewRows {
        let files = storage.facts().files.sorted { $0.record.order < $1.record.order }
        return ListRows(files) { [schema = storage.schema] in Self.row($0, schema) }
    }

    private static func row(_ file: FileFacts, _ schema: SchemaStore) -> [Value?] {
        let record = file.record
        return [
            .text(record.name),
            schema.databaseEntry(of: DatabaseID(rawValue: record.databaseID)).map { .text($0.path) },
            .int64(Int64(clamping: record.order)), .int64(Int64(clamping: record.byteCount)),
            .int64(Int64(clamping: record.pointCount)), .int64(record.minTime), .int64(record.maxTime),
            .int64(Int64(record.partitions.count)), file.problem.map { .text($0) },
        ]
    }
}

/// `SHOW STORAGE`: what each database takes on the disk.
struct StorageView: SystemView {
    let storage: StorageEngine

    var name: [String] { ["STORAGE"] }
    var hasTime: Bool { false }
    var privilege: Privilege? { .maintain }

    var columns: [ResultColumn] {
        [.text("Database")]
            + ["Files", "DamagedFiles", "Bytes", "Points", "MinTime", "MaxTime"].map {
                ResultColumn(name: $0, type: .int64)
            }
    }

    private struct Sums {
        var files: Int64 = 0
        var damaged: Int64 = 0
        var bytes: UInt64 = 0
        var points: UInt64 = 0
        var minTime = Int64.max
        var maxTime = Int64.min

        mutating func add(_ file: FileFacts) {
            files += 1
            if file.problem != nil { damaged += 1 }
            bytes &+= file.record.byteCount
            points &+= file.record.pointCount
            minTime = min(minTime, file.record.minTime)
            maxTime = max(maxTime, file.record.maxTime)
        }
    }

    func open() -> sending any SystemViewRows {
        var sums: [UInt32: Sums] = [:]
        for file in storage.facts().files { sums[file.record.databaseID, default: Sums()].add(file) }
        let rows = storage.schema.databases().map { database -> [Value?] in
            let sum = sums[database.id.rawValue] ?? Sums()
            let hasTimes = sum.files > 0
            return [
                .text(database.path), .int64(sum.files), .int64(sum.damaged), .int64(Int64(clamping: sum.bytes)),
                .int64(Int64(clamping: sum.points)), hasTimes ? .int64(sum.minTime) : nil,
                hasTimes ? .int64(sum.maxTime) : nil,
            ]
        }
        return ListRows(rows) { $0 }
    }
}

/// The rows of a view over things that are at hand, without a time.
final class ListRows<Item: Sendable>: SystemViewRows {
    private var items: ArraySlice<Item>
    private let row: (Item) -> [Value?]

    init(_ items: [Item], row: @escaping @Sendable (Item) -> [Value?]) {
        self.items = items[...]
        self.row = row
    }

    func next(limit: Int) -> [SystemViewRow] {
        let taken = items.prefix(limit)
        items = items.dropFirst(taken.count)
        return taken.map { SystemViewRow(cells: row($0)) }
    }
}
