// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension ValueColumn {
    /// Appends value `index` of another column in this column's type, which ``mayWrite(_:into:)`` has allowed. Returns whether
    /// the value is unchanged.
    @discardableResult
    mutating func append(converting source: borrowing ValueColumn, at index: Int) -> Bool {
        let bits = source.bits[index]
        switch (source.type, type) {
        case (.float, .double):
            self.bits.append(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))).bitPattern)
            return true
        case (.double, .double), (.float, .float):
            self.bits.append(bits)
            return true
        case (_, .double):
            let integer = Int64(bitPattern: bits)
            self.bits.append(Double(integer).bitPattern)
            return Int64(exactly: Double(integer)) == integer
        case (_, .float):
            let integer = Int64(bitPattern: bits)
            self.bits.append(UInt64(Float(integer).bitPattern))
            return Int64(exactly: Float(integer)) == integer
        case (_, .text), (_, .string), (_, .blob):
            append(bytes: source.bytes.span.extracting(source.range(at: index)))
            return true
        default:
            // Integers and timestamps share the sign-extended 64-bit form.
            self.bits.append(bits)
            return true
        }
    }
}
