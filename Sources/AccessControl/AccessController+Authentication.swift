// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Synchronization
import TimeSeriesModel

extension AccessController {
    /// Checks credentials. `completion` is called exactly once: at once, on the calling thread, when the same pair was right
    /// before or the answer needs no check; else on a thread of the checking pool, which it must not block.
    package func authenticate(
        user name: String, password: [UInt8], origin: ConnectionOrigin,
        completion: @escaping @Sendable (Result<Principal, AuthenticationFailure>) -> Void
    ) {
        guard name.contains(where: { !$0.isWhitespace }), !password.isEmpty else {
            completion(.failure(.missingCredentials))
            return
        }
        let user = current[name]
        checker.check(user, named: name, password: password) { [self] isRight in
            guard let isRight else { return completion(.failure(.busy)) }
            // The password may have changed while the check ran; what was proven then proves nothing now.
            let now = current[name]
            guard now?.record.passwordHash == user?.record.passwordHash else {
                return authenticate(user: name, password: password, origin: origin, completion: completion)
            }
            guard isRight, let now else { return completion(.failure(.wrongCredentials)) }
            guard !now.record.isDefaultPassword || origin == .loopback else {
                noteDefaultPassword()
                return completion(.failure(.defaultPasswordFromRemote))
            }
            completion(.success(now.principal))
        }
    }

    /// As the other one, for async code.
    package func authenticate(
        user name: String, password: [UInt8], origin: ConnectionOrigin
    ) async -> Result<Principal, AuthenticationFailure> {
        await withCheckedContinuation { continuation in
            authenticate(user: name, password: password, origin: origin) { continuation.resume(returning: $0) }
        }
    }

    /// A fleet that knows only the default password retries for ever: the log gets one line a minute.
    private func noteDefaultPassword() {
        let now = wallClock.nanosecondsSinceEpoch()
        let suppressed = defaultPasswordNotice.withLock { notice -> Int? in
            // A clock that was set back must not silence the log.
            if let last = notice.time, now >= last, now - last < Self.noticeInterval {
                notice.suppressed += 1
                return nil
            }
            defer { notice = (now, 0) }
            return notice.suppressed
        }
        guard let suppressed else { return }
        let failure = AuthenticationFailure.defaultPasswordFromRemote
        logger.warning(
            "login of root refused: \(failure.message)", metadata: ["suppressed": .stringConvertible(suppressed)])
    }

    /// Nanoseconds between two lines about the default password.
    private static let noticeInterval: Int64 = 60_000_000_000
}
