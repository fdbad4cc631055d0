// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A number that only rises, for example messages received; safe to use from any thread.
///
/// One relaxed atomic addition. A hot path keeps plain integers of its own and adds them here once a burst, so that
/// threads do not fight for the cache line.
package final class Counter: Sendable {
    private let total = Atomic<UInt64>(0)

    package init() {}

    /// Adds `amount`.
    package func increment(by amount: UInt64 = 1) {
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The sum so far.
    package var value: UInt64 { total.load(ordering: .relaxed) }
}
