// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// MIN_VALUE, MAX_VALUE, EXTREME. Of equal values the first stays; NaN wins only where there is nothing else.
extension Accumulator {
    mutating func addBest(
        _ values: borrowing ValueColumn, _ range: Range<Int>, _ function: AggregateFunction, isFirst: Bool
    ) {
        var start = range.lowerBound
        if isFirst {
            choose(values, start)
            start += 1
        }
        guard start < range.upperBound else { return }
        switch values.type {
        case .double: addBestDouble(values, start..<range.upperBound, function)
        case .float: addBestFloat(values, start..<range.upperBound, function)
        case .text, .string, .blob: addBestText(values, start..<range.upperBound, function)
        default: addBestInteger(values, start..<range.upperBound, function)
        }
    }

    private mutating func addBestDouble(
        _ values: borrowing ValueColumn, _ range: Range<Int>, _ function: AggregateFunction
    ) {
        let slots = values.bits.span.extracting(range)
        var best = Double(bitPattern: bits)
        switch function {
        case .minValue:
            for index in slots.indices {
                let value = Double(bitPattern: slots[index])
                if value < best || best.isNaN { best = value }
            }
        case .maxValue:
            for index in slots.indices {
                let value = Double(bitPattern: slots[index])
                if value > best || best.isNaN { best = value }
            }
        default:
            for index in slots.indices {
                let value = Double(bitPattern: slots[index])
                if Self.isMoreExtreme(value, than: best) { best = value }
            }
        }
        bits = best.bitPattern
    }

    private mutating func addBestFloat(
        _ values: borrowing ValueColumn, _ range: Range<Int>, _ function: AggregateFunction
    ) {
        let slots = values.bits.span.extracting(range)
        var best = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
        for index in slots.indices {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: slots[index]))
            let isBetter: Bool
            switch function {
            case .minValue: isBetter = value < best || best.isNaN
            case .maxValue: isBetter = value > best || best.isNaN
            default: isBetter = Self.isMoreExtreme(Double(value), than: Double(best))
            }
            if isBetter { best = value }
        }
        bits = UInt64(best.bitPattern)
    }

    private mutating func addBestInteger(
        _ values: borrowing ValueColumn, _ range: Range<Int>, _ function: AggregateFunction
    ) {
        let slots = values.bits.span.extracting(range)
        var best = Int64(bitPattern: bits)
        switch function {
        case .minValue: for index in slots.indices { best = min(best, Int64(bitPattern: slots[index])) }
        case .maxValue: for index in slots.indices { best = max(best, Int64(bitPattern: slots[index])) }
        default:
            for index in slots.indices {
                let value = Int64(bitPattern: slots[index])
                if Self.isMoreExtreme(value, than: best) { best = value }
            }
        }
        bits = UInt64(bitPattern: best)
    }

    private mutating func addBestText(
        _ values: borrowing ValueColumn, _ range: Range<Int>, _ function: AggregateFunction
    ) {
        for index in range {
            let value = values.bytes[values.range(at: index)]
            let isBetter =
                function == .minValue
                ? value.lexicographicallyPrecedes(bytes) : bytes.lexicographicallyPrecedes(value)
            if isBetter { choose(values, index) }
        }
    }

    /// Farther from zero; of the same distance the positive one.
    static func isMoreExtreme(_ value: Double, than best: Double) -> Bool {
        value.magnitude > best.magnitude || value.magnitude == best.magnitude && value > best || best.isNaN
    }

    static func isMoreExtreme(_ value: Int64, than best: Int64) -> Bool {
        value.magnitude > best.magnitude || value.magnitude == best.magnitude && value > best
    }
}
