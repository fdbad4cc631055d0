// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import StorageEngine

@Suite struct CrashTests {
    /// `APUS_CRASH_SEEDS` sets how many lives are tried, `APUS_CRASH_SEED` tries one.
    @Test func acknowledgedBatchesSurviveWhateverHappens() throws {
        let seeds = Self.seeds()
        var acknowledged = 0
        var crashes = 0
        for seed in seeds {
            var scenario = CrashScenario(seed: seed)
            do {
                try scenario.run(steps: 24)
            } catch {
                Issue.record("seed \(seed) (APUS_CRASH_SEED=\(seed)): \(error)")
                return
            }
            acknowledged += scenario.acknowledgedBatches
            crashes += scenario.crashes
        }
        // The scenarios do try something.
        #expect(acknowledged > seeds.count)
        #expect(crashes > seeds.count)
    }

    private static func seeds() -> ClosedRange<UInt64> {
        if let seed = environment("APUS_CRASH_SEED").flatMap(UInt64.init) { return seed...seed }
        return 1...(environment("APUS_CRASH_SEEDS").flatMap(UInt64.init) ?? 2_000)
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
