// SPDX-License-Identifier: Apache-2.0

/// The fixed buckets of every ``LatencyHistogram``: four to an octave, so that a bucket's upper bound is at most 25 % above
/// its lower one, from 1 µs (1,024 ns) to 137 s; the first and the last take what lies outside.
enum LatencyBuckets {
    private static let stepsPerOctave = 4
    private static let firstExponent = 10
    private static let octaves = 27

    static let count = octaves * stepsPerOctave + 2

    /// The bucket of a duration.
    static func index(ofNanoseconds nanoseconds: UInt64) -> Int {
        guard nanoseconds >= 1 << firstExponent else { return 0 }
        let exponent = 63 - nanoseconds.leadingZeroBitCount
        guard exponent < firstExponent + octaves else { return count - 1 }
        let step = Int(truncatingIfNeeded: (nanoseconds &>> UInt64(exponent - 2)) & 3)
        return 1 + (exponent - firstExponent) * stepsPerOctave + step
    }

    /// The smallest duration of bucket `index`, in nanoseconds; the upper bound (exclusive) of the one before.
    static func lowerBound(ofBucket index: Int) -> UInt64 {
        guard index > 0 else { return 0 }
        let octave = (index - 1) / stepsPerOctave, step = (index - 1) % stepsPerOctave
        return UInt64(stepsPerOctave + step) << UInt64(firstExponent + octave - 2)
    }

    /// The buckets at whose lower bound the text exposition reports a cumulative count: every power of two.
    static var exposedBounds: some Sequence<Int> {
        stride(from: 1, through: count - 1, by: stepsPerOctave)
    }
}
