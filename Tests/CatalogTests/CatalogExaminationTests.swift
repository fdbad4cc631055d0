// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import Catalog

@Suite struct CatalogExaminationTests {
    @Test func aGoodCatalogIsCopiedAndStaysAsItIs() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.commit(Samples.checkpoint())
        try catalog.close()
        let before = FileManager.default.contents(atPath: folder.catalog)
        let examination = try CatalogExamination(path: folder.catalog)
        #expect(examination.problems == [])
        #expect(examination.version == CatalogSchema.version)
        #expect(try examination.copy?.load() == Samples.state())
        #expect(FileManager.default.contents(atPath: folder.catalog) == before)
    }

    @Test func anOlderCatalogIsBroughtForwardOnlyInTheCopy() throws {
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.catalog)
        try queue.write { database in
            try database.execute(sql: CatalogSchema.steps[0])
            try database.execute(sql: "PRAGMA application_id = \(CatalogSchema.applicationID)")
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        try queue.close()
        for _ in 0..<2 {
            let examination = try CatalogExamination(path: folder.catalog)
            #expect(examination.version == 1)
            #expect(try examination.copy?.load() == CatalogState())
        }
    }

    @Test func rowsWithoutParentsAndDamagedPagesAreFound() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.commit(Samples.checkpoint())
        try catalog.close()
        let queue = try DatabaseQueue(path: folder.catalog)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF")
            try database.execute(sql: "INSERT INTO user_grant VALUES (77, 'READ_DATA', 'root.**', 0)")
        }
        try queue.close()
        let examination = try CatalogExamination(path: folder.catalog)
        #expect(examination.copy == nil)
        #expect(examination.problems.count == 1)
        #expect(examination.problems.first?.contains("user_grant") == true)
    }

    @Test func whatIsNoCatalogIsRefused() throws {
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.catalog)
        try queue.write { try $0.execute(sql: "CREATE TABLE a (b)") }
        try queue.close()
        #expect(throws: CatalogError.self) { _ = try CatalogExamination(path: folder.catalog) }
        try Data("no database, but a text that is long enough to be taken for a file of some kind".utf8)
            .write(to: URL(fileURLWithPath: folder.catalog))
        #expect(throws: CatalogError.self) { _ = try CatalogExamination(path: folder.catalog) }
    }
}
