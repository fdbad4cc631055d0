// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A number that rises and falls, for example open connections; safe to use from any thread.
package final class Gauge: Sendable {
    private let current = Atomic<Int64>(0)

    package init() {}

    /// Replaces the value.
    package func set(_ value: Int64) {
        current.store(value, ordering: .relaxed)
    }

    /// Adds `amount`, which may be negative.
    package func add(_ amount: Int64) {
        current.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The value now.
    package var value: Int64 { current.load(ordering: .relaxed) }
}
