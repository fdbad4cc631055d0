// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import ApusServer

@Suite struct PlatformTests {
    @Test func theDescriptorLimitIsRaised() {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(DescriptorLimit.raise() == UInt64(limit.rlim_max))
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(limit.rlim_cur == limit.rlim_max)
    }

    /// Berlin: +1 in winter, +2 in summer; forward at 2026-03-29T01:00Z, back at 2026-10-25T01:00Z.
    @Test(
        arguments: [
            (1_774_738_799, 1, 1), (1_774_746_000, 2, 1), (1_774_753_200, 2, 2), (1_785_000_000, 2, 2),
            (1_792_886_399, 2, 2), (1_792_897_200, 1, 1), (1_767_225_600, 1, 1),
        ] as [(Int64, Int, Int)])
    func zonesWithSummerTime(seconds: Int64, hoursAtMoment: Int, hoursAtLocal: Int) throws {
        let zone = try #require(SystemZone(id: "Europe/Berlin"))
        #expect(zone.offsetSeconds(atSeconds: seconds) == hoursAtMoment * 3_600)
        #expect(zone.offsetSeconds(atLocalSeconds: seconds) == hoursAtLocal * 3_600)
    }

    @Test func unknownZones() {
        #expect(SystemZone(id: "Mars/Olympus") == nil)
    }

    @Test func clocksRun() {
        let monotonic = SystemMonotonicClock()
        let first = monotonic.nanoseconds()
        #expect(monotonic.nanoseconds() >= first)
        #expect(SystemWallClock().nanosecondsSinceEpoch() > 1_700_000_000_000_000_000)
    }
}
