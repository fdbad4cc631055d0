// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

@Suite("Time, mqtt-payloads 2.7")
struct TimeRuleTests {
    private func format(_ time: String, _ configure: (inout JSONFormatSettings) -> Void) -> Formatted {
        Formatted(row([("timestamp", time)]), configure)
    }

    @Test(
        "the range check follows the precision",
        arguments: [
            (.milliseconds, "10000000000000", true), (.milliseconds, "-10000000000000", true),
            (.milliseconds, "10000000000001", false), (.milliseconds, "-10000000000001", false),
            (.microseconds, "10000000000000000", true), (.microseconds, "-10000000000000000", true),
            (.microseconds, "10000000000000001", false), (.microseconds, "-10000000000000001", false),
            (.nanoseconds, "9223372036854775807", true), (.nanoseconds, "-9223372036854775808", true),
        ] as [(TimestampPrecision, String, Bool)])
    func range(_ precision: TimestampPrecision, _ time: String, _ isAccepted: Bool) {
        let result = format(time) { $0.precision = precision }
        #expect(result.problems == (isAccepted ? [] : ["bad_time element[-1,-1]"]))
        let text = format("\"\(time)\"") { $0.precision = precision }
        #expect(text.problems == result.problems)
        let decimal = format("\(time).0") { $0.precision = precision }
        #expect(decimal.problems == result.problems)
        let rows = Formatted(batch([("timestamps", "[1,\(time)]")])) { $0.precision = precision }
        #expect(rows.problems == (isAccepted ? [] : ["bad_time row[-1,1]"]))
    }

    @Test("without the check all 64 bits are times")
    func unchecked() {
        let result = format("9223372036854775807") { $0.checksTimestampRange = false }
        #expect(result.rows.times == [.max])
        #expect(format("9223372036854775808") { $0.checksTimestampRange = false }.problems.count == 1)
    }

    @Test("the message states the precision and the likely unit")
    func message() {
        let milliseconds = format("1586076045524000") { $0.precision = .milliseconds }
        #expect(milliseconds.messages[0].contains("timestamp_precision=ms"))
        #expect(milliseconds.messages[0].contains("is it in microseconds or nanoseconds?"))
        let microseconds = format("1586076045524000000") { $0.precision = .microseconds }
        #expect(microseconds.messages[0].contains("timestamp_precision=us"))
        #expect(microseconds.messages[0].contains("is it in nanoseconds?"))
    }

    @Test(
        "times in a coarser unit are stored and counted",
        arguments: [
            (.milliseconds, "1586076045", 1), (.milliseconds, "1586076045524", 0), (.milliseconds, "5", 0),
            (.milliseconds, "999999999", 0), (.milliseconds, "1000000000", 1), (.milliseconds, "9999999999", 1),
            (.milliseconds, "10000000000", 0), (.milliseconds, "-1586076045", 0), (.microseconds, "1586076045524", 1),
            (.microseconds, "1586076045524000", 0), (.nanoseconds, "1586076045524000", 1),
            (.nanoseconds, "1586076045524000000", 0),
        ] as [(TimestampPrecision, String, Int)])
    func suspicious(_ precision: TimestampPrecision, _ time: String, _ count: Int) {
        #expect(format(time) { $0.precision = precision }.count(.suspiciousTimestamp) == count)
        let rows = Formatted(batch([("timestamps", "[\(time),\(time)]")])) { $0.precision = precision }
        #expect(rows.count(.suspiciousTimestamp) == 2 * count)
        #expect(rows.lines.count == 2)
    }

    @Test("times of refused rows are not counted")
    func refusedRows() {
        let result = Formatted(row([("timestamp", "1586076045"), ("values", "[1]")]))
        #expect(result.count(.suspiciousTimestamp) == 0)
    }

    @Test("a missing time is refused, and the message names the switch")
    func missing() {
        let result = Formatted(row([("timestamp", nil)]))
        #expect(result.problems == ["missing_field element[-1,-1]"])
        #expect(result.messages[0].contains("mqtt_missing_timestamp=arrival"))
        #expect(result.rows.usesArrivalTime.isEmpty)
    }

    @Test("or filled with the arrival time, where that is switched on")
    func arrival() {
        func arrival(_ payload: String) -> Formatted { Formatted(payload) { $0.missingTimestamp = .arrival } }
        let missing = row([("timestamp", nil)])
        #expect(arrival(missing).rows.usesArrivalTime == [true])
        #expect(arrival(missing).rows.times == [0])
        let list = arrival("[\(row()),\(missing),\(batch()),\(missing),\(row())]")
        #expect(list.problems == [])
        #expect(list.rows.usesArrivalTime == [false, true, false, false, true, false])
        #expect(arrival(row()).rows.usesArrivalTime.isEmpty)
        #expect(arrival(row([("timestamp", "null")])).problems == ["bad_time element[-1,-1]"], "null is not missing")
        let nested = arrival(row([("timestamp", nil), ("values", "[[1,2]]")]))
        #expect(nested.problems == ["wrong_shape element[-1,-1]"])
        #expect(nested.rows.usesArrivalTime.isEmpty)
    }
}
