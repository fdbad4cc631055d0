// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The windows of a GROUP BY (`iotdb-sql.md` section 4.5), or the one window of an aggregation without.
struct WindowSchedule: Sendable {
    /// A window: its times, and the time that its row shows.
    struct Window: Equatable, Sendable {
        var range: TimeRange
        var label: Timestamp
    }

    /// How many windows there are.
    let count: Int
    private let windows: SelectStatement.Windows?
    private let range: SelectStatement.Windows.Range
    private let times: TimeContext

    /// One window with all times.
    init(times: TimeContext) {
        count = 1
        windows = nil
        range = SelectStatement.Windows.Range(start: 0, end: 0, closesRight: false)
        self.times = times
    }

    /// 701 for an empty range, or more windows than `countMax`.
    init(_ windows: SelectStatement.Windows, times: TimeContext, countMax: Int) throws(StatementError) {
        guard let range = windows.range else {
            throw .semantic("GROUP BY needs a time range: group by ([start, end), interval)")
        }
        guard range.start < range.end else {
            throw .semantic("the start of the GROUP BY range (\(range.start)) is not before its end (\(range.end))")
        }
        guard windows.step.months == 0 && windows.interval.months == 0 || times.zone != nil else {
            throw .semantic("the time zone `\(times.zoneID)` is not known, and months need one")
        }
        self.windows = windows
        self.range = range
        self.times = times
        let tooMany = StatementError.semantic(
            "GROUP BY makes more than \(countMax) windows (query_windows_max); choose a longer interval or a shorter range"
        )
        if windows.step.months == 0 {
            let length = UInt64(bitPattern: range.end &- range.start), step = UInt64(windows.step.units)
            let exact = length / step + (length % step == 0 ? 0 : 1)
            guard exact <= UInt64(countMax) else { throw tooMany }
            count = Int(exact)
        } else {
            // Calendar steps: the last window is found by bisection, as starts rise.
            var low = 1, high = countMax + 1
            while low < high {
                let middle = low + (high - low) / 2
                if let start = Self.start(of: middle, windows, range, times), start < range.end {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            guard low <= countMax else { throw tooMany }
            count = low
        }
    }

    /// Window `index` of ``count``.
    func window(_ index: Int) -> Window {
        guard let windows else { return Window(range: .all, label: 0) }
        guard let start = Self.start(of: index, windows, range, times), start < range.end else {
            return Window(range: TimeRange(range.end, range.end - 1), label: range.end)
        }
        let end = min(range.end, Self.end(of: index, windows, range, times) ?? range.end)
        return range.closesRight
            ? Window(range: TimeRange(start + 1, end), label: end)
            : Window(range: TimeRange(start, end - 1), label: start)
    }

    /// Nil = beyond what a timestamp can hold.
    private static func start(
        of index: Int, _ windows: SelectStatement.Windows, _ range: SelectStatement.Windows.Range, _ times: TimeContext
    ) -> Timestamp? {
        guard windows.step.months == 0 else {
            return moment(index, windows.step, TimeSpan(months: 0, units: 0), range.start, times)
        }
        // Wraps: the product alone may be beyond 64 bits, but `count` keeps the sum below the range's end.
        return range.start &+ windows.step.units &* Int64(index)
    }

    private static func end(
        of index: Int, _ windows: SelectStatement.Windows, _ range: SelectStatement.Windows.Range, _ times: TimeContext
    ) -> Timestamp? {
        guard windows.step.months == 0, windows.interval.months == 0 else {
            return moment(index, windows.step, windows.interval, range.start, times)
        }
        let start = range.start &+ windows.step.units &* Int64(index)
        let (end, overflowed) = start.addingReportingOverflow(windows.interval.units)
        return overflowed ? nil : end
    }

    /// `start + index * step + rest`; months are counted from the start, so that its day of the month is kept.
    private static func moment(
        _ index: Int, _ step: TimeSpan, _ rest: TimeSpan, _ start: Timestamp, _ times: TimeContext
    ) -> Timestamp? {
        let (months, a) = step.months.multipliedReportingOverflow(by: Int64(index))
        let (allMonths, b) = months.addingReportingOverflow(rest.months)
        let (units, c) = step.units.multipliedReportingOverflow(by: Int64(index))
        let (allUnits, d) = units.addingReportingOverflow(rest.units)
        guard !a, !b, !c, !d else { return nil }
        return try? times.adding(TimeSpan(months: allMonths, units: allUnits), to: start)
    }
}
