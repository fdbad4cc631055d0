// SPDX-License-Identifier: Apache-2.0

/// Durations in buckets of at most 1/64 of their size: cheap to add to, and quantiles that are at most 1.6 % off.
struct LatencyRecorder: Sendable {
    private static let stepBits = 6
    private static let steps = 1 << stepBits

    private var counts: [UInt32] = []
    private(set) var count = 0
    private(set) var sum = 0.0
    private(set) var largest: UInt64 = 0

    /// Adds one duration.
    mutating func record(_ nanoseconds: UInt64) {
        let bucket = Self.bucket(of: nanoseconds)
        if bucket >= counts.count {
            counts.append(contentsOf: repeatElement(0, count: bucket + 1 - counts.count))
        }
        counts[bucket] += 1
        count += 1
        sum += Double(nanoseconds)
        largest = max(largest, nanoseconds)
    }

    /// Adds everything of another one.
    mutating func add(_ other: borrowing LatencyRecorder) {
        if other.counts.count > counts.count {
            counts.append(contentsOf: repeatElement(0, count: other.counts.count - counts.count))
        }
        for index in other.counts.indices { counts[index] += other.counts[index] }
        count += other.count
        sum += other.sum
        largest = max(largest, other.largest)
    }

    /// The duration that `fraction` of all do not exceed; 0 if there are none.
    func quantile(_ fraction: Double) -> UInt64 {
        let rank = Int((fraction * Double(count)).rounded(.up))
        var seen = 0
        for (bucket, number) in counts.enumerated() {
            seen += Int(number)
            if seen >= max(1, rank) { return min(largest, Self.upperBound(of: bucket)) }
        }
        return largest
    }

    /// Linear up to 2 x 64, then 64 buckets to every octave.
    private static func bucket(of nanoseconds: UInt64) -> Int {
        guard nanoseconds >= UInt64(steps) else { return Int(nanoseconds) }
        let shift = 63 - nanoseconds.leadingZeroBitCount - stepBits
        return (shift + 1) << stepBits + Int(nanoseconds >> UInt64(shift)) - steps
    }

    private static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >= steps else { return UInt64(bucket) }
        let shift = UInt64(bucket >> stepBits - 1)
        // The last bucket ends with 64 bits: there the shift leaves 0, and one less is all of them.
        return (UInt64(bucket & (steps - 1) + steps) + 1) << shift &- 1
    }
}
