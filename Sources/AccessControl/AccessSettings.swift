// SPDX-License-Identifier: Apache-2.0

/// How passwords are kept and checked.
package struct AccessSettings: Sendable, Equatable {
    /// Cost of new password hashes. A stored hash keeps the cost that it was made with.
    package var scrypt: ScryptCost
    /// Threads that check passwords; each needs ``ScryptCost/byteCount`` while it works. At least 1.
    package var checkingThreads: Int
    /// Different (user, password) pairs that may wait for a thread; one more is answered `.busy`.
    package var waitingChecksMax: Int
    /// Logins that may wait in all, the ones that share a check included; one more is answered `.busy`.
    package var waitingLoginsMax: Int
    /// `initial_root_password`: root's password at first start; nil = `root`, from this machine only. Later starts ignore it.
    package var initialRootPassword: String?

    package init(
        scrypt: ScryptCost = .standard, checkingThreads: Int = 2, waitingChecksMax: Int = 4_096,
        waitingLoginsMax: Int = 16_384, initialRootPassword: String? = nil
    ) {
        self.scrypt = scrypt
        self.checkingThreads = checkingThreads
        self.waitingChecksMax = waitingChecksMax
        self.waitingLoginsMax = waitingLoginsMax
        self.initialRootPassword = initialRootPassword
    }
}

/// What one scrypt run costs (RFC 7914).
package struct ScryptCost: Sendable, Equatable {
    /// N: a power of two, 2 to ``roundsMax``.
    package var rounds: Int
    /// r: 1 to 32.
    package var blockSize: Int
    /// p: 1 to 16.
    package var parallelism: Int

    package init(rounds: Int, blockSize: Int = 8, parallelism: Int = 1) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 16 MiB and some 50 ms a check.
    package static let standard = ScryptCost(rounds: 16_384)

    /// Largest N: with r = 8 this is 256 MiB a check.
    package static let roundsMax = 262_144

    /// Memory of one run.
    package var byteCount: Int { 128 * rounds * blockSize * parallelism }

    /// Whether the numbers are within the limits above, wherever they come from.
    package var isValid: Bool {
        rounds >= 2 && rounds <= Self.roundsMax && rounds & (rounds - 1) == 0 && (1...32).contains(blockSize)
            && (1...16).contains(parallelism)
    }
}
