// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct HiddenTimesTests {
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `what is hidden is what any of the ranges has`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let ranges = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let lower = Int64.random(in: -20...20, using: &random)
            return TimeRange(lower, lower + Int64.random(in: -2...6, using: &random))
        }
        let hidden = HiddenTimes(ranges)
        func isHidden(_ time: Int64) -> Bool { ranges.contains { $0.contains(time) } }
        for lower in -25...25 as ClosedRange<Int64> {
            for upper in lower...min(30, lower + 9) {
                let times = Array(lower...upper)
                let range = TimeRange(lower, upper)
                #expect(hidden.covers(range) == times.allSatisfy(isHidden))
                #expect(hidden.overlaps(range) == times.contains(where: isHidden))
                let visible = times.filter { !isHidden($0) }
                #expect(hidden.visible(in: range).flatMap { Array($0.lower...$0.upper) } == visible)
                var points = PointColumn(.int64)
                points.times = times
                points.values.bits = times.map { UInt64(bitPattern: $0) }
                #expect(hidden.filter(points, .ascending).times == visible)
                points.times.reverse()
                points.values.bits.reverse()
                let back = hidden.filter(points, .descending)
                #expect(back.times == visible.reversed())
                #expect(back.values.bits == visible.reversed().map { UInt64(bitPattern: $0) })
            }
        }
    }

    @Test func `the ends of time are times like others`() {
        let hidden = HiddenTimes([TimeRange(.min, -1), TimeRange(5, .max)])
        #expect(hidden.visible(in: .all) == [TimeRange(0, 4)])
        #expect(HiddenTimes([.all]).visible(in: .all).isEmpty)
        #expect(HiddenTimes([.all]).covers(.all))
        #expect(HiddenTimes.none.visible(in: .all) == [.all])
    }

    @Test func `outside of partitions is everything but them`() {
        let partitioning = Partitioning(interval: 10)
        let outside = HiddenTimes.outside([-1, 0, 3], partitioning, within: TimeRange(-50, 100))
        #expect(HiddenTimes(outside).ranges == [TimeRange(-50, -11), TimeRange(10, 29), TimeRange(40, 100)])
        #expect(HiddenTimes.outside([2], partitioning, within: TimeRange(20, 29)).isEmpty)
        #expect(HiddenTimes.outside([], partitioning, within: TimeRange(1, 2)) == [TimeRange(1, 2)])
    }
}
