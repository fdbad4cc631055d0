// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Catalog

@Suite struct BackupTests {
    @Test func aCopyHoldsEverythingAndItsOriginalGoesOn() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.commit(Samples.checkpoint())
        try catalog.putUser(UserRecord(id: 4, name: "a", passwordHash: "h", isDefaultPassword: false))
        try catalog.deleteUser(id: 4)
        let target = folder.path + "/copy.sqlite"
        try catalog.backup(to: target)
        #expect(try folder.mode(of: target) == 0o600)
        var later = CheckpointTransaction()
        later.flushedThrough = 100
        try catalog.commit(later)
        let copy = try SQLiteCatalog(path: target)
        #expect(try copy.load() == Samples.state())
        #expect(
            try copy.entries(of: 3, after: nil, limit: 10) == [ParticipantEntry(key: [1], value: [2, 3])])
        // Ids are never given again, in the copy neither.
        #expect(try copy.loadAccess().nextUserID == 5)
        try copy.close()
        #expect(try catalog.load().flushedThrough == 100)
        try catalog.close()
    }

    @Test func aFileThatIsThereIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        let target = folder.path + "/copy.sqlite"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: target))
        let error = try #require(throws: CatalogError.self) { try catalog.backup(to: target) }
        #expect(error.message.contains(target))
        #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data("mine".utf8))
        #expect(throws: CatalogError.self) { try catalog.backup(to: "/nowhere/at/all") }
        try catalog.commit(Samples.checkpoint())
        try catalog.close()
        #expect(throws: CatalogError.self) { try catalog.backup(to: folder.path + "/late.sqlite") }
    }
}
