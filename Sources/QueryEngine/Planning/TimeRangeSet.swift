// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Disjoint ranges of times, rising, with gaps between them: what a condition on time allows.
struct TimeRangeSet: Equatable, Sendable {
    private(set) var ranges: [TimeRange]

    static let all = TimeRangeSet(ranges: [.all])
    static let none = TimeRangeSet(ranges: [])

    private init(ranges: [TimeRange]) { self.ranges = ranges }

    /// One range; none if it is empty.
    init(_ range: TimeRange) { ranges = range.isEmpty ? [] : [range] }

    /// The times that a comparison with `time` allows.
    init(_ sign: BinaryOperator, _ time: Timestamp) {
        switch sign {
        case .equal: self.init(TimeRange(time, time))
        case .notEqual: self = TimeRangeSet(TimeRange(time, time)).complement
        case .less: self = time == .min ? .none : TimeRangeSet(TimeRange(.min, time - 1))
        case .lessOrEqual: self.init(TimeRange(.min, time))
        case .greater: self = time == .max ? .none : TimeRangeSet(TimeRange(time + 1, .max))
        default: self.init(TimeRange(time, .max))
        }
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// From the first to the last time; nil if there is none.
    var hull: TimeRange? {
        guard let first = ranges.first, let last = ranges.last else { return nil }
        return TimeRange(first.lower, last.upper)
    }

    var complement: TimeRangeSet {
        var result: [TimeRange] = []
        var lower: Timestamp? = .min
        for range in ranges {
            if let start = lower, range.lower > start { result.append(TimeRange(start, range.lower - 1)) }
            lower = range.upper == .max ? nil : range.upper + 1
        }
        if let lower { result.append(TimeRange(lower, .max)) }
        return TimeRangeSet(ranges: result)
    }

    func intersection(_ other: TimeRangeSet) -> TimeRangeSet {
        var result: [TimeRange] = []
        var (i, j) = (0, 0)
        while i < ranges.count, j < other.ranges.count {
            let common = ranges[i].intersection(other.ranges[j])
            if !common.isEmpty { result.append(common) }
            if ranges[i].upper < other.ranges[j].upper { i += 1 } else { j += 1 }
        }
        return TimeRangeSet(ranges: result)
    }

    func union(_ other: TimeRangeSet) -> TimeRangeSet {
        var result: [TimeRange] = []
        for range in (ranges + other.ranges).sorted(by: { $0.lower < $1.lower }) {
            if let last = result.last, last.upper == .max || range.lower <= last.upper + 1 {
                result[result.count - 1].upper = max(last.upper, range.upper)
            } else {
                result.append(range)
            }
        }
        return TimeRangeSet(ranges: result)
    }
}
