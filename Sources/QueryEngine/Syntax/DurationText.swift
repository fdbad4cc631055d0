// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A span of time: calendar months and a fixed rest.
struct TimeSpan: Equatable, Sendable {
    var months: Int64
    /// In the server's precision.
    var units: Int64
}

/// Durations as text: one or more numbers with a unit, without blanks: `1d2h`, `500ms`, `1mo`.
enum DurationText {
    private static let unitNames = ["ms", "us", "ns", "mo", "y", "w", "d", "h", "m", "s"]

    /// Whether the text is a duration by its form.
    static func isDuration(_ text: some Sequence<UInt8>) -> Bool { parts(Array(text)) != nil }

    /// The span in units of `precision`; nil if it is out of range or not a duration. Fixed units that are finer than the
    /// precision are cut towards zero, all together.
    static func span(_ text: String, precision: TimestampPrecision) -> TimeSpan? {
        guard let parts = parts(Array(text.utf8)) else { return nil }
        var months: Int64 = 0, units: Int64 = 0, nanoseconds: Int64 = 0
        for part in parts {
            switch part.unit {
            case "y": guard add(part.count, times: 12, to: &months) else { return nil }
            case "mo": guard add(part.count, times: 1, to: &months) else { return nil }
            case "us": guard add(part.count, times: 1_000, to: &nanoseconds) else { return nil }
            case "ns": guard add(part.count, times: 1, to: &nanoseconds) else { return nil }
            default:
                let milliseconds = millisecondsPerUnit(part.unit)
                guard add(part.count, times: milliseconds * (precision.unitsPerSecond / 1_000), to: &units) else {
                    return nil
                }
            }
        }
        guard add(nanoseconds / (1_000_000_000 / precision.unitsPerSecond), times: 1, to: &units) else { return nil }
        return TimeSpan(months: months, units: units)
    }

    private static func millisecondsPerUnit(_ unit: String) -> Int64 {
        switch unit {
        case "w": 604_800_000
        case "d": 86_400_000
        case "h": 3_600_000
        case "m": 60_000
        case "s": 1_000
        default: 1
        }
    }

    private static func add(_ count: Int64, times factor: Int64, to sum: inout Int64) -> Bool {
        let (product, overflowed) = count.multipliedReportingOverflow(by: factor)
        let (total, overflowedAgain) = sum.addingReportingOverflow(product)
        sum = total
        return !overflowed && !overflowedAgain
    }

    private static func parts(_ text: [UInt8]) -> [(count: Int64, unit: String)]? {
        var parts: [(count: Int64, unit: String)] = []
        var index = 0
        while index < text.count {
            let first = index
            var count: Int64 = 0
            while index < text.count, text[index].isDigit {
                // A number too large to count is still a duration by its form; it fails when it is used.
                let (tens, overflowed) = count.multipliedReportingOverflow(by: 10)
                let (sum, overflowedAgain) = tens.addingReportingOverflow(Int64(text[index] - 0x30))
                count = overflowed || overflowedAgain ? .max : sum
                index += 1
            }
            guard index > first else { return nil }
            let rest = String(
                decoding: text[index...].prefix(2).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
            guard let unit = unitNames.first(where: { rest.hasPrefix($0) }) else { return nil }
            index += unit.utf8.count
            parts.append((count, unit))
        }
        return parts.isEmpty ? nil : parts
    }
}
