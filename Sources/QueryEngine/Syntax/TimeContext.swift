// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What times in a statement depend on.
struct TimeContext: Sendable {
    var precision: TimestampPrecision
    /// Nil = unknown zone.
    var zone: (any ZoneRules)?
    var zoneID: String
    /// When the statement began.
    var now: Timestamp

    /// The timestamp of a date-time; 701 if there is no such day, hour or offset, or the zone is needed and unknown.
    func timestamp(_ text: String) throws(StatementError) -> Timestamp {
        let bytes = Array(text.utf8)
        guard let asUTC = DateTimeText.timestamp(bytes.span, precision: precision, defaultOffsetSeconds: 0) else {
            throw .semantic("`\(text)` is not a date and time that this server can hold")
        }
        // With another default the result differs exactly if the text has no offset.
        let shifted = DateTimeText.timestamp(bytes.span, precision: precision, defaultOffsetSeconds: 60)
        if shifted == asUTC { return asUTC }
        guard let zone else {
            throw .semantic("the time zone `\(zoneID)` is not known; name an offset such as +08:00 in the time")
        }
        let units = precision.unitsPerSecond
        let offset = zone.offsetSeconds(atLocalSeconds: asUTC.floored(by: units))
        let (time, overflowed) = asUTC.subtractingReportingOverflow(Int64(offset) * units)
        guard !overflowed else { throw .semantic("`\(text)` is outside of what a timestamp can hold") }
        return time
    }

    /// `time + span` (or `-`), months by the calendar of the zone, the day of the month kept or clipped to its length.
    func adding(_ span: TimeSpan, to time: Timestamp, isNegative: Bool = false) throws(StatementError) -> Timestamp {
        var result = time
        if span.months != 0 { result = try addingMonths(isNegative ? -span.months : span.months, to: time) }
        let (sum, overflowed) =
            isNegative
            ? result.subtractingReportingOverflow(span.units) : result.addingReportingOverflow(span.units)
        guard !overflowed else { throw .semantic("the time is outside of what a timestamp can hold") }
        return sum
    }

    private func addingMonths(_ months: Int64, to time: Timestamp) throws(StatementError) -> Timestamp {
        guard let zone else { throw .semantic("the time zone `\(zoneID)` is not known, and months need one") }
        guard abs(months) < 12_000_000 else { throw .semantic("the time is outside of what a timestamp can hold") }
        let units = precision.unitsPerSecond
        let seconds = time.floored(by: units)
        let local = seconds + Int64(zone.offsetSeconds(atSeconds: seconds))
        let days = local.floored(by: 86_400)
        let date = CivilDate(daysSinceEpoch: Int(days))
        let month = Int64(date.year) * 12 + Int64(date.month - 1) + months
        let (year, index) = (Int(month.floored(by: 12)), Int(month - month.floored(by: 12) * 12) + 1)
        guard
            let moved = CivilDate(
                year: year, month: index, day: min(date.day, CivilDate.days(in: index, of: year)))
        else { throw .semantic("the time is outside of what a timestamp can hold") }
        let movedLocal = Int64(moved.daysSinceEpoch) * 86_400 + (local - days * 86_400)
        let movedSeconds = movedLocal - Int64(zone.offsetSeconds(atLocalSeconds: movedLocal))
        let (product, overflowed) = movedSeconds.multipliedReportingOverflow(by: units)
        // Wraps: the second's start may be before the first timestamp, the part within the second is exact all the same.
        let (sum, overflowedAgain) = product.addingReportingOverflow(time &- seconds &* units)
        guard !overflowed, !overflowedAgain else {
            throw .semantic("the time is outside of what a timestamp can hold")
        }
        return sum
    }
}

extension Int64 {
    /// Division rounded down.
    func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
