// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import StorageEngine

@Suite struct CrashTests {
    /// Groups of seeds, so that all cores have some.
    private static let groups = 4

    /// `APUS_CRASH_SEEDS` sets how many lives are tried, `APUS_CRASH_SEED` tries one.
    @Test(arguments: 0..<groups) func acknowledgedBatchesSurviveWhateverHappens(group: Int) throws {
        var lives = 0, acknowledged = 0, crashes = 0, compactions = 0
        for seed in Self.seeds() where Int(seed % UInt64(Self.groups)) == group {
            var scenario = CrashScenario(seed: seed, isTraced: Self.environment("APUS_CRASH_SEED") != nil)
            do {
                try scenario.run(steps: 32)
            } catch {
                for line in scenario.trace ?? [] { print(line) }
                Issue.record("seed \(seed) (APUS_CRASH_SEED=\(seed)): \(error)")
                return
            }
            lives += 1
            acknowledged += scenario.acknowledgedEvents
            crashes += scenario.crashes
            compactions += scenario.compactions
        }
        // The scenarios do try something.
        #expect(acknowledged >= lives * 2 || lives < 10)
        #expect(crashes > lives || lives == 0)
        #expect(compactions > lives / 4 || lives < 10)
    }

    private static func seeds() -> ClosedRange<UInt64> {
        if let seed = environment("APUS_CRASH_SEED").flatMap(UInt64.init) { return seed...seed }
        return 1...(environment("APUS_CRASH_SEEDS").flatMap(UInt64.init) ?? 2_000)
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
