// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing
import TimeSeriesModel

@testable import AccessControl

@Suite struct UserTests {
    private func refusal(_ body: () throws -> Void) -> AccessError? {
        #expect(throws: AccessError.self) { try body() }
    }

    @Test func usersAreListedSorted() throws {
        let ground = try Ground()
        try ground.access.createUser(named: "zeno", password: "1234")
        try ground.access.createUser(named: "anna", password: "1234")
        #expect(ground.access.users() == ["anna", "root", "zeno"])
        #expect(ground.access.principal(named: "anna")?.name == "anna")
        #expect(ground.access.principal(named: "bert") == nil)
    }

    @Test func aNameIsTakenOnce() throws {
        let ground = try Ground()
        try ground.access.createUser(named: "anna", password: "1234")
        let error = refusal { try ground.access.createUser(named: "anna", password: "5678") }
        #expect(error == AccessError(code: 805, message: "User anna already exists"))
        #expect(refusal { try ground.access.createUser(named: "root", password: "5678") }?.code == 805)
        // Names are told apart by case, as in IoTDB.
        try ground.access.createUser(named: "Anna", password: "1234")
    }

    @Test(arguments: [
        ("abc", "The length of name must be greater than or equal to 4"),
        ("", "The length of name must be greater than or equal to 4"),
        (String(repeating: "n", count: 33), "The length of name must be less than or equal to 32"),
        ("with blank", "The name must not contain white space or control characters"),
        ("line\nbreak", "The name must not contain white space or control characters"),
        ("null\0", "The name must not contain white space or control characters"),
    ])
    func badNamesAreRefused(name: String, message: String) throws {
        let ground = try Ground()
        let error = refusal { try ground.access.createUser(named: name, password: "1234") }
        #expect(error == AccessError(code: 820, message: message))
        #expect(refusal { _ = try ground.access.ensureUser(named: name) }?.code == 820)
        #expect(ground.access.users() == ["root"])
    }

    @Test(arguments: [
        ("123", "The length of password must be greater than or equal to 4"),
        (String(repeating: "p", count: 33), "The length of password must be less than or equal to 32"),
        ("1234\t", "The password must not contain white space or control characters"),
    ])
    func badPasswordsAreRefused(password: String, message: String) async throws {
        let ground = try Ground()
        let created = refusal { try ground.access.createUser(named: "anna", password: password) }
        let changed = refusal { try ground.access.setPassword(of: "root", to: password) }
        #expect(created == AccessError(code: 820, message: message))
        #expect(changed == created)
        #expect(await ground.login("root", "root", .loopback) == .success(.root))
    }

    @Test(arguments: ["abcd", String(repeating: "n", count: 32), String(repeating: "温", count: 32), "a!@#$%^*()_+-="])
    func theLimitsThemselvesAreFine(text: String) async throws {
        let ground = try Ground()
        try await ground.access.createUser(named: text, password: text)
        #expect(await ground.name(text, text) == text)
    }

    @Test func thereMustBeAUserToChange() throws {
        let ground = try Ground()
        let missing = AccessError(code: 804, message: "User bert does not exist")
        #expect(refusal { try ground.access.dropUser(named: "bert") } == missing)
        #expect(refusal { try ground.access.setPassword(of: "bert", to: "1234") } == missing)
        #expect(refusal { try ground.access.grant([.readData], onPattern: .all, to: "bert") } == missing)
        #expect(refusal { try ground.access.revoke([.readData], onPattern: .all, from: "bert") } == missing)
        #expect(refusal { _ = try ground.access.grants(of: "bert") } == missing)
    }

    @Test func rootStays() throws {
        let ground = try Ground()
        #expect(
            refusal { try ground.access.dropUser(named: "root") }
                == AccessError(code: 803, message: "Default administrator cannot be deleted"))
        #expect(ground.access.users() == ["root"])
    }

    @Test func ensuringMakesAUserOnceAndNobodyCanLogInAsIt() async throws {
        let ground = try Ground()
        let principal = try ground.access.ensureUser(named: "anonymous")
        #expect(try ground.access.ensureUser(named: "anonymous") == principal)
        #expect(try ground.reopened().access.ensureUser(named: "anonymous") == principal)
        #expect(await ground.login("anonymous", "anonymous", .loopback) == .failure(.wrongCredentials))
        #expect(!ground.access.allows(principal, .writeData, onPath: ["root", "sg", "d", "s"]))
        #expect(refusal { _ = try ground.access.ensureUser(named: "root") }?.code == 803)
        // With a password it is a user like any other.
        try await ground.access.setPassword(of: "anonymous", to: "1234")
        #expect(await ground.login("anonymous", "1234") == .success(principal))
        #expect(try ground.access.ensureUser(named: "anonymous") == principal)
    }

    @Test func everyChangeRaisesTheGeneration() throws {
        let ground = try Ground()
        var last = ground.access.generation
        func expectRise(_ rises: Bool = true, _ body: () throws -> Void) rethrows {
            try body()
            #expect((ground.access.generation > last) == rises)
            last = ground.access.generation
        }
        let access = ground.access
        try expectRise { try access.createUser(named: "anna", password: "1234") }
        try expectRise { try access.grant([.readData], onPattern: .all, to: "anna") }
        try expectRise { try access.revoke([.readData], onPattern: .all, from: "anna") }
        try expectRise { try access.setPassword(of: "anna", to: "5678") }
        try expectRise { _ = try access.ensureUser(named: "anonymous") }
        try expectRise(false) { _ = try access.ensureUser(named: "anonymous") }
        expectRise(false) { _ = refusal { try access.dropUser(named: "bert") } }
        try expectRise { try access.dropUser(named: "anna") }
    }

    @Test func aChangeThatTheCatalogRefusesDidNotHappen() async throws {
        let ground = try Ground()
        try await ground.access.createUser(named: "anna", password: "1234")
        try await ground.access.grant([.readData], onPattern: .all, to: "anna")
        let generation = ground.access.generation
        try ground.catalog.close()
        let access = ground.access
        #expect(refusal { try access.createUser(named: "bert", password: "1234") }?.code == 815)
        #expect(refusal { try access.setPassword(of: "anna", to: "5678") }?.code == 815)
        #expect(refusal { try access.grant([.writeData], onPattern: .all, to: "anna") }?.code == 815)
        #expect(refusal { try access.revoke([.readData], onPattern: .all, from: "anna") }?.code == 815)
        #expect(refusal { try access.dropUser(named: "anna") }?.code == 815)
        #expect(access.users() == ["anna", "root"])
        #expect(try access.grants(of: "anna").map(\.privilege) == [.readData])
        #expect(access.generation == generation)
        #expect(await ground.name("anna", "1234") == "anna")
    }

    @Test func theAsyncOnesDoTheSame() async throws {
        let ground = try Ground()
        let access = ground.access
        try await access.createUser(named: "anna", password: "1234")
        try await access.setPassword(of: "anna", to: "5678")
        #expect(await ground.name("anna", "5678") == "anna")
        try await access.grant([.readData], onPattern: .all, to: "anna", withGrantOption: true)
        #expect(try access.grants(of: "anna").count == 1)
        try await access.revoke([.readData], onPattern: .all, from: "anna")
        #expect(try access.grants(of: "anna").isEmpty)
        try await access.dropUser(named: "anna")
        #expect(access.users() == ["root"])
        await #expect(throws: AccessError(code: 804, message: "User anna does not exist")) {
            try await access.dropUser(named: "anna")
        }
    }
}
