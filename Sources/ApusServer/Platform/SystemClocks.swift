// SPDX-License-Identifier: Apache-2.0

import CDispatch
import Glibc
import TimeSeriesModel

/// The machine's wall clock.
struct SystemWallClock: WallClock {
    func nanosecondsSinceEpoch() -> Int64 { read(CLOCK_REALTIME) }
}

/// The machine's clock that never runs back.
struct SystemMonotonicClock: MonotonicClock {
    func nanoseconds() -> Int64 { read(CLOCK_MONOTONIC) }
}

private func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
