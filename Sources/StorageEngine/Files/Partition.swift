// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Time partitions: a file holds points of one of them (design section 4.7).
struct Partitioning: Sendable, Equatable {
    /// In the server's precision; above zero.
    let interval: Int64

    init(interval: Int64) {
        precondition(interval > 0, "a partition lasts")
        self.interval = interval
    }

    /// floor(time / interval), below zero too.
    func partition(of time: Timestamp) -> Int64 {
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: interval)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The times from the first to the last of rising partitions; empty if there are none.
    func range(of partitions: [Int64]) -> TimeRange {
        guard let first = partitions.first, let last = partitions.last else { return TimeRange(.max, .min) }
        return TimeRange(range(of: first).lower, range(of: last).upper)
    }

    /// The times of a partition; those at the ends of the 64 bits are shorter.
    func range(of partition: Int64) -> TimeRange {
        let (lower, isBelow) = partition.multipliedReportingOverflow(by: interval)
        let start = isBelow ? (partition < 0 ? Timestamp.min : Timestamp.max) : lower
        let (next, isAbove) = start.addingReportingOverflow(interval - 1)
        // A first partition that begins below the 64 bits still ends where the next one begins.
        if isBelow && partition < 0 { return TimeRange(.min, (partition + 1) * interval - 1) }
        return TimeRange(start, isAbove ? .max : next)
    }
}
