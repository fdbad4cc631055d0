// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Dates and date-times, iotdb-sql 1")
struct DateTimeTextTests {
    private func time(
        _ text: String, _ precision: TimestampPrecision = .milliseconds, offset: Int = 0
    ) -> Timestamp? {
        let bytes = Array(text.utf8)
        return DateTimeText.timestamp(bytes.span, precision: precision, defaultOffsetSeconds: offset)
    }

    private func date(_ text: String) -> Int32? {
        let bytes = Array(text.utf8)
        return DateTimeText.date(bytes.span)
    }

    @Test(
        "accepted forms",
        arguments: [
            ("1970-01-01", 0), ("1970/1/2", 86_400_000), ("1970.01.02", 86_400_000), ("1970-01-01T00:00:01", 1_000),
            ("1970-01-01 00:00:01", 1_000), ("1970-1-1t0:0:1", 1_000), ("1970-01-01T00:00:00.5", 500),
            ("1970-01-01T00:00:00.123456789", 123), ("1970-01-01T00:00:00Z", 0), ("1970-01-01T08:00:00+08:00", 0),
            ("1970-01-01T00:00:00-03:30", 12_600_000), ("2020-04-05T08:40:45.524Z", 1_586_076_045_524),
            ("1969-12-31T23:59:59.999", -1), ("2000-02-29", 951_782_400_000),
        ] as [(String, Timestamp)])
    func accepted(_ text: String, _ expected: Timestamp) {
        #expect(time(text) == expected)
    }

    @Test(
        "refused forms",
        arguments: [
            "", "1970", "1970-01", "1970-13-01", "1970-02-29", "1900-02-29", "1970-01-32", "1970-01/01", "70-01-01",
            "1970-01-01T", "1970-01-01T24:00:00", "1970-01-01T00:60:00", "1970-01-01T00:00:60", "1970-01-01T00:00",
            "1970-01-01T00:00:00.", "1970-01-01T00:00:00+8", "1970-01-01T00:00:00+19:00", "1970-01-01T00:00:00+08:60",
            "1970-01-01x", " 1970-01-01", "1970-01-01 ", "now()",
        ])
    func refused(_ text: String) {
        #expect(time(text) == nil)
    }

    @Test("the precision decides the unit, digits beyond it are cut")
    func precision() {
        #expect(time("1970-01-01T00:00:01.123456789", .microseconds) == 1_123_456)
        #expect(time("1970-01-01T00:00:01.123456789", .nanoseconds) == 1_123_456_789)
        #expect(time("9999-12-31", .nanoseconds) == nil, "beyond 64 bits")
        #expect(time("9999-12-31", .microseconds) != nil)
    }

    @Test("without an offset the default holds")
    func defaultOffset() {
        #expect(time("1970-01-01T08:00:00", offset: 28_800) == 0)
        #expect(time("1970-01-01T08:00:00Z", offset: 28_800) == 28_800_000)
    }

    @Test("DATE is yyyy-MM-dd and nothing else")
    func dates() {
        #expect(date("2024-02-29") == 20_240_229)
        #expect(date("0001-01-01") == 10_101)
        for text in ["2023-02-29", "2024-2-29", "2024/02/29", "0000-01-01", "2024-02-290", "2024-02-29T", "", "x"] {
            #expect(date(text) == nil, "\(text)")
        }
    }
}

@Suite("The calendar")
struct CivilDateTests {
    @Test("known days")
    func knownDays() throws {
        #expect(try #require(CivilDate(year: 1970, month: 1, day: 1)).daysSinceEpoch == 0)
        #expect(try #require(CivilDate(year: 2000, month: 3, day: 1)).daysSinceEpoch == 11_017)
        #expect(try #require(CivilDate(year: 1, month: 1, day: 1)).daysSinceEpoch == -719_162)
    }

    @Test("every day of 800 years around the epoch follows its predecessor")
    func everyDay() throws {
        var expected = try #require(CivilDate(year: 1600, month: 1, day: 1))
        let first = expected.daysSinceEpoch
        for days in first..<first + 292_194 {
            guard CivilDate(daysSinceEpoch: days) == expected, expected.daysSinceEpoch == days else {
                Issue.record("day \(days)")
                return
            }
            if let next = CivilDate(year: expected.year, month: expected.month, day: expected.day + 1) {
                expected = next
            } else if let next = CivilDate(year: expected.year, month: expected.month + 1, day: 1) {
                expected = next
            } else {
                expected = try #require(CivilDate(year: expected.year + 1, month: 1, day: 1))
            }
        }
    }

    @Test(
        "days that do not exist",
        arguments: [
            (2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0), (1_000_001, 1, 1),
        ])
    func nonexistent(_ year: Int, _ month: Int, _ day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }
}
