// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing

@Suite struct UserTests {
    static func user(_ id: Int64, _ name: String, hash: String = "h", isDefault: Bool = false) -> UserRecord {
        UserRecord(id: id, name: name, passwordHash: hash, isDefaultPassword: isDefault)
    }

    static func grant(_ user: Int64, _ privilege: String, _ pattern: String, option: Bool = false) -> GrantRecord {
        GrantRecord(userID: user, privilege: privilege, pattern: pattern, withGrantOption: option)
    }

    @Test func aNewCatalogHasNoUsers() throws {
        #expect(try SQLiteCatalog.inMemory().loadAccess() == AccessState())
    }

    @Test func usersAndGrantsAreThereAfterReopening() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLiteCatalog(path: folder.catalog)
        try catalog.putUser(Self.user(0, "root", isDefault: true))
        try catalog.putUser(Self.user(1, "anna"))
        try catalog.putGrants([
            Self.grant(1, "WRITE_DATA", "root.a.**"), Self.grant(1, "READ_DATA", "root.**", option: true),
        ])
        try catalog.close()
        let again = try SQLiteCatalog(path: folder.catalog)
        var expected = AccessState()
        expected.users = [Self.user(0, "root", isDefault: true), Self.user(1, "anna")]
        expected.grants = [
            Self.grant(1, "READ_DATA", "root.**", option: true), Self.grant(1, "WRITE_DATA", "root.a.**"),
        ]
        expected.nextUserID = 2
        #expect(try again.loadAccess() == expected)
        try again.close()
    }

    @Test func aNewPasswordKeepsTheGrants() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.putUser(Self.user(1, "anna"))
        try catalog.putGrants([Self.grant(1, "READ_DATA", "root.**")])
        try catalog.putUser(Self.user(1, "anna", hash: "other"))
        let state = try catalog.loadAccess()
        #expect(state.users == [Self.user(1, "anna", hash: "other")])
        #expect(state.grants.count == 1)
    }

    @Test func grantsAreReplacedAndTakenByKey() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.putUser(Self.user(1, "anna"))
        try catalog.putGrants([Self.grant(1, "READ_DATA", "root.**"), Self.grant(1, "READ_DATA", "root.a.**")])
        try catalog.putGrants([Self.grant(1, "READ_DATA", "root.**", option: true)])
        #expect(try catalog.loadAccess().grants.map(\.withGrantOption) == [true, false])
        try catalog.deleteGrants([Self.grant(1, "READ_DATA", "root.**"), Self.grant(1, "WRITE_DATA", "root.**")])
        #expect(try catalog.loadAccess().grants == [Self.grant(1, "READ_DATA", "root.a.**")])
    }

    @Test func aDroppedUserTakesItsGrantsAlongAndItsIDIsNotReused() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.putUser(Self.user(1, "anna"))
        try catalog.putUser(Self.user(2, "bert"))
        try catalog.putGrants([Self.grant(1, "READ_DATA", "root.**"), Self.grant(2, "READ_DATA", "root.**")])
        try catalog.deleteUser(id: 2)
        try catalog.deleteUser(id: 2)
        let state = try catalog.loadAccess()
        #expect(state.users.map(\.name) == ["anna"])
        #expect(state.grants.map(\.userID) == [1])
        #expect(state.nextUserID == 3)
    }

    @Test func twoUsersCannotHaveOneName() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.putUser(Self.user(1, "anna"))
        #expect(throws: CatalogError.self) { try catalog.putUser(Self.user(2, "anna")) }
        #expect(try catalog.loadAccess().users.count == 1)
    }

    @Test func checkpointsDoNotTouchUsers() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.putUser(Self.user(1, "anna"))
        try catalog.commit(Samples.checkpoint())
        #expect(try catalog.loadAccess().users == [Self.user(1, "anna")])
        #expect(try catalog.load() == Samples.state())
    }
}
