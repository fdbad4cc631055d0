// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

extension AggregateFunction {
    /// Whether the statistics of a file may know the result over values of the type.
    func isInStatistics(of type: DataType) -> Bool {
        switch self {
        case .count, .minTime, .maxTime, .timeDuration, .sum, .avg, .extreme: true
        case .minValue, .maxValue: type != .text && type != .blob
        case .firstValue, .lastValue: type != .blob
        default: false
        }
    }

    /// Whether these statistics give exactly what the points would give. Sums of decimal numbers are taken as they are: only
    /// the order of the additions differs, by which they may differ in their last digits.
    func isExact(in statistics: ValueStatistics, count: Int) -> Bool {
        switch self {
        case .count, .minTime, .maxTime, .timeDuration, .firstValue, .lastValue: return true
        case .sum, .avg:
            // The sum of INT64 is kept as a double, which is exact as long as no sum on the way was beyond 2^53.
            guard case .int64(let numbers) = statistics else { return true }
            let largest = max(numbers.min.magnitude, numbers.max.magnitude)
            let (bound, overflowed) = largest.multipliedReportingOverflow(by: UInt64(clamping: count))
            return !overflowed && bound <= 1 << 53
        case .minValue, .maxValue, .extreme:
            // A NaN that came first stays in the statistics, but numbers win over it here.
            switch statistics {
            case .float(let numbers): return !numbers.min.isNaN && !numbers.max.isNaN
            case .double(let numbers): return !numbers.min.isNaN && !numbers.max.isNaN
            default: return true
            }
        default: return false
        }
    }
}

extension Accumulator {
    /// Takes in points that only their statistics tell of, behind all earlier ones in time; the function must be exact in them.
    mutating func add(_ statistics: SeriesStatistics, of type: DataType, _ function: AggregateFunction) {
        guard statistics.count > 0 else { return }
        let isFirst = count == 0
        switch function {
        case .sum, .avg: addSum(statistics.values)
        case .firstValue: if isFirst { choose(statistics.values.first, type) }
        case .lastValue: choose(statistics.values.last, type)
        case .minValue: addCandidate(statistics.values.least, type, function, isFirst: isFirst)
        case .maxValue: addCandidate(statistics.values.greatest, type, function, isFirst: isFirst)
        case .extreme:
            addCandidate(statistics.values.least, type, function, isFirst: isFirst)
            addCandidate(statistics.values.greatest, type, function, isFirst: false)
        default: break
        }
        note(statistics.count, from: statistics.startTime, through: statistics.endTime)
    }

    private mutating func addSum(_ values: ValueStatistics) {
        switch values {
        case .int32(let numbers): add(integerSum: Int128(numbers.sum))
        case .int64(let numbers): add(integerSum: Int128(numbers.sum))
        case .float(let numbers): add(sum: numbers.sum)
        case .double(let numbers): add(sum: numbers.sum)
        default: break
        }
    }

    private mutating func choose(_ value: StatisticsValue?, _ type: DataType) {
        guard let column = value?.column(type) else { return }
        choose(column, 0)
    }

    private mutating func addCandidate(
        _ value: StatisticsValue?, _ type: DataType, _ function: AggregateFunction, isFirst: Bool
    ) {
        guard let column = value?.column(type) else { return }
        addBest(column, 0..<1, function, isFirst: isFirst)
    }
}

/// A value that statistics have, as a slot or bytes of a ``ValueColumn``.
private enum StatisticsValue {
    case slot(UInt64)
    case bytes([UInt8])

    func column(_ type: DataType) -> ValueColumn {
        var column = ValueColumn(type)
        switch self {
        case .slot(let slot): column.bits = [slot]
        case .bytes(let bytes): column.append(bytes: bytes.span)
        }
        return column
    }

    init(_ value: Int32) { self = .slot(UInt64(bitPattern: Int64(value))) }
    init(_ value: Int64) { self = .slot(UInt64(bitPattern: value)) }
    init(_ value: Float) { self = .slot(UInt64(value.bitPattern)) }
    init(_ value: Double) { self = .slot(value.bitPattern) }
    init(_ value: Bool) { self = .slot(value ? 1 : 0) }
}

extension ValueStatistics {
    fileprivate var first: StatisticsValue? {
        switch self {
        case .none: nil
        case .boolean(let first, _, _): StatisticsValue(first)
        case .int32(let numbers): StatisticsValue(numbers.first)
        case .int64(let numbers): StatisticsValue(numbers.first)
        case .float(let numbers): StatisticsValue(numbers.first)
        case .double(let numbers): StatisticsValue(numbers.first)
        case .text(let first, _), .string(let first, _, _, _): .bytes(first)
        }
    }

    fileprivate var last: StatisticsValue? {
        switch self {
        case .none: nil
        case .boolean(_, let last, _): StatisticsValue(last)
        case .int32(let numbers): StatisticsValue(numbers.last)
        case .int64(let numbers): StatisticsValue(numbers.last)
        case .float(let numbers): StatisticsValue(numbers.last)
        case .double(let numbers): StatisticsValue(numbers.last)
        case .text(_, let last), .string(_, let last, _, _): .bytes(last)
        }
    }

    fileprivate var least: StatisticsValue? {
        switch self {
        case .int32(let numbers): StatisticsValue(numbers.min)
        case .int64(let numbers): StatisticsValue(numbers.min)
        case .float(let numbers): StatisticsValue(numbers.min)
        case .double(let numbers): StatisticsValue(numbers.min)
        case .string(_, _, let least, _): .bytes(least)
        default: nil
        }
    }

    fileprivate var greatest: StatisticsValue? {
        switch self {
        case .int32(let numbers): StatisticsValue(numbers.max)
        case .int64(let numbers): StatisticsValue(numbers.max)
        case .float(let numbers): StatisticsValue(numbers.max)
        case .double(let numbers): StatisticsValue(numbers.max)
        case .string(_, _, _, let greatest): .bytes(greatest)
        default: nil
        }
    }
}
