// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TimeSeriesModel

/// A clock that stands still until it is told to go on; both wall and monotonic.
package final class TestClock: WallClock, MonotonicClock {
    private let now: Atomic<Int64>

    /// Begins at 2026-01-01T00:00:00Z.
    package init(nanoseconds: Int64 = 1_767_225_600_000_000_000) { now = Atomic(nanoseconds) }

    package func nanosecondsSinceEpoch() -> Int64 { now.load(ordering: .relaxed) }

    package func nanoseconds() -> Int64 { now.load(ordering: .relaxed) }

    package func advance(milliseconds: Int64) { now.wrappingAdd(milliseconds * 1_000_000, ordering: .relaxed) }
}
