// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import Catalog

@Suite struct CatalogFileTests {
    private func setting(_ name: String, of catalog: SQLiteCatalog) throws -> String? {
        try catalog.withoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// What durability and the small footprint hang on, read back from SQLite.
    @Test func settingsAreInForce() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 {
            let catalog = try SQLiteCatalog(path: folder.catalog)
            #expect(try setting("synchronous", of: catalog) == "2")
            #expect(try setting("journal_mode", of: catalog) == "wal")
            #expect(try setting("locking_mode", of: catalog) == "exclusive")
            #expect(try setting("foreign_keys", of: catalog) == "1")
            #expect(try setting("mmap_size", of: catalog) == "0")
            #expect(try setting("cache_size", of: catalog) == "-1024")
            #expect(try setting("journal_size_limit", of: catalog) == "4194304")
            #expect(try setting("application_id", of: catalog) == "1097889139")
            #expect(try setting("user_version", of: catalog) == "\(CatalogSchema.version)")
            try catalog.commit(Samples.checkpoint())
            #expect(!FileManager.default.fileExists(atPath: folder.catalog + "-shm"))
            try catalog.close()
        }
    }

    @Test func onlyTheOwnerCanReadTheFiles() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.commit(Samples.checkpoint())
        #expect(try folder.mode(of: folder.catalog) == 0o600)
        #expect(try folder.mode(of: folder.catalog + "-wal") == 0o600)
        try catalog.close()
        #expect(!FileManager.default.fileExists(atPath: folder.catalog + "-wal"))
    }

    /// The object is dropped without closing, as a killed process does it.
    @Test func aCommitSurvivesWithoutClosing() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.commit(Samples.checkpoint())
        let copy = try TemporaryFolder()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: folder.catalog + suffix, toPath: copy.catalog + suffix)
        }
        let recovered = try SQLiteCatalog(path: copy.catalog)
        #expect(try recovered.load() == Samples.state())
        try recovered.close()
        try catalog.close()
    }

    @Test func aSecondOwnerIsRefused() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        let error = #expect(throws: CatalogError.self) { try SQLiteCatalog(path: folder.catalog) }
        #expect(error?.isTemporary == true)
        expect(error, folder.catalog, "in use by another process", "stop that one first")
        try catalog.close()
        try SQLiteCatalog(path: folder.catalog).close()
    }

    @Test func afterClosingEverythingThrows() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.close()
        try catalog.close()
        let error = #expect(throws: CatalogError.self) { try catalog.load() }
        expect(error, folder.catalog, "closed", "bug")
        #expect(throws: CatalogError.self) { try catalog.commit(Samples.checkpoint()) }
    }

    func expect(
        _ error: CatalogError?, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let message = error?.message ?? "(no error)"
        for part in parts {
            #expect(message.contains(part), "in: \(message)", sourceLocation: sourceLocation)
        }
        #expect(!message.contains("\n"), sourceLocation: sourceLocation)
    }
}
