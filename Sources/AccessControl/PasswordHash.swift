// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import Foundation

/// A salted scrypt hash with the cost that it was made with; its text form is the usual
/// `$scrypt$ln=14,r=8,p=1$<salt>$<hash>` (base64 without padding).
struct PasswordHash: Sendable, Equatable {
    let cost: ScryptCost
    private let salt: [UInt8]
    private let hash: [UInt8]

    static let saltByteCount = 16
    static let hashByteCount = 32
    /// Longest password that is ever hashed, in bytes: 32 characters of at most 4 bytes.
    static let passwordBytesMax = 128

    /// Hashes a password under a fresh salt; as slow as `cost` says.
    init(of password: [UInt8], cost: ScryptCost) {
        var random = SystemRandomNumberGenerator()
        salt = (0..<Self.saltByteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        self.cost = cost
        hash = Self.derive(password, salt: salt, cost: cost) ?? []
    }

    /// A hash that no password has, so that a check of nobody's password takes as long as one of somebody's.
    static func unmatchable(cost: ScryptCost) -> PasswordHash { PasswordHash(cost: cost, salt: [0], hash: []) }

    private init(cost: ScryptCost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Whether `password` is the one that was hashed; as slow as ``cost`` says, whatever the answer.
    func matches(_ password: [UInt8]) -> Bool {
        guard let derived = Self.derive(password, salt: salt, cost: cost) else { return false }
        return Self.areEqual(derived, hash)
    }

    /// Looks at every byte even when the first differs, so that the time tells nothing.
    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    /// nil = out of memory, or a password or cost outside the limits; nobody gets in with nil.
    private static func derive(_ password: [UInt8], salt: [UInt8], cost: ScryptCost) -> [UInt8]? {
        // The library traps on an empty password, HMAC takes "x" and "x\0" for the same key, and a long one could not have
        // been set: they are nobody's, but cost a run all the same.
        let isPossible = !password.isEmpty && password.count <= passwordBytesMax && !password.contains(0)
        let input = isPossible ? password : [0]
        guard cost.isValid,
            let key = try? KDF.Scrypt.deriveKey(
                from: input, salt: salt, outputByteCount: hashByteCount, rounds: cost.rounds,
                blockSize: cost.blockSize, parallelism: cost.parallelism)
        else { return nil }
        let bytes = unsafe key.withUnsafeBytes { unsafe [UInt8]($0) }
        return isPossible ? bytes : nil
    }
}

extension PasswordHash {
    /// The text form for the catalog.
    var text: String {
        let rounds = cost.rounds.trailingZeroBitCount
        return
            "$scrypt$ln=\(rounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.base64(salt))$\(Self.base64(hash))"
    }

    /// Reads the text form; nil for anything else, costs beyond the limits of ``ScryptCost`` included.
    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]),
            let salt = Self.bytes(parts[3]), let hash = Self.bytes(parts[4]), !salt.isEmpty,
            hash.count == Self.hashByteCount
        else { return nil }
        self.init(cost: cost, salt: salt, hash: hash)
    }

    private static func cost(_ text: Substring) -> ScryptCost? {
        let numbers = text.split(separator: ",").compactMap { field -> (Substring, Int)? in
            guard let equals = field.firstIndex(of: "="), let number = Int(field[field.index(after: equals)...]) else {
                return nil
            }
            return (field[..<equals], number)
        }
        guard numbers.map(\.0) == ["ln", "r", "p"], (1...18).contains(numbers[0].1) else { return nil }
        let cost = ScryptCost(rounds: 1 << numbers[0].1, blockSize: numbers[1].1, parallelism: numbers[2].1)
        return cost.isValid ? cost : nil
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        var text = Data(bytes).base64EncodedString()
        while text.hasSuffix("=") { text.removeLast() }
        return text
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map { [UInt8]($0) }
    }
}
