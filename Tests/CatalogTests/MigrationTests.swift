// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import Catalog

@Suite struct MigrationTests {
    /// A file as version 1 left it.
    private func versionOne(_ change: (Database) throws -> Void = { _ in }) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.catalog)
        try queue.write { database in
            try database.execute(sql: CatalogSchema.steps[0])
            try database.execute(sql: "PRAGMA application_id = \(CatalogSchema.applicationID)")
            try database.execute(sql: "PRAGMA user_version = 1")
            try database.execute(
                sql: """
                    INSERT INTO database VALUES (1, 'root.sg');
                    INSERT INTO device VALUES (2, 1, 'root.sg.d', 0);
                    INSERT INTO series VALUES (3, 2, 's', 4, 8, 7);
                    INSERT INTO file VALUES (9, 1, -3, 'root.sg/-3/x-9-0-0.tsfile', 100, 12, -5, 7, 1700);
                    INSERT INTO file VALUES (10, 1, 0, 'root.sg/0/x-10-0-0.tsfile', 100, 12, 5, 7, 1700);
                    UPDATE checkpoint SET flushed_through = 77;
                    INSERT INTO fact VALUES ('timestamp_precision', 'ms');
                    """)
            try change(database)
        }
        try queue.close()
        return folder
    }

    @Test func aCatalogOfVersionOneIsBroughtForward() throws {
        let folder = try versionOne()
        for _ in 0..<2 {
            let catalog = try SQLiteCatalog(path: folder.catalog)
            let state = try catalog.load()
            #expect(state.files.map(\.version) == [9, 10] && state.files.map(\.order) == [9, 10])
            #expect(state.files.map(\.partitions) == [[-3], [0]])
            #expect(state.files.allSatisfy { $0.throughSequence == 77 && $0.sha256.isEmpty })
            #expect(
                state.series == [
                    SeriesRecord(id: 3, deviceID: 2, measurement: "s", type: 4, encoding: 8, compressor: 7)
                ])
            #expect(state.flushedThrough == 77 && state.deletions.isEmpty && state.timeToLives.isEmpty)
            #expect(
                try catalog.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == CatalogSchema.version)
            try catalog.close()
        }
    }

    @Test func aMigrationIsAllOrNothing() throws {
        // A table in the way makes the last statement fail.
        let folder = try versionOne { try $0.execute(sql: "CREATE TABLE time_to_live (a)") }
        #expect(throws: CatalogError.self) { try SQLiteCatalog(path: folder.catalog) }
        let queue = try DatabaseQueue(path: folder.catalog)
        let columns = try queue.read { try $0.columns(in: "file").map(\.name) }
        #expect(!columns.contains("file_order"))
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 1)
        try queue.close()
    }

    @Test func aNegativeSequenceKeepsItsBits() throws {
        let folder = try versionOne { try $0.execute(sql: "UPDATE checkpoint SET flushed_through = -1") }
        let catalog = try SQLiteCatalog(path: folder.catalog)
        let state = try catalog.load()
        #expect(state.flushedThrough == .max && state.files.allSatisfy { $0.throughSequence == .max })
        try catalog.close()
    }
}
