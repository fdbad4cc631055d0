// SPDX-License-Identifier: Apache-2.0

/// The unit of every timestamp of a server (`timestamp_precision`), fixed once data exists.
package enum TimestampPrecision: String, Sendable, CaseIterable {
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"

    /// Units in a second.
    package var unitsPerSecond: Int64 {
        switch self {
        case .milliseconds: 1_000
        case .microseconds: 1_000_000
        case .nanoseconds: 1_000_000_000
        }
    }

    /// Largest accepted magnitude of a row time (`mqtt-payloads.md` section 2.7); nil = all 64 bits.
    package var magnitudeLimit: Int64? {
        switch self {
        case .milliseconds: 10_000_000_000_000
        case .microseconds: 10_000_000_000_000_000
        case .nanoseconds: nil
        }
    }
}

/// The wall clock, injected so that tests own the time.
package protocol WallClock: Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    func nanosecondsSinceEpoch() -> Int64
}

/// A clock that never runs back, for timers and durations; injected like ``WallClock``.
package protocol MonotonicClock: Sendable {
    /// Nanoseconds since an arbitrary start.
    func nanoseconds() -> Int64
}
