// SPDX-License-Identifier: Apache-2.0

internal import GRDB

extension SQLiteCatalog {
    package func load() throws(CatalogError) -> CatalogState {
        let state = try read { database in
            var state = CatalogState()
            state.databases = try Self.databases(in: database)
            state.devices = try Self.devices(in: database)
            state.series = try Self.series(in: database)
            state.files = try Self.files(in: database)
            try Self.rows(of: "checkpoint", ["flushed_through"], in: database) { row in
                state.flushedThrough = UInt64(bitPattern: try row.number(0))
            }
            try Self.rows(of: "fact", ["name", "value"], in: database) { row in
                state.facts[try row.text(0)] = try row.text(1)
            }
            return state
        }
        // What a start read is not needed again.
        try withQueue { $0.releaseMemory() }
        return state
    }

    private static func databases(in database: Database) throws -> [DatabaseRecord] {
        var records: [DatabaseRecord] = []
        try rows(of: "database", ["id", "path"], in: database) { row in
            records.append(DatabaseRecord(id: try row.number(0), path: try row.text(1)))
        }
        return records
    }

    private static func devices(in database: Database) throws -> [DeviceRecord] {
        var records: [DeviceRecord] = []
        try rows(of: "device", ["id", "database_id", "path", "is_aligned"], in: database) { row in
            records.append(
                DeviceRecord(
                    id: try row.number(0), databaseID: try row.number(1), path: try row.text(2),
                    isAligned: try row.flag(3)))
        }
        return records
    }

    private static func series(in database: Database) throws -> [SeriesRecord] {
        var records: [SeriesRecord] = []
        let columns = ["id", "device_id", "measurement", "type", "encoding", "compressor"]
        try rows(of: "series", columns, in: database) { row in
            records.append(
                SeriesRecord(
                    id: try row.number(0), deviceID: try row.number(1), measurement: try row.text(2),
                    type: try row.number(3), encoding: try row.number(4), compressor: try row.number(5)))
        }
        return records
    }

    private static func files(in database: Database) throws -> [FileRecord] {
        var records: [FileRecord] = []
        let columns = [
            "version", "database_id", "time_partition", "name", "byte_count", "point_count", "min_time", "max_time",
            "creation_time",
        ]
        try rows(of: "file", columns, in: database) { row in
            records.append(
                FileRecord(
                    version: UInt64(bitPattern: try row.number(0)), databaseID: try row.number(1),
                    partition: try row.number(2), name: try row.text(3),
                    byteCount: UInt64(bitPattern: try row.number(4)), pointCount: UInt64(bitPattern: try row.number(5)),
                    minTime: try row.number(6), maxTime: try row.number(7), creationTime: try row.number(8)))
        }
        // SQLite sorts signed numbers, versions are unsigned.
        return records.sorted { $0.version < $1.version }
    }
}
