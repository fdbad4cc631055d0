// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// What a page, a chunk or a series of a file holds, without its points (`tsfile.md` section 6).
package struct SeriesStatistics: Sendable, Equatable {
    /// Points; zero only in empty chunks of aligned devices.
    package var count: Int
    /// The earliest time; `Int64.max` when empty.
    package var startTime: Timestamp
    /// The latest time; `Int64.min` when empty.
    package var endTime: Timestamp
    /// First, last, least, greatest value and sum, as far as the type has them.
    package var values: ValueStatistics

    /// From the first to the last time; empty when there are no points.
    package var timeRange: TimeRange { TimeRange(startTime, endTime) }

    /// The statistics of points with rising times, at least one.
    init(times: Span<Int64>, slots: Span<UInt64>, text: Span<UInt8>, type: DataType) {
        count = times.count
        startTime = times[0]
        endTime = times[times.count - 1]
        values = ValueStatistics(type, slots, text: text)
    }

    init(count: Int, startTime: Timestamp, endTime: Timestamp, values: ValueStatistics) {
        self.count = count
        self.startTime = startTime
        self.endTime = endTime
        self.values = values
    }

    /// The part that all types have.
    var head: StatisticsHead { StatisticsHead(count: count, startTime: startTime, endTime: endTime) }

    /// The statistics of nothing: of a chunk of an aligned device without a value, or of a time column (no type).
    static func empty(_ type: DataType?) -> Self {
        Self(count: 0, startTime: .max, endTime: .min, values: ValueStatistics.empty(type))
    }

    /// Adds another piece of the same series.
    package mutating func merge(_ other: SeriesStatistics) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        values.merge(other.values, takesFirst: other.startTime < startTime, takesLast: other.endTime > endTime)
        count += other.count
        startTime = min(startTime, other.startTime)
        endTime = max(endTime, other.endTime)
    }
}

/// The value part of ``SeriesStatistics``, by type.
package enum ValueStatistics: Sendable, Equatable {
    /// BLOB, and the time column of an aligned device: no fields.
    case none
    /// BOOLEAN; the sum counts the trues.
    case boolean(first: Bool, last: Bool, sum: Int64)
    /// INT32 and DATE; the sum wraps in 64 bits.
    case int32(NumberStatistics<Int32, Int64>)
    /// INT64 and TIMESTAMP.
    case int64(NumberStatistics<Int64, Double>)
    case float(NumberStatistics<Float, Double>)
    case double(NumberStatistics<Double, Double>)
    /// TEXT.
    case text(first: [UInt8], last: [UInt8])
    /// STRING; least and greatest by bytes.
    case string(first: [UInt8], last: [UInt8], min: [UInt8], max: [UInt8])
}

/// Statistics of numbers. `min` and `max` begin with the first value and change only for a smaller or greater one, so a NaN
/// never replaces a number, and a NaN that came first stays.
package struct NumberStatistics<Number: Comparable & Sendable, Sum: Sendable & Equatable>: Sendable, Equatable {
    package var min: Number
    package var max: Number
    package var first: Number
    package var last: Number
    package var sum: Sum

    init(min: Number, max: Number, first: Number, last: Number, sum: Sum) {
        self.min = min
        self.max = max
        self.first = first
        self.last = last
        self.sum = sum
    }

    /// `sum` is the sum of both, which only the caller can add.
    func merged(with other: Self, takesFirst: Bool, takesLast: Bool, sum: Sum) -> Self {
        Self(
            min: other.min < min ? other.min : min, max: other.max > max ? other.max : max,
            first: takesFirst ? other.first : first, last: takesLast ? other.last : last, sum: sum)
    }
}

extension ValueStatistics {
    /// All fields zero or empty.
    static func empty(_ type: DataType?) -> Self {
        switch type {
        case nil, .blob: .none
        case .boolean: .boolean(first: false, last: false, sum: 0)
        case .int32, .date: .int32(NumberStatistics(min: 0, max: 0, first: 0, last: 0, sum: 0))
        case .int64, .timestamp: .int64(NumberStatistics(min: 0, max: 0, first: 0, last: 0, sum: 0))
        case .float: .float(NumberStatistics(min: 0, max: 0, first: 0, last: 0, sum: 0))
        case .double: .double(NumberStatistics(min: 0, max: 0, first: 0, last: 0, sum: 0))
        case .text: .text(first: [], last: [])
        case .string: .string(first: [], last: [], min: [], max: [])
        }
    }

    mutating func merge(_ other: ValueStatistics, takesFirst: Bool, takesLast: Bool) {
        switch (self, other) {
        case (.none, .none):
            break
        case (.boolean(let first, let last, let sum), .boolean(let otherFirst, let otherLast, let otherSum)):
            self = .boolean(
                first: takesFirst ? otherFirst : first, last: takesLast ? otherLast : last, sum: sum &+ otherSum)
        case (.int32(let a), .int32(let b)):
            self = .int32(a.merged(with: b, takesFirst: takesFirst, takesLast: takesLast, sum: a.sum &+ b.sum))
        case (.int64(let a), .int64(let b)):
            self = .int64(a.merged(with: b, takesFirst: takesFirst, takesLast: takesLast, sum: a.sum + b.sum))
        case (.float(let a), .float(let b)):
            self = .float(a.merged(with: b, takesFirst: takesFirst, takesLast: takesLast, sum: a.sum + b.sum))
        case (.double(let a), .double(let b)):
            self = .double(a.merged(with: b, takesFirst: takesFirst, takesLast: takesLast, sum: a.sum + b.sum))
        case (.text(let first, let last), .text(let otherFirst, let otherLast)):
            self = .text(first: takesFirst ? otherFirst : first, last: takesLast ? otherLast : last)
        case (.string(let first, let last, let least, let greatest), .string(let oFirst, let oLast, let oMin, let oMax)):
            self = .string(
                first: takesFirst ? oFirst : first, last: takesLast ? oLast : last,
                min: ByteOrder.isLess(oMin, least) ? oMin : least,
                max: ByteOrder.isLess(greatest, oMax) ? oMax : greatest)
        default:
            preconditionFailure("pieces of a series have one type")
        }
    }
}
