// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A column named twice (`mqtt-payloads.md` section 2.3). Spellings that differ only in back quotes are found later, where
/// paths are judged.
extension JSONReader {
    /// The second of two equal names.
    @inline(__always)
    func repeatedName(_ rows: borrowing IncomingRows) -> JSONDefect? {
        let count = rows.measurements.count - element.firstMeasurement
        guard count > 1 else { return nil }
        guard count <= 16 else { return repeatedNameAmongMany(rows) }
        let names = rows.measurements.span
        let text = rows.text.span
        for second in element.firstMeasurement + 1..<rows.measurements.count {
            for first in element.firstMeasurement..<second where Self.areEqual(names[first], names[second], text) {
                return defect(names[second])
            }
        }
        return nil
    }

    /// As above by a hash table, so that many columns do not cost their square.
    @inline(never)
    private func repeatedNameAmongMany(_ rows: borrowing IncomingRows) -> JSONDefect? {
        let names = rows.measurements.span
        let text = rows.text.span
        let count = rows.measurements.count - element.firstMeasurement
        let mask = (1 << (Int.bitWidth - (count * 2).leadingZeroBitCount)) - 1
        var slots = [Int32](repeating: -1, count: mask + 1)
        for index in element.firstMeasurement..<rows.measurements.count {
            var slot = Self.hash(names[index], text) & mask
            while slots[slot] >= 0 {
                if Self.areEqual(names[Int(slots[slot])], names[index], text) { return defect(names[index]) }
                slot = (slot + 1) & mask
            }
            slots[slot] = Int32(truncatingIfNeeded: index)
        }
        return nil
    }

    private func defect(_ name: TextRange) -> JSONDefect { JSONDefect(.measurementTwice, at: name.range) }

    @inline(__always)
    private static func areEqual(_ lhs: TextRange, _ rhs: TextRange, _ text: Span<UInt8>) -> Bool {
        guard lhs.length == rhs.length else { return false }
        let first = Int(lhs.offset), second = Int(rhs.offset)
        for index in 0..<Int(lhs.length) where text[first + index] != text[second + index] { return false }
        return true
    }

    /// Over 8 bytes at a time. The seed differs from process to process, so that names cannot be chosen to collide.
    @inline(__always)
    private static func hash(_ name: TextRange, _ text: Span<UInt8>) -> Int {
        var hash = seed ^ UInt64(name.length)
        var word: UInt64 = 0
        var filled = 0
        for index in name.range {
            word = word << 8 | UInt64(text[index])
            filled += 1
            if filled == 8 {
                hash = mixed(hash ^ word)
                (word, filled) = (0, 0)
            }
        }
        return Int(truncatingIfNeeded: mixed(hash ^ word))
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        return product.high ^ product.low
    }

    private static let seed = UInt64.random(in: 1...UInt64.max)
}
