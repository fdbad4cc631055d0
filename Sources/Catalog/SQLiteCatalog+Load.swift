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
            state.deletions = try Self.deletions(in: database)
            state.timeToLives = try Self.timeToLives(in: database)
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
        let columns = ["id", "device_id", "measurement", "type", "encoding", "compressor", "declared"]
        try rows(of: "series", columns, in: database) { row in
            let declared: UInt8 = try row.number(6)
            guard declared <= 3 else { throw row.badCell(6) }
            records.append(
                SeriesRecord(
                    id: try row.number(0), deviceID: try row.number(1), measurement: try row.text(2),
                    type: try row.number(3), encoding: try row.number(4), compressor: try row.number(5),
                    isEncodingDeclared: declared & 1 != 0, isCompressorDeclared: declared & 2 != 0))
        }
        return records
    }

    private static func deletions(in database: Database) throws -> [DeletionRecord] {
        var records: [DeletionRecord] = []
        let columns = ["sequence", "pattern", "min_time", "max_time"]
        try rows(of: "deletion", columns, "ORDER BY 1, 2, 3, 4", in: database) { row in
            records.append(
                DeletionRecord(
                    sequence: UInt64(bitPattern: try row.number(0)), pattern: try row.text(1), lower: try row.number(2),
                    upper: try row.number(3)))
        }
        return records
    }

    private static func timeToLives(in database: Database) throws -> [TimeToLiveRecord] {
        var records: [TimeToLiveRecord] = []
        try rows(of: "time_to_live", ["pattern", "milliseconds"], in: database) { row in
            records.append(TimeToLiveRecord(pattern: try row.text(0), milliseconds: try row.number(1)))
        }
        return records
    }
}
