// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TimeSeriesModel

/// Says how long to wait so that no more than so many bytes a second are written, with a second's worth at once. Pure but for
/// the clock; waiting is the caller's.
final class Throttle: Sendable {
    private struct State {
        /// When everything that was taken so far is paid for, nanoseconds.
        var paidAt = Int64.min
    }

    /// 0 or less = unlimited.
    private let bytesPerSecond: Int64
    private let clock: any MonotonicClock
    private let state = Mutex(State())

    init(bytesPerSecond: Int64, clock: any MonotonicClock) {
        self.bytesPerSecond = bytesPerSecond
        self.clock = clock
    }

    /// Takes bytes, and returns the nanoseconds to wait before they are written.
    func take(_ bytes: Int) -> Int64 {
        guard bytesPerSecond > 0, bytes > 0 else { return 0 }
        let now = clock.nanoseconds()
        let price = Int64(min(Double(bytes) * 1e9 / Double(bytesPerSecond), 1e17))
        return state.withLock { state in
            let start = max(state.paidAt, now.subtractingReportingOverflow(1_000_000_000).partialValue)
            let (paidAt, isOverflow) = start.addingReportingOverflow(price)
            state.paidAt = isOverflow ? .max : paidAt
            let (delay, isFar) = state.paidAt.subtractingReportingOverflow(now)
            return isFar ? .max : max(0, delay)
        }
    }
}
