// SPDX-License-Identifier: Apache-2.0

/// The order of names and texts in the format: by unsigned UTF-8 bytes, a shorter prefix first.
///
/// Swift's own `==` and `<` on `String` work on canonical equivalence, which would take different names for equal.
enum ByteOrder {
    /// Below zero, zero or above, as `a` is before, equal to or after `b`.
    static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Int {
        let common = min(a.count, b.count)
        var index = 0
        while index < common {
            let x = a[index], y = b[index]
            if x != y { return Int(x) &- Int(y) }
            index &+= 1
        }
        return a.count &- b.count
    }

    static func compare(_ a: String, _ b: String) -> Int { compare(a.utf8Span.span, b.utf8Span.span) }

    static func isLess(_ a: [UInt8], _ b: [UInt8]) -> Bool { compare(a.span, b.span) < 0 }
}
