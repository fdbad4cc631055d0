// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Testing

@testable import AccessControl

@Suite struct FirstStartTests {
    @Test func theManualsPasswordWorksFromThisMachineOnly() async throws {
        let ground = try Ground()
        #expect(await ground.login("root", "root", .loopback) == .success(.root))
        #expect(await ground.login("root", "root", .remote) == .failure(.defaultPasswordFromRemote))
        // Also when the success is remembered, and no hint for those who do not even know it.
        #expect(await ground.login("root", "root", .loopback) == .success(.root))
        #expect(await ground.login("root", "root", .remote) == .failure(.defaultPasswordFromRemote))
        #expect(await ground.login("root", "wrong", .remote) == .failure(.wrongCredentials))
        #expect(AuthenticationFailure.defaultPasswordFromRemote.message.contains("apus user passwd root"))
    }

    @Test func theLogSaysWhatToDoButNotForEveryAttempt() async throws {
        let ground = try Ground()
        #expect(ground.lines.texts(.notice).count == 1)
        #expect(ground.lines.texts(.notice)[0].contains("apus user passwd root"))
        for _ in 0..<3 { _ = await ground.login("root", "root") }
        #expect(ground.lines.texts(.warning).count == 1)
        #expect(ground.lines.texts(.warning)[0].contains("apus user passwd root"))
        ground.clock.advance(seconds: 60)
        _ = await ground.login("root", "root")
        #expect(ground.lines.texts(.warning).count == 2)
        #expect(ground.lines.texts(.warning)[1].contains("\"suppressed\": 2"))
        // A clock that is set back does not silence the log.
        ground.clock.advance(seconds: -3_600)
        _ = await ground.login("root", "root")
        #expect(ground.lines.texts(.warning).count == 3)
        for line in ground.lines.texts(.warning) + ground.lines.texts(.notice) { #expect(!line.contains("root/root")) }
    }

    @Test func aChangedPasswordWorksFromEverywhere() async throws {
        let ground = try Ground()
        #expect(await ground.login("root", "root", .loopback) == .success(.root))
        try await ground.access.setPassword(of: "root", to: "s3cret")
        #expect(await ground.login("root", "root", .loopback) == .failure(.wrongCredentials))
        #expect(await ground.login("root", "root", .remote) == .failure(.wrongCredentials))
        #expect(await ground.login("root", "s3cret", .remote) == .success(.root))
        let again = try ground.reopened()
        #expect(await again.login("root", "s3cret", .remote) == .success(.root))
        #expect(await again.login("root", "root", .loopback) == .failure(.wrongCredentials))
        // Setting the well-known one again is the default password again.
        try await again.access.setPassword(of: "root", to: "root")
        #expect(await again.login("root", "root", .remote) == .failure(.defaultPasswordFromRemote))
        #expect(await again.login("root", "root", .loopback) == .success(.root))
    }

    @Test func onlyRootsOwnPasswordIsTheDefaultOne() async throws {
        let ground = try Ground()
        try await ground.access.createUser(named: "anna", password: "root")
        guard case .success(let anna) = await ground.login("anna", "root", .remote) else {
            Issue.record("anna's password is nobody else's business")
            return
        }
        #expect(anna.name == "anna" && anna.id != 0)
    }

    @Test func theInitialPasswordCountsAtFirstStartOnly() async throws {
        let first = try Ground(AccessSettings(scrypt: Ground.cheap, initialRootPassword: "container"))
        #expect(await first.login("root", "container", .remote) == .success(.root))
        #expect(await first.login("root", "root", .loopback) == .failure(.wrongCredentials))
        let second = try first.reopened(AccessSettings(scrypt: Ground.cheap, initialRootPassword: "other"))
        #expect(await second.login("root", "container", .remote) == .success(.root))
        #expect(await second.login("root", "other", .remote) == .failure(.wrongCredentials))
        #expect(first.lines.texts(.notice).count == 1 && second.lines.texts(.notice).isEmpty)
        #expect(!first.lines.texts(.notice)[0].contains("container"))
    }

    @Test(arguments: ["abc", "", "with blank", String(repeating: "x", count: 33)])
    func aBadInitialPasswordStopsTheStart(password: String) throws {
        let error = try #require(throws: AccessError.self) {
            try Ground(AccessSettings(scrypt: Ground.cheap, initialRootPassword: password))
        }
        #expect(error.code == 820 && error.message.hasPrefix("initial_root_password: "))
    }

    @Test func anImpossibleCostStopsTheStart() throws {
        #expect(throws: AccessError.self) { try Ground(AccessSettings(scrypt: ScryptCost(rounds: 1_000))) }
    }

    @Test func aCatalogThatCannotBeReadStopsTheStart() throws {
        let catalog = try SQLiteCatalog.inMemory()
        try catalog.close()
        let error = try #require(throws: AccessError.self) { try Ground(catalog: catalog) }
        #expect(error.code == 815 && error.message.contains("closed"))
    }
}
