// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The state of one aggregate function over the points of one window.
struct Accumulator: Sendable {
    /// About what one takes, without the text that it keeps (``textByteCount``).
    static let byteCount = 128

    private(set) var count: Int64 = 0
    private var firstTime: Timestamp = 0
    private var lastTime: Timestamp = 0
    /// The sum of decimal numbers, or the mean of the variance functions.
    private(set) var sum = 0.0
    /// The sum of integers: exact, so that it is the same in whatever pieces the points come.
    private(set) var integerSum: Int128 = 0
    /// Sum of squared distances from the mean (Welford).
    private var squares = 0.0
    /// The chosen value of min, max, first, last, extreme.
    var bits: UInt64 = 0
    var bytes: [UInt8] = []

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
        note(range.count, from: points.times[range.lowerBound], through: points.times[range.upperBound - 1])
    }

    /// Counts points, behind all earlier ones in time.
    mutating func note(_ points: Int, from first: Timestamp, through last: Timestamp) {
        if count == 0 { firstTime = first }
        lastTime = last
        count += Int64(points)
    }

    /// Adds a sum that somebody else has made.
    mutating func add(sum: Double) { self.sum += sum }

    mutating func add(integerSum: Int128) { self.integerSum &+= integerSum }

    mutating func choose(_ values: borrowing ValueColumn, _ index: Int) {
        bits = values.bits[index]
        if values.type.isVariableLength { bytes = Array(values.bytes[values.range(at: index)]) }
    }

    private mutating func addSum(_ values: borrowing ValueColumn, _ range: Range<Int>) {
        let slots = values.bits.span.extracting(range)
        switch values.type {
        case .double:
            var sum = sum
            for index in slots.indices { sum += Double(bitPattern: slots[index]) }
            self.sum = sum
        case .float:
            var sum = sum
            for index in slots.indices {
                sum += Double(Float(bitPattern: UInt32(truncatingIfNeeded: slots[index])))
            }
            self.sum = sum
        default:
            var sum = integerSum
            for index in slots.indices { sum &+= Int128(Int64(bitPattern: slots[index])) }
            integerSum = sum
        }
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
        case .sum: column.append(.double(sum + Double(integerSum)))
        case .avg: column.append(.double((sum + Double(integerSum)) / Double(count)))
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
