// SPDX-License-Identifier: Apache-2.0

/// A time in the server's precision since 1970-01-01T00:00:00Z; negative before.
package typealias Timestamp = Int64

/// Number of a series (device + measurement). Rises, is never reused (design section 4.3).
package struct SeriesID: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Number of a device. Rises, is never reused.
package struct DeviceID: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Number of a database. Rises, is never reused.
package struct DatabaseID: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Position of a record in the log: rises by one a record, over all segments; 0 = before the first.
package typealias LogSequence = UInt64
