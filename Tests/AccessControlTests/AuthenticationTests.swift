// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import Testing

@testable import AccessControl

@Suite struct AuthenticationTests {
    @Test func missingCredentialsNeedNoCheck() async throws {
        let ground = try Ground()
        for user in ["", " ", "\t "] {
            #expect(await ground.login(user, "password") == .failure(.missingCredentials))
        }
        #expect(await ground.login("root", "", .loopback) == .failure(.missingCredentials))
        #expect(ground.access.checker.runCount == 0)
    }

    /// Wrong password, no such user, one without a password, and a password too long to be anybody's: each costs one run.
    @Test func everyFailureCostsTheSame() async throws {
        let ground = try Ground()
        _ = try ground.access.ensureUser(named: "anonymous")
        let pairs = [
            ("root", "wrong"), ("nobody", "root"), ("anonymous", "anything"),
            ("root", String(repeating: "r", count: 60_000)), ("root", "root\0"),
        ]
        for (count, pair) in pairs.enumerated() {
            #expect(ground.access.checker.runCount == count)
            #expect(await ground.login(pair.0, pair.1, .loopback) == .failure(.wrongCredentials))
        }
        #expect(ground.access.checker.runCount == pairs.count)
    }

    @Test func failuresAreNotRemembered() async throws {
        let ground = try Ground()
        for count in 1...3 {
            #expect(await ground.login("root", "wrong", .loopback) == .failure(.wrongCredentials))
            #expect(ground.access.checker.runCount == count)
        }
    }

    /// The answer of a remembered success comes before the call returns, on the same thread.
    @Test func aSuccessIsRememberedUntilThePasswordChanges() async throws {
        let ground = try Ground()
        try await ground.access.createUser(named: "anna", password: "first")
        #expect(await ground.name("anna", "first") == "anna")
        #expect(ground.access.checker.runCount == 1)
        let isAnswered = Answered()
        ground.access.authenticate(user: "anna", password: Array("first".utf8), origin: .remote) { answer in
            isAnswered.set((try? answer.get()) != nil)
        }
        #expect(isAnswered.isSet)
        #expect(ground.access.checker.runCount == 1)

        try await ground.access.setPassword(of: "anna", to: "second")
        #expect(await ground.login("anna", "first") == .failure(.wrongCredentials))
        #expect(await ground.name("anna", "second") == "anna")
        #expect(ground.access.checker.runCount == 3)
        // Back to the first: what was remembered of it is not used again.
        try await ground.access.setPassword(of: "anna", to: "first")
        #expect(await ground.login("anna", "second") == .failure(.wrongCredentials))
        #expect(await ground.name("anna", "first") == "anna")
        #expect(ground.access.checker.runCount == 5)
    }

    @Test func namesAndPasswordsDoNotRunTogether() async throws {
        let ground = try Ground()
        try await ground.access.createUser(named: "anna", password: "bbbbcc")
        try await ground.access.createUser(named: "annabb", password: "dddd")
        #expect(await ground.name("anna", "bbbbcc") != nil)
        #expect(await ground.login("annabb", "bbcc") == .failure(.wrongCredentials))
    }

    @Test func aDroppedUserCannotLogInAndItsNameIsAnotherUser() async throws {
        let ground = try Ground()
        try await ground.access.createUser(named: "anna", password: "first")
        let before = try await ground.login("anna", "first").get()
        try await ground.access.dropUser(named: "anna")
        #expect(await ground.login("anna", "first") == .failure(.wrongCredentials))
        try await ground.access.createUser(named: "anna", password: "first")
        let after = try await ground.login("anna", "first").get()
        #expect(before.id != after.id && before != after)
    }

    @Test func everyFailureHasItsMessage() {
        let failures: [AuthenticationFailure] = [
            .missingCredentials, .wrongCredentials, .locked, .defaultPasswordFromRemote, .busy,
        ]
        #expect(Set(failures.map(\.message)).count == failures.count)
    }
}

/// A flag that a completion may set.
private final class Answered: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set(_ flag: Bool) { value.store(flag, ordering: .relaxed) }
}
