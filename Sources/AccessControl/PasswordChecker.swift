// SPDX-License-Identifier: Apache-2.0

import Catalog
import Crypto
import Foundation
import Synchronization

/// Checks passwords on a few threads, each (user, password) pair once at a time, and remembers what was right.
///
/// A pair is known by a keyed hash over the stored password hash, the name and the password, under a key that lives as long
/// as the process: the memory of successes gives no password away, and ends with a change of the password by itself.
final class PasswordChecker: Sendable {
    typealias Tag = HMAC<SHA256>.MAC
    /// Called with whether the password is right, or nil = not checked, too many are waiting.
    typealias Completion = @Sendable (Bool?) -> Void

    private struct State {
        /// Who waits for each pair that is queued or being checked.
        var waiting: [Tag: [Completion]] = [:]
        var waitingLogins = 0
        /// The last pair that was right, by user; one a user, because a user has one password.
        var proven: [Int64: Tag] = [:]
        var runs = 0
    }

    private let settings: AccessSettings
    let pool: WorkerPool
    private let key = SymmetricKey(size: .bits256)
    /// What is checked in place of a user that is not there.
    private let nobody: PasswordHash
    private let state = Mutex(State())

    init(settings: AccessSettings) {
        self.settings = settings
        // Whoever floods the server with wrong passwords shall not take the event loops' processors.
        pool = WorkerPool(threadsMax: settings.checkingThreads, niceness: 10)
        nobody = .unmatchable(cost: settings.scrypt)
    }

    /// How many times scrypt ran.
    var runCount: Int { state.withLock { $0.runs } }

    /// Answers at once if the pair was right before, else from a thread of the pool.
    ///
    /// `user` nil = there is none of that name: the check fails, but as slowly as any other.
    func check(_ user: User?, named name: String, password: [UInt8], completion: @escaping Completion) {
        // A password beyond the limit is nobody's; it is not kept while it waits.
        let password = password.count <= PasswordHash.passwordBytesMax ? password : []
        let tag = tag(user, name, password)
        let answer = state.withLock { state -> Answer in
            if let user, state.proven[user.record.id] == tag { return .right }
            guard state.waitingLogins < settings.waitingLoginsMax else { return .busy }
            if state.waiting[tag] == nil {
                guard state.waiting.count < settings.waitingChecksMax else { return .busy }
                state.waiting[tag] = [completion]
                state.waitingLogins += 1
                return .start
            }
            state.waiting[tag]?.append(completion)
            state.waitingLogins += 1
            return .joined
        }
        switch answer {
        case .right: completion(true)
        case .busy: completion(nil)
        case .joined: break
        case .start:
            let hash = user?.hash ?? nobody
            let id = user?.record.id
            if !pool.submit({ self.run(hash, password, tag: tag, userID: id) }) { finish(tag, nil, userID: nil) }
        }
    }

    /// Drops the memory of a user that is gone.
    func forget(_ userID: Int64) {
        state.withLock { _ = $0.proven.removeValue(forKey: userID) }
    }

    private enum Answer { case right, busy, joined, start }

    private func run(_ hash: PasswordHash, _ password: [UInt8], tag: Tag, userID: Int64?) {
        state.withLock { $0.runs += 1 }
        let isRight = hash.matches(password)
        finish(tag, isRight, userID: userID)
    }

    private func finish(_ tag: Tag, _ isRight: Bool?, userID: Int64?) {
        let waiting = state.withLock { state -> [Completion] in
            let waiting = state.waiting.removeValue(forKey: tag) ?? []
            state.waitingLogins -= waiting.count
            if isRight == true, let userID { state.proven[userID] = tag }
            return waiting
        }
        for completion in waiting { completion(isRight) }
    }

    private func tag(_ user: User?, _ name: String, _ password: [UInt8]) -> Tag {
        var input = Data()
        // Length first, so that no two triples run together.
        for part in [Array((user?.record.passwordHash ?? "").utf8), Array(name.utf8), password] {
            input.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: part.count >> ($0 * 8)) })
            input.append(contentsOf: part)
        }
        return HMAC<SHA256>.authenticationCode(for: input, using: key)
    }
}
