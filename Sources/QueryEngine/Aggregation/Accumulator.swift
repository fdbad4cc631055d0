// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The state of one aggregate function over the points of one window.
struct Accumulator: Sendable {
    /// About what one takes, without the text that it keeps (``textByteCount``).
    static let byteCount = 96

    private var count: Int64 = 0
    private var firstTime: Timestamp = 0
    private var lastTime: Timestamp = 0
    /// The sum, or the mean of the variance functions.
    private var sum = 0.0
    /// Sum of squared distances from the mean (Welford).
    private var squares = 0.0
    /// The chosen value of min, max, first, last, extreme.
    private var bits: UInt64 = 0
    private var bytes: [UInt8] = []

    /// Bytes of the text that it keeps.
    var textByteCount: Int { bytes.count }

    /// Takes in points `range` of a column, behind all earlier ones in time.
    mutating func add(_ points: borrowing PointColumn, _ range: Range<Int>, _ function: AggregateFunction) {
        guard !range.isEmpty else { return }
        let isFirst = count == 0
        switch function {
        case .count, .minTime, .maxTime, .timeDuration: break
        case .sum, .avg: addSum(points.values, range)
        case .firstValue: if isFirst { choose(points.values, range.lowerBound) }
        case .lastValue: choose(points.values, range.upperBound - 1)
        case .minValue, .maxValue, .extreme: addBest(points.values, range, function, isFirst: isFirst)
        default: addVariance(points.values, range)
        }
        if isFirst { firstTime = points.times[range.lowerBound] }
        lastTime = points.times[range.upperBound - 1]
        count += Int64(range.count)
    }

    private mutating func choose(_ values: borrowing ValueColumn, _ index: Int) {
        bits = values.bits[index]
        if values.type.isVariableLength { bytes = Array(values.bytes[values.range(at: index)]) }
    }

    private mutating func addSum(_ values: borrowing ValueColumn, _ range: Range<Int>) {
        var sum = sum
        switch values.type {
        case .double: for index in range { sum += Double(bitPattern: values.bits[index]) }
        case .float:
            for index in range { sum += Double(Float(bitPattern: UInt32(truncatingIfNeeded: values.bits[index]))) }
        default: for index in range { sum += Double(Int64(bitPattern: values.bits[index])) }
        }
        self.sum = sum
    }

    private mutating func addVariance(_ values: borrowing ValueColumn, _ range: Range<Int>) {
        var seen = Double(count)
        for index in range {
            seen += 1
            let value = values.double(at: index)
            let distance = value - sum
            sum += distance / seen
            squares += distance * (value - sum)
        }
    }

    /// NaN wins only where there is nothing else.
    private mutating func addBest(
        _ values: borrowing ValueColumn, _ range: Range<Int>, _ function: AggregateFunction, isFirst: Bool
    ) {
        var start = range.lowerBound
        if isFirst {
            choose(values, start)
            start += 1
        }
        for index in start..<range.upperBound where isBetter(values, index, function) { choose(values, index) }
    }

    private func isBetter(_ values: borrowing ValueColumn, _ index: Int, _ function: AggregateFunction) -> Bool {
        if values.type.isVariableLength {
            let value = values.bytes[values.range(at: index)]
            return function == .minValue
                ? value.lexicographicallyPrecedes(bytes) : bytes.lexicographicallyPrecedes(value)
        }
        if values.type == .double || values.type == .float {
            let value = values.double(at: index), best = Self.double(bits, values.type)
            if best.isNaN { return !value.isNaN }
            switch function {
            case .minValue: return value < best
            case .maxValue: return value > best
            default: return abs(value) > abs(best) || abs(value) == abs(best) && value > best
            }
        }
        let value = Int64(bitPattern: values.bits[index]), best = Int64(bitPattern: bits)
        switch function {
        case .minValue: return value < best
        case .maxValue: return value > best
        default: return value.magnitude > best.magnitude || value.magnitude == best.magnitude && value > best
        }
    }

    fileprivate static func double(_ bits: UInt64, _ type: DataType) -> Double {
        switch type {
        case .double: Double(bitPattern: bits)
        case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        default: Double(Int64(bitPattern: bits))
        }
    }

    /// Appends the result to a column of the function's result type.
    func appendResult(_ function: AggregateFunction, to column: inout CellColumn) {
        if function == .count {
            column.append(.int64(count))
            return
        }
        guard count > 0 else {
            column.appendNull()
            return
        }
        switch function {
        case .sum: column.append(.double(sum))
        case .avg: column.append(.double(sum / Double(count)))
        case .minTime: column.append(.int64(firstTime))
        case .maxTime: column.append(.int64(lastTime))
        case .timeDuration: column.append(.int64(lastTime &- firstTime))
        case .variancePopulation: column.append(.double(squares / Double(count)))
        case .stddevPopulation: column.append(.double((squares / Double(count)).squareRoot()))
        case .stddev, .stddevSample, .variance, .varianceSample: appendSample(function, to: &column)
        default: column.append(bits: bits, bytes: bytes)
        }
    }

    /// One point has no variance as a sample.
    private func appendSample(_ function: AggregateFunction, to column: inout CellColumn) {
        guard count > 1 else {
            column.appendNull()
            return
        }
        let variance = squares / Double(count - 1)
        let isDeviation = function == .stddev || function == .stddevSample
        column.append(.double(isDeviation ? variance.squareRoot() : variance))
    }
}

extension ValueColumn {
    /// Value `index` of a numeric column.
    func double(at index: Int) -> Double { Accumulator.double(bits[index], type) }
}

extension CellColumn {
    /// Appends a value given as slot and, for variable-length types, bytes.
    mutating func append(bits slot: UInt64, bytes text: [UInt8]) {
        presence.append(true)
        guard type.isVariableLength else {
            bits.append(slot)
            return
        }
        bits.append(UInt64(bytes.count) << 32 | UInt64(text.count))
        bytes += text
    }
}
