// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension ValueStatistics {
    /// The statistics of at least one value, in the order of time.
    init(_ type: DataType, _ slots: Span<UInt64>, text: Span<UInt8>) {
        let lastIndex = slots.count - 1
        switch type {
        case .boolean:
            var trues: Int64 = 0
            for index in slots.indices where slots[index] != 0 { trues &+= 1 }
            self = .boolean(first: slots[0] != 0, last: slots[lastIndex] != 0, sum: trues)
        case .int32, .date:
            self = .int32(Self.int32(slots))
        case .int64, .timestamp:
            self = .int64(Self.int64(slots))
        case .float:
            self = .float(Self.float(slots))
        case .double:
            self = .double(Self.double(slots))
        case .text:
            self = .text(first: Self.bytes(slots[0], text), last: Self.bytes(slots[lastIndex], text))
        case .string:
            self = Self.string(slots, text)
        case .blob:
            self = .none
        }
    }

    private static func int32(_ slots: Span<UInt64>) -> NumberStatistics<Int32, Int64> {
        let first = Int64(bitPattern: slots[0])
        var least = first, greatest = first, sum: Int64 = 0
        for index in slots.indices {
            let value = Int64(bitPattern: slots[index])
            least = min(least, value)
            greatest = max(greatest, value)
            sum &+= value
        }
        return NumberStatistics(
            min: Int32(truncatingIfNeeded: least), max: Int32(truncatingIfNeeded: greatest),
            first: Int32(truncatingIfNeeded: first), last: Int32(truncatingIfNeeded: slots[slots.count - 1]), sum: sum)
    }

    private static func int64(_ slots: Span<UInt64>) -> NumberStatistics<Int64, Double> {
        let first = Int64(bitPattern: slots[0])
        var least = first, greatest = first, sum = 0.0
        for index in slots.indices {
            let value = Int64(bitPattern: slots[index])
            least = min(least, value)
            greatest = max(greatest, value)
            sum += Double(value)
        }
        return NumberStatistics(
            min: least, max: greatest, first: first, last: Int64(bitPattern: slots[slots.count - 1]), sum: sum)
    }

    private static func float(_ slots: Span<UInt64>) -> NumberStatistics<Float, Double> {
        let first = Float(bitPattern: UInt32(truncatingIfNeeded: slots[0]))
        var least = first, greatest = first, sum = 0.0
        for index in slots.indices {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: slots[index]))
            if value < least { least = value }
            if value > greatest { greatest = value }
            sum += Double(value)
        }
        let last = Float(bitPattern: UInt32(truncatingIfNeeded: slots[slots.count - 1]))
        return NumberStatistics(min: least, max: greatest, first: first, last: last, sum: sum)
    }

    private static func double(_ slots: Span<UInt64>) -> NumberStatistics<Double, Double> {
        let first = Double(bitPattern: slots[0])
        var least = first, greatest = first, sum = 0.0
        for index in slots.indices {
            let value = Double(bitPattern: slots[index])
            if value < least { least = value }
            if value > greatest { greatest = value }
            sum += value
        }
        let last = Double(bitPattern: slots[slots.count - 1])
        return NumberStatistics(min: least, max: greatest, first: first, last: last, sum: sum)
    }

    private static func string(_ slots: Span<UInt64>, _ text: Span<UInt8>) -> ValueStatistics {
        var least = 0, greatest = 0
        for index in slots.indices {
            let value = text.extracting(ValueSlot.range(slots[index]))
            if ByteOrder.compare(value, text.extracting(ValueSlot.range(slots[least]))) < 0 { least = index }
            if ByteOrder.compare(value, text.extracting(ValueSlot.range(slots[greatest]))) > 0 { greatest = index }
        }
        return .string(
            first: bytes(slots[0], text), last: bytes(slots[slots.count - 1], text),
            min: bytes(slots[least], text), max: bytes(slots[greatest], text))
    }

    private static func bytes(_ slot: UInt64, _ text: Span<UInt8>) -> [UInt8] {
        let value = text.extracting(ValueSlot.range(slot))
        return unsafe value.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
