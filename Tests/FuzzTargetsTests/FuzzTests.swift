// SPDX-License-Identifier: Apache-2.0

import FuzzTargets
import Glibc
import Testing

/// The fuzzers for a moment, so that no build forgets them. `APUS_FUZZ_ROUNDS` sets how many rounds, `make fuzz` goes on for hours.
@Suite struct FuzzTests {
    @Test(arguments: [("tsfile", 1_500), ("log", 400)]) func someRounds(target: String, rounds: Int) throws {
        let folder = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let fuzzer = try #require(try FuzzTargets.all(in: folder).first { $0.name == target })
        let wanted = unsafe getenv("APUS_FUZZ_ROUNDS").flatMap { unsafe UInt64(String(cString: $0)) }
        for round in 0..<(wanted ?? UInt64(rounds)) {
            do {
                try fuzzer.run(seed: 1, round: round)
            } catch {
                Issue.record("fuzz \(target) --seed 1 --round \(round): \(error)")
                return
            }
        }
    }
}
