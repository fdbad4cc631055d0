// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import Catalog

@Suite struct DamagedFileTests {
    /// A file with a checkpoint, changed by `change` after it was closed.
    private func folder(_ change: (Database) throws -> Void) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.commit(Samples.checkpoint())
        try catalog.write(change)
        try catalog.close()
        return folder
    }

    private func openAndLoad(_ folder: TemporaryFolder) throws -> CatalogState {
        let catalog = try SQLiteCatalog(path: folder.catalog)
        defer { try? catalog.close() }
        return try catalog.load()
    }

    private func refusal(_ folder: TemporaryFolder, _ parts: String...) throws {
        let error = try #require(throws: CatalogError.self) { try openAndLoad(folder) }
        #expect(!error.isTemporary)
        for part in parts + [folder.catalog] { #expect(error.message.contains(part), "in: \(error.message)") }
    }

    @Test func aNewerFormatIsRefused() throws {
        let folder = try folder { try $0.execute(sql: "PRAGMA user_version = 7") }
        try refusal(folder, "newer Apus", "version 7", "start that version")
    }

    @Test func aForeignDatabaseIsRefusedAndLeftAlone() throws {
        let folder = try TemporaryFolder()
        let foreign = try DatabaseQueue(path: folder.catalog)
        try foreign.write { try $0.execute(sql: "CREATE TABLE t (a)") }
        try foreign.close()
        try refusal(folder, "not a catalog of Apus", "data_dir")
        let names = try DatabaseQueue(path: folder.catalog).read { database in
            try String.fetchAll(database, sql: "SELECT name FROM sqlite_master")
        }
        #expect(names == ["t"])
    }

    @Test func somethingElseIsRefused() throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 0x41, count: 5_000).write(to: URL(fileURLWithPath: folder.catalog))
        try refusal(folder, "damaged", "backup")
    }

    /// Every page but the first is overwritten, one after the other: an error or the whole state, never a crash.
    @Test func damagedPagesAreNoticedOrDoNotMatter() throws {
        let folder = try folder { _ in }
        let good = try Data(contentsOf: URL(fileURLWithPath: folder.catalog))
        var refusals = 0
        for page in 1..<good.count / 4_096 {
            var bad = good
            bad.replaceSubrange(page * 4_096..<(page + 1) * 4_096, with: Data(repeating: 0xA5, count: 4_096))
            try bad.write(to: URL(fileURLWithPath: folder.catalog))
            do {
                #expect(try openAndLoad(folder) == Samples.state())
            } catch let error as CatalogError {
                refusals += 1
                #expect(!error.isTemporary && error.message.contains("damaged"), "\(error)")
            }
        }
        #expect(refusals >= 6)
    }

    @Test func aTruncatedFileIsNoticed() throws {
        let folder = try folder { _ in }
        let good = try Data(contentsOf: URL(fileURLWithPath: folder.catalog))
        try good.prefix(3 * 4_096).write(to: URL(fileURLWithPath: folder.catalog))
        try refusal(folder, "damaged", "backup")
    }

    @Test(arguments: [
        ("UPDATE series SET type = 256", "table series, column type"),
        ("UPDATE device SET is_aligned = 2", "table device, column is_aligned"),
        ("UPDATE database SET id = -1", "table database, column id"),
        ("UPDATE file SET database_id = 4294967296", "table file, column database_id"),
        ("UPDATE file SET partitions = X'00'", "table file, column partitions"),
        ("UPDATE file SET partitions = zeroblob(16)", "table file, column partitions"),
        ("UPDATE file SET sha256 = X'00'", "table file, column sha256"),
        ("UPDATE series SET declared = 4", "table series, column declared"),
    ])
    func aCellOutOfRangeIsNoticed(change: String, place: String) throws {
        try refusal(try folder { try $0.execute(sql: change) }, "damaged", place)
    }

    @Test func aMissingFolderIsNamed() throws {
        let error = try #require(throws: CatalogError.self) {
            try SQLiteCatalog(path: "/nowhere/at/all/catalog.sqlite")
        }
        #expect(error.isTemporary)
        #expect(error.message.contains("/nowhere/at/all/catalog.sqlite") && error.message.contains("folder exists"))
    }

    @Test func aFolderInItsPlaceIsNamed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.catalog, withIntermediateDirectories: false)
        let error = try #require(throws: CatalogError.self) { try SQLiteCatalog(path: folder.catalog) }
        #expect(error.message.contains(folder.catalog) && error.message.contains("cannot be opened"), "\(error)")
    }
}
