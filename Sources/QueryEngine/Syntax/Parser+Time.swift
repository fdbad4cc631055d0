// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Parser {
    /// A time: a date-time, `now()`, or an integer in the server's precision, plus or minus durations.
    mutating func time() throws(StatementError) -> Timestamp {
        let token = current
        let isNegative = isSymbol("-")
        if isNegative || isSymbol("+") { advance() }
        if current.kind == .integer {
            let text = (isNegative ? "-" : "") + current.text
            guard let value = Int64(text) else { throw .semantic("the time \(text) is out of range") }
            advance()
            return value
        }
        guard token == current, let start = try timeStart() else { throw unexpected(expecting: "a time") }
        return try withDurations(start).time
    }

    /// `now()` or a date-time, if one comes next.
    mutating func timeStart() throws(StatementError) -> (time: Timestamp, text: String)? {
        if current.kind == .dateTime {
            let text = current.text
            let time = try times.timestamp(text)
            advance()
            return (time, text)
        }
        guard isKeyword("NOW"), isSymbol("(", peek()), isSymbol(")", peek(2)) else { return nil }
        let text = current.text + "()"
        for _ in 0..<3 { advance() }
        return (times.now, text)
    }

    /// Adds the durations that follow.
    mutating func withDurations(
        _ start: (time: Timestamp, text: String)
    ) throws(StatementError) -> (time: Timestamp, text: String) {
        var (time, text) = start
        while isSymbol("+") || isSymbol("-"), peek().kind == .duration {
            let isNegative = isSymbol("-")
            advance()
            text += (isNegative ? " - " : " + ") + current.text
            time = try times.adding(try duration(), to: time, isNegative: isNegative)
        }
        return (time, text)
    }

    /// A duration; 701 if it is nothing in the server's precision.
    mutating func duration() throws(StatementError) -> TimeSpan {
        let token = current
        guard token.kind == .duration else { throw unexpected(expecting: "a duration such as 1h") }
        advance()
        guard let span = DurationText.span(token.text, precision: times.precision) else {
            throw .semantic("the duration \(token.text) is out of range")
        }
        guard span.months > 0 || span.units > 0 else {
            throw .semantic("the duration \(token.text) is 0 in the server's precision (\(times.precision.rawValue))")
        }
        return span
    }
}
