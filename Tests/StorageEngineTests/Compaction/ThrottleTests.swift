// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing

@testable import StorageEngine

@Suite struct ThrottleTests {
    @Test func `a second's worth goes at once, the rest waits`() {
        let clock = TestClock()
        let throttle = Throttle(bytesPerSecond: 1_000, clock: clock)
        #expect(throttle.take(600) == 0)
        #expect(throttle.take(400) == 0)
        #expect(throttle.take(500) == 500_000_000)
        clock.advance(milliseconds: 500)
        #expect(throttle.take(250) == 250_000_000)
        // However long nothing was written, no more than a second's worth is saved up.
        clock.advance(milliseconds: 3_600_000)
        #expect(throttle.take(1_000) == 0)
        #expect(throttle.take(1) == 1_000_000)
    }

    @Test(arguments: [0, -5] as [Int64])
    func `no limit, no wait`(_ rate: Int64) {
        let throttle = Throttle(bytesPerSecond: rate, clock: TestClock())
        for _ in 0..<10 { #expect(throttle.take(.max) == 0) }
    }

    @Test func `absurd amounts do not overflow`() {
        let throttle = Throttle(bytesPerSecond: 1, clock: TestClock())
        for _ in 0..<1_000 { #expect(throttle.take(.max) >= 0) }
    }
}
