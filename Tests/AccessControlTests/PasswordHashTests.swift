// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AccessControl

@Suite struct PasswordHashTests {
    private let cheap = ScryptCost(rounds: 16)

    @Test func aHashKnowsItsPasswordOnly() {
        let hash = PasswordHash(of: Array("secret".utf8), cost: cheap)
        #expect(hash.matches(Array("secret".utf8)))
        for wrong in ["Secret", "secre", "secret\0", "secrets", ""] { #expect(!hash.matches(Array(wrong.utf8))) }
    }

    @Test func saltsDiffer() {
        let hashes = (0..<20).map { _ in PasswordHash(of: [1, 2, 3, 4], cost: cheap).text }
        #expect(Set(hashes).count == 20)
    }

    @Test func theTextFormKeepsEverything() throws {
        for cost in [cheap, ScryptCost(rounds: 2, blockSize: 1, parallelism: 16), Ground.cheap] {
            let hash = PasswordHash(of: Array("secret".utf8), cost: cost)
            let again = try #require(PasswordHash(text: hash.text))
            #expect(again == hash && again.cost == cost)
            #expect(again.matches(Array("secret".utf8)))
        }
    }

    /// RFC 7914 section 12, third vector, with our 32 bytes of its 64.
    @Test func scryptIsTheStandardOne() throws {
        let text = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf044/2o+7qQT47GPqm57VQVRSM"
        let vector = try #require(PasswordHash(text: text))
        #expect(vector.cost == .standard)
        #expect(vector.text == text)
    }

    @Test(arguments: [
        "", "$", "secret", "$scrypt$", "$scrypt$ln=4,r=8,p=1$AAAA$", "$argon2$ln=4,r=8,p=1$AAAA$\(hash)",
        "$scrypt$ln=4,r=8$AAAA$\(hash)", "$scrypt$r=8,ln=4,p=1$AAAA$\(hash)", "$scrypt$ln=4,r=8,p=1$$\(hash)",
        "$scrypt$ln=4,r=8,p=1$AAAA$\(hash)$", "$scrypt$ln=4,r=8,p=1$A*AA$\(hash)", "$scrypt$ln=4,r=8,p=1$AAAA$AAAA",
        // Costs that would need gigabytes or hours.
        "$scrypt$ln=19,r=8,p=1$AAAA$\(hash)", "$scrypt$ln=63,r=8,p=1$AAAA$\(hash)",
        "$scrypt$ln=999999999999999999999,r=8,p=1$AAAA$\(hash)", "$scrypt$ln=0,r=8,p=1$AAAA$\(hash)",
        "$scrypt$ln=4,r=33,p=1$AAAA$\(hash)", "$scrypt$ln=4,r=0,p=1$AAAA$\(hash)", "$scrypt$ln=4,r=8,p=17$AAAA$\(hash)",
        "$scrypt$ln=-1,r=8,p=1$AAAA$\(hash)", "$scrypt$ln=4,r=8,p=1,x=1$AAAA$\(hash)",
    ])
    func otherTextsAreNoHashes(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    private static let hash = String(repeating: "A", count: 43)

    @Test func nobodysHashMatchesNothing() {
        let nobody = PasswordHash.unmatchable(cost: cheap)
        for password in [[], [0], [1], Array("root".utf8)] as [[UInt8]] { #expect(!nobody.matches(password)) }
    }

    @Test func impossiblePasswordsMatchNothingNotEvenTheirOwnHash() {
        for password in [[], [UInt8](repeating: 65, count: PasswordHash.passwordBytesMax + 1)] {
            #expect(!PasswordHash(of: password, cost: cheap).matches(password))
        }
        let longest = [UInt8](repeating: 65, count: PasswordHash.passwordBytesMax)
        #expect(PasswordHash(of: longest, cost: cheap).matches(longest))
    }

    @Test func costsHaveLimits() {
        #expect(ScryptCost.standard.isValid && ScryptCost(rounds: ScryptCost.roundsMax).isValid)
        #expect(ScryptCost.standard.byteCount == 16 << 20)
        for rounds in [0, 1, 3, -2, 1_000, ScryptCost.roundsMax * 2, Int.min] {
            #expect(!ScryptCost(rounds: rounds).isValid)
        }
    }
}
