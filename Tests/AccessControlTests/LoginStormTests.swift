// SPDX-License-Identifier: Apache-2.0

import Catalog
import Dispatch
import Testing

@testable import AccessControl

@Suite struct LoginStormTests {
    private func storm(_ ground: Ground, _ pairs: [(String, String)]) async -> [Answers.Answer] {
        let answers = Answers()
        for (user, password) in pairs {
            ground.access.authenticate(user: user, password: Array(password.utf8), origin: .loopback) {
                answers.add($0)
            }
        }
        return await answers.first(pairs.count)
    }

    @Test func aFleetWithOneUserCostsOneCheck() async throws {
        let ground = try Ground()
        let answers = await storm(ground, Array(repeating: ("root", "root"), count: 2_000))
        #expect(answers.allSatisfy { $0 == .success(.root) })
        #expect(ground.access.checker.runCount == 1)
    }

    @Test func wrongOnesInFlightShareACheckToo() async throws {
        let gate = Gate()
        let ground = try Ground(AccessSettings(scrypt: Ground.cheap, checkingThreads: 1))
        #expect(ground.access.checker.pool.submit { gate.wait() })
        let answers = Answers()
        for _ in 0..<500 {
            ground.access.authenticate(user: "root", password: [1], origin: .loopback) { answers.add($0) }
        }
        gate.open()
        #expect(await answers.first(500).allSatisfy { $0 == .failure(.wrongCredentials) })
        #expect(ground.access.checker.runCount == 1)
    }

    @Test func aThousandClientsOfFiftyUsersAreLetIn() async throws {
        let ground = try Ground()
        for number in 0..<50 {
            try await ground.access.createUser(named: "user\(number)", password: "password\(number)")
        }
        var pairs: [(String, String)] = []
        for number in 0..<1_000 { pairs.append(("user\(number % 50)", "password\(number % 50)")) }
        let answers = await storm(ground, pairs)
        let names = answers.compactMap { try? $0.get().name }
        #expect(names.count == 1_000)
        #expect(Set(names).count == 50)
        #expect(ground.access.checker.runCount == 50)
    }

    @Test func moreDifferentPairsThanTheLimitAreBusyAndTheRestIsAnswered() async throws {
        let gate = Gate()
        let ground = try Ground(
            AccessSettings(scrypt: Ground.cheap, checkingThreads: 1, waitingChecksMax: 3))
        #expect(ground.access.checker.pool.submit { gate.wait() })
        let answers = Answers()
        for number in 0..<5 {
            ground.access.authenticate(user: "root", password: [UInt8(number + 1)], origin: .loopback) {
                answers.add($0)
            }
        }
        #expect(await answers.first(2) == [.failure(.busy), .failure(.busy)])
        // A pair that already waits may be joined.
        ground.access.authenticate(user: "root", password: [1], origin: .loopback) { answers.add($0) }
        gate.open()
        #expect(await answers.first(4).allSatisfy { $0 == .failure(.wrongCredentials) })
        #expect(ground.access.checker.runCount == 3)
        #expect(await ground.login("root", "root", .loopback) == .success(.root))
    }

    @Test func moreLoginsThanTheLimitAreBusy() async throws {
        let gate = Gate()
        let ground = try Ground(
            AccessSettings(scrypt: Ground.cheap, checkingThreads: 1, waitingLoginsMax: 10))
        #expect(ground.access.checker.pool.submit { gate.wait() })
        let answers = Answers()
        for _ in 0..<12 {
            ground.access.authenticate(user: "root", password: Array("root".utf8), origin: .loopback) {
                answers.add($0)
            }
        }
        #expect(await answers.first(2) == [.failure(.busy), .failure(.busy)])
        gate.open()
        #expect(await answers.first(10) == Array(repeating: .success(.root), count: 10))
        // Nothing of the count is left behind.
        let wrong = await storm(ground, Array(repeating: ("root", "wrong"), count: 10))
        #expect(wrong.allSatisfy { $0 == .failure(.wrongCredentials) })
    }

    @Test func whatWasProvenBeforeAChangeProvesNothingAfterIt() async throws {
        let gate = Gate()
        let ground = try Ground(AccessSettings(scrypt: Ground.cheap, checkingThreads: 1))
        #expect(ground.access.checker.pool.submit { gate.wait() })
        let old = Answers(), new = Answers()
        ground.access.authenticate(user: "root", password: Array("root".utf8), origin: .loopback) { old.add($0) }
        ground.access.authenticate(user: "root", password: Array("new password".utf8), origin: .loopback) {
            new.add($0)
        }
        try await ground.access.setPassword(of: "root", to: "new-password")
        ground.access.authenticate(user: "root", password: Array("new-password".utf8), origin: .remote) {
            new.add($0)
        }
        gate.open()
        #expect(await old.first(1) == [.failure(.wrongCredentials)])
        #expect(await Set(new.first(2)) == [.failure(.wrongCredentials), .success(.root)])
    }
}

/// Holds up a thread until it is opened.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
}
