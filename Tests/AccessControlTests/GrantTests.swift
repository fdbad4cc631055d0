// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Testing
import TimeSeriesModel

@testable import AccessControl

@Suite struct GrantTests {
    private let ground: Ground
    private let anna: Principal
    private let series = ["root", "ln", "wf01", "wt01", "status"]

    init() throws {
        ground = try Ground()
        try ground.access.createUser(named: "anna", password: "1234")
        anna = try #require(ground.access.principal(named: "anna"))
    }

    private var access: AccessController { ground.access }

    private func pattern(_ text: String) throws -> PathPattern { try PathPattern(parsing: text) }

    private func refusal(_ body: () throws -> Void) -> AccessError? {
        #expect(throws: AccessError.self) { try body() }
    }

    @Test func rootMayEverything() throws {
        for privilege in Privilege.allCases {
            #expect(access.allows(.root, privilege))
            #expect(access.allows(.root, privilege, onPath: series))
            #expect(access.mayPassOn(.root, privilege, onPattern: .all))
        }
        #expect(try access.grants(of: "root").map(\.privilege) == Privilege.allCases)
        #expect(try access.grants(of: "root").allSatisfy { $0.pattern == .all && $0.withGrantOption })
    }

    @Test func aNewUserMayNothing() throws {
        for privilege in Privilege.allCases {
            #expect(!access.allows(anna, privilege))
            #expect(!access.allows(anna, privilege, onPath: series))
            #expect(!access.mayPassOn(anna, privilege, onPattern: .all))
        }
        #expect(try access.grants(of: "anna").isEmpty)
    }

    @Test func aGrantIsForItsPrivilegeAndItsPattern() throws {
        try access.grant([.writeData], onPattern: pattern("root.ln.**"), to: "anna")
        #expect(access.allows(anna, .writeData, onPath: series))
        #expect(access.allows(anna, .writeData, onPath: ["root", "ln", "x"]))
        #expect(!access.allows(anna, .readData, onPath: series))
        #expect(!access.allows(anna, .writeData, onPath: ["root", "sg", "d", "s"]))
        #expect(!access.allows(anna, .writeData, onPath: ["root", "ln"]))
        #expect(!access.allows(anna, .writeData))
        try access.grant([.readData], onPattern: pattern("root.ln.wf01.wt01.status"), to: "anna")
        #expect(access.allows(anna, .readData, onPath: series))
        #expect(!access.allows(anna, .readData, onPath: ["root", "ln", "wf01", "wt01", "other"]))
    }

    @Test func aGrantOnEverythingAnswersWithoutAPath() throws {
        try access.grant([.manageDatabase, .writeSchema], onPattern: .all, to: "anna")
        #expect(access.allows(anna, .manageDatabase))
        #expect(access.allows(anna, .writeSchema))
        #expect(access.allows(anna, .writeSchema, onPath: series))
        #expect(!access.allows(anna, .manageUser))
    }

    @Test func globalPrivilegesAreForTheWholeServer() throws {
        let error = refusal {
            try access.grant([.readData, .manageUser], onPattern: pattern("root.ln.**"), to: "anna")
        }
        #expect(error == AccessError(code: 701, message: "[MANAGE_USER] can only be set on path: root.**"))
        #expect(refusal { try access.revoke([.useCQ], onPattern: pattern("root.ln.**"), from: "anna") }?.code == 701)
        #expect(try access.grants(of: "anna").isEmpty)
    }

    @Test(arguments: ["root.*", "root.ln.*.status", "root.**.status", "root.ln.w*", "root.ln.*.**", "root.w*.**"])
    func onlyALastDoubleWildcardCanBeGranted(text: String) throws {
        let error = refusal { try access.grant([.readData], onPattern: pattern(text), to: "anna") }
        #expect(error?.code == 820 && error?.message.contains(text) == true)
        #expect(try access.grants(of: "anna").isEmpty)
    }

    @Test func rootsRightsAreFixed() throws {
        #expect(
            refusal { try access.grant([.readData], onPattern: .all, to: "root") }
                == AccessError(code: 803, message: "Invalid operation, administrator already has all privileges"))
        #expect(
            refusal { try access.revoke([.readData], onPattern: .all, from: "root") }
                == AccessError(code: 803, message: "Invalid operation, administrator must have all privileges"))
    }

    @Test func revokingTakesWhatWasGivenOnThatPattern() throws {
        let ln = try pattern("root.ln.**")
        try access.grant([.readData, .readSchema], onPattern: ln, to: "anna")
        try access.grant([.readData], onPattern: pattern("root.ln.wf01.**"), to: "anna")
        // One of the two is enough.
        try access.revoke([.readData, .writeData], onPattern: ln, from: "anna")
        #expect(try access.grants(of: "anna").map(\.pattern.text) == ["root.ln.wf01.**", "root.ln.**"])
        #expect(access.allows(anna, .readData, onPath: series))
        #expect(!access.allows(anna, .readData, onPath: ["root", "ln", "other", "s"]))
        #expect(
            refusal { try access.revoke([.readData], onPattern: ln, from: "anna") }
                == AccessError(code: 811, message: "User anna does not have READ_DATA on root.ln.**"))
    }

    @Test func theGrantOptionIsAddedButNotTakenByGranting() throws {
        let ln = try pattern("root.ln.**")
        try access.grant([.readData], onPattern: ln, to: "anna")
        #expect(!access.mayPassOn(anna, .readData, onPattern: ln))
        try access.grant([.readData], onPattern: ln, to: "anna", withGrantOption: true)
        try access.grant([.readData], onPattern: ln, to: "anna")
        #expect(
            try access.grants(of: "anna")
                == [Grant(privilege: .readData, pattern: ln, withGrantOption: true)])
        #expect(access.mayPassOn(anna, .readData, onPattern: ln))
        #expect(access.mayPassOn(anna, .readData, onPattern: try pattern("root.ln.wf01.**")))
        #expect(access.mayPassOn(anna, .readData, onPattern: try pattern("root.ln.wf01.s")))
        #expect(!access.mayPassOn(anna, .readData, onPattern: try pattern("root.ln")))
        #expect(!access.mayPassOn(anna, .readData, onPattern: .all))
        #expect(!access.mayPassOn(anna, .writeData, onPattern: ln))
    }

    @Test func aDroppedUsersIdentityMayNothingEvenUnderItsOldName() throws {
        try access.grant([.readData], onPattern: .all, to: "anna")
        try access.dropUser(named: "anna")
        #expect(!access.allows(anna, .readData, onPath: series))
        try access.createUser(named: "anna", password: "1234")
        try access.grant([.readData], onPattern: .all, to: "anna")
        #expect(!access.allows(anna, .readData, onPath: series))
    }

    @Test func nobodyCanClaimToBeRootByName() throws {
        #expect(!access.allows(Principal(id: 99, name: "root"), .readData))
    }

    @Test func everythingIsThereAfterReopening() async throws {
        try await access.grant(
            [.readData, .writeData], onPattern: pattern("root.`a.b`.**"), to: "anna", withGrantOption: true)
        try await access.grant([.maintain], onPattern: .all, to: "anna")
        let again = try ground.reopened()
        #expect(try again.access.grants(of: "anna") == access.grants(of: "anna"))
        #expect(again.access.principal(named: "anna") == anna)
        #expect(again.access.allows(anna, .writeData, onPath: ["root", "`a.b`", "s"]))
        #expect(again.access.allows(anna, .maintain))
        #expect(!again.access.allows(anna, .readSchema, onPath: ["root", "`a.b`", "s"]))
        #expect(await again.login("anna", "1234") == .success(anna))
        #expect(again.lines.texts(.error).isEmpty)
    }

    @Test func unreadableRecordsAreNamedAndGiveNothing() async throws {
        try ground.catalog.putUser(UserRecord(id: 7, name: "bert", passwordHash: "$md5$x", isDefaultPassword: false))
        try ground.catalog.putGrants([
            GrantRecord(userID: 7, privilege: "FLY", pattern: "root.**", withGrantOption: false),
            GrantRecord(userID: 7, privilege: "READ_DATA", pattern: "ro..ot", withGrantOption: false),
        ])
        let again = try ground.reopened()
        #expect(again.lines.texts(.error).count == 3)
        #expect(try again.access.grants(of: "bert").isEmpty)
        #expect(await again.login("bert", "$md5$x") == .failure(.wrongCredentials))
        #expect(await again.login("anna", "1234") == .success(anna))
        try await again.access.createUser(named: "carl", password: "1234")
        #expect(again.access.principal(named: "carl")?.id == 8)
    }

    @Test func wordsOfGrantStandForPrivileges() {
        #expect(Privilege.named("READ") == [.readData, .readSchema])
        #expect(Privilege.named("write") == [.writeData, .writeSchema])
        #expect(Privilege.named("ALL") == Privilege.allCases)
        #expect(Privilege.named("fly") == nil)
        for privilege in Privilege.allCases { #expect(Privilege.named(privilege.sqlName.lowercased()) == [privilege]) }
        #expect(Privilege.allCases.filter { !$0.isGlobal } == [.readData, .writeData, .readSchema, .writeSchema])
    }
}
