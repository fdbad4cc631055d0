// SPDX-License-Identifier: Apache-2.0

extension SeriesStatistics {
    /// The first field in which these statistics, as a file states them, differ from those computed of what they stand for; nil
    /// if none does. Sums of floating-point numbers may differ by what the order of adding makes.
    func difference(from computed: SeriesStatistics) -> String? {
        if count != computed.count { return "\(computed.count) points where the statistics say \(count)" }
        guard count > 0 else { return nil }
        if startTime != computed.startTime {
            return "first time \(computed.startTime) where the statistics say \(startTime)"
        }
        if endTime != computed.endTime { return "last time \(computed.endTime) where the statistics say \(endTime)" }
        return values.difference(from: computed.values, count: count)
    }
}

extension ValueStatistics {
    fileprivate func difference(from computed: ValueStatistics, count: Int) -> String? {
        switch (self, computed) {
        case (.none, .none):
            nil
        case (.boolean(let first, let last, let sum), .boolean(let otherFirst, let otherLast, let otherSum)):
            Self.different("first", first, otherFirst) ?? Self.different("last", last, otherLast)
                ?? Self.different("sum", sum, otherSum)
        case (.int32(let a), .int32(let b)):
            a.difference(from: b) ?? Self.different("sum", a.sum, b.sum)
        case (.int64(let a), .int64(let b)):
            a.difference(from: b) ?? Self.sums(a.sum, b.sum, count, Double(a.min), Double(a.max))
        case (.float(let a), .float(let b)):
            a.difference(from: b) ?? Self.sums(a.sum, b.sum, count, Double(a.min), Double(a.max))
        case (.double(let a), .double(let b)):
            a.difference(from: b) ?? Self.sums(a.sum, b.sum, count, a.min, a.max)
        case (.text(let first, let last), .text(let otherFirst, let otherLast)):
            Self.texts("first", first, otherFirst) ?? Self.texts("last", last, otherLast)
        case (.string(let first, let last, let least, let greatest), .string(let oFirst, let oLast, let oMin, let oMax)):
            Self.texts("first", first, oFirst) ?? Self.texts("last", last, oLast) ?? Self.texts("min", least, oMin)
                ?? Self.texts("max", greatest, oMax)
        default:
            "statistics of another type"
        }
    }

    fileprivate static func different<Field: Equatable>(_ name: String, _ stated: Field, _ computed: Field) -> String? {
        // A NaN is no other than a NaN.
        if stated == computed || (stated != stated && computed != computed) { return nil }
        return "\(name) \(computed) where the statistics say \(stated)"
    }

    private static func texts(_ name: String, _ stated: [UInt8], _ computed: [UInt8]) -> String? {
        stated == computed ? nil : "another \(name) text of \(computed.count) bytes than the statistics say"
    }

    /// Adding in another order changes a sum by some units in the last place of the largest that may be reached.
    private static func sums(
        _ stated: Double, _ computed: Double, _ count: Int, _ least: Double, _ greatest: Double
    ) -> String? {
        if !stated.isFinite && !computed.isFinite { return nil }
        let reach = Double(count) * max(abs(least), abs(greatest))
        if abs(stated - computed) <= reach * 1e-9 { return nil }
        return different("sum", stated, computed)
    }
}

extension NumberStatistics {
    fileprivate func difference(from computed: Self) -> String? {
        ValueStatistics.different("min", min, computed.min) ?? ValueStatistics.different("max", max, computed.max)
            ?? ValueStatistics.different("first", first, computed.first)
            ?? ValueStatistics.different("last", last, computed.last)
    }
}
