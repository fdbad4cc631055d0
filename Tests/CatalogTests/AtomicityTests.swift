// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing

@testable import Catalog

@Suite struct AtomicityTests {
    /// The last statement of the transaction fails, when everything else is already written.
    @Test func nothingOfAFailedCheckpointStays() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER fail BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'as the test wants'); END
                    """)
        }
        #expect(throws: CatalogError.self) { try catalog.commit(Samples.checkpoint()) }
        #expect(try catalog.load() == CatalogState())
        #expect(try catalog.entries(of: 3, after: nil, limit: 1).isEmpty)
        try catalog.write { try $0.execute(sql: "DROP TRIGGER fail") }
        try catalog.commit(Samples.checkpoint())
        #expect(try catalog.load() == Samples.state())
    }

    @Test func aFullDiskLeavesTheCatalogAsItWasAndMayPass() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.commit(Samples.checkpoint())
        try catalog.withoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 4)")
        }
        var large = CheckpointTransaction()
        large.participantChanges = (0..<200).map {
            ParticipantChange(participant: 1, key: [$0], value: Array(repeating: $0, count: 4_096))
        }
        large.flushedThrough = 1_000
        let error = #expect(throws: CatalogError.self) { try catalog.commit(large) }
        #expect(error?.isTemporary == true)
        #expect(error?.message.contains("free some space") == true)
        #expect(try catalog.load() == Samples.state())
        try catalog.withoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        try catalog.commit(large)
        #expect(try catalog.load().flushedThrough == 1_000)
        try catalog.close()
    }

    @Test func grantsAreGivenTogetherOrNotAtAll() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.putUser(UserRecord(id: 1, name: "anna", passwordHash: "", isDefaultPassword: false))
        let known = GrantRecord(userID: 1, privilege: "READ_DATA", pattern: "root.**", withGrantOption: false)
        var unknown = known
        unknown.userID = 2
        #expect(throws: CatalogError.self) { try catalog.putGrants([known, unknown]) }
        #expect(try catalog.loadAccess().grants.isEmpty)
    }
}
