// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

/// The table of TsFiles. `time_partition` is the first partition, `partitions` all of them where there is not exactly one.
extension SQLiteCatalog {
    private static let columns = [
        "version", "database_id", "time_partition", "name", "byte_count", "point_count", "min_time", "max_time",
        "creation_time", "file_order", "through_sequence", "partitions", "sha256",
    ]

    static func putFiles(_ files: [FileRecord], in database: Database) throws {
        guard !files.isEmpty else { return }
        let changes = columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        let put = try database.makeStatement(
            sql: """
                INSERT INTO file (\(columns.joined(separator: ", "))) VALUES (\(places))
                ON CONFLICT (version) DO UPDATE SET \(changes)
                """)
        for file in files {
            try put.execute(arguments: [
                Int64(bitPattern: file.version), file.databaseID, file.partition, file.name,
                Int64(bitPattern: file.byteCount), Int64(bitPattern: file.pointCount), file.minTime, file.maxTime,
                file.creationTime, Int64(bitPattern: file.order), Int64(bitPattern: file.throughSequence),
                file.partitions.count == 1 ? nil : encoded(file.partitions),
                file.sha256.isEmpty ? nil : Data(file.sha256),
            ])
        }
    }

    static func files(in database: Database) throws -> [FileRecord] {
        var records: [FileRecord] = []
        try rows(of: "file", columns, in: database) { row in
            records.append(
                FileRecord(
                    version: UInt64(bitPattern: try row.number(0)), databaseID: try row.number(1),
                    partitions: try partitions(row), name: try row.text(3),
                    byteCount: UInt64(bitPattern: try row.number(4)), pointCount: UInt64(bitPattern: try row.number(5)),
                    minTime: try row.number(6), maxTime: try row.number(7), creationTime: try row.number(8),
                    order: UInt64(bitPattern: try row.number(9)),
                    throughSequence: UInt64(bitPattern: try row.number(10)), sha256: try hash(row)))
        }
        // SQLite sorts signed numbers, versions are unsigned.
        return records.sorted { $0.version < $1.version }
    }

    private static func encoded(_ partitions: [Int64]) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(partitions.count * 8)
        for partition in partitions {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: partition >> shift)) }
        }
        return Data(bytes)
    }

    private static func partitions(_ row: TableRow) throws -> [Int64] {
        guard let bytes = try row.optionalBytes(11) else { return [try row.number(2)] }
        guard bytes.count % 8 == 0 else { throw row.badCell(11) }
        let partitions = stride(from: 0, to: bytes.count, by: 8).map { start in
            (0..<8).reduce(Int64(0)) { $0 | Int64(bytes[start + $1]) << Int64(8 * $1) }
        }
        guard zip(partitions, partitions.dropFirst()).allSatisfy({ $0 < $1 }) else { throw row.badCell(11) }
        return partitions
    }

    private static func hash(_ row: TableRow) throws -> [UInt8] {
        guard let bytes = try row.optionalBytes(12) else { return [] }
        guard bytes.count == 32 else { throw row.badCell(12) }
        return bytes
    }
}
