// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ServerMetrics

@Suite struct LatencyHistogramTests {
    @Test func bucketsTileTheRangeWithoutGaps() {
        #expect(LatencyBuckets.lowerBound(ofBucket: 0) == 0)
        #expect(LatencyBuckets.lowerBound(ofBucket: 1) == 1_024)
        for index in 1..<LatencyBuckets.count {
            let lower = LatencyBuckets.lowerBound(ofBucket: index)
            #expect(LatencyBuckets.index(ofNanoseconds: lower) == index)
            #expect(LatencyBuckets.index(ofNanoseconds: lower - 1) == index - 1)
            if index > 1 {
                let before = LatencyBuckets.lowerBound(ofBucket: index - 1)
                #expect(Double(lower) / Double(before) <= 1.25)
            }
        }
        #expect(LatencyBuckets.index(ofNanoseconds: UInt64.max) == LatencyBuckets.count - 1)
        #expect(LatencyBuckets.lowerBound(ofBucket: LatencyBuckets.count - 1) == 1 << 37)
    }

    @Test(arguments: [0.0, 0.01, 0.5, 0.9, 0.99, 1.0])
    func quantilesAreWithinABucket(fraction: Double) throws {
        let histogram = LatencyHistogram()
        // 1 µs to 1 s, evenly: the exact quantile is known.
        for step in 1...10_000 { histogram.record(nanoseconds: Int64(step) * 100_000) }
        let exact = max(1, fraction * 10_000) * 100_000
        let estimate = try #require(histogram.snapshot().quantile(fraction))
        #expect(abs(estimate - exact) <= exact * 0.25)
    }

    @Test func countsSumsAndExtremes() {
        let histogram = LatencyHistogram()
        #expect(histogram.snapshot().quantile(0.5) == nil)
        histogram.record(nanoseconds: -5)
        histogram.record(nanoseconds: 2_000)
        histogram.record(nanoseconds: Int64.max / 4)
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == 3)
        #expect(snapshot.sumNanoseconds == UInt64(Int64.max / 4) + 2_000)
        #expect(snapshot.quantile(1) == Double(1 << 37 as UInt64))
    }

    @Test func nothingIsLostBetweenThreads() async {
        let histogram = LatencyHistogram(), counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for value in 0..<5_000 {
                        histogram.record(nanoseconds: Int64(value) * 1_000)
                        counter.increment()
                    }
                }
            }
        }
        #expect(histogram.snapshot().count == 40_000)
        #expect(counter.value == 40_000)
    }
}
