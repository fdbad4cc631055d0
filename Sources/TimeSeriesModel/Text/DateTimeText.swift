// SPDX-License-Identifier: Apache-2.0

/// Dates and date-times as IoTDB writes them (`iotdb-sql.md` section 1).
package enum DateTimeText {
    /// `yyyy-MM-dd` as year * 10000 + month * 100 + day; nil for any other text and days that do not exist.
    package static func date(_ text: Span<UInt8>) -> Int32? {
        guard text.count == 10 else { return nil }
        var reader = Reader(text: text)
        guard let year = reader.digits(4...4), reader.take("-"), let month = reader.digits(2...2), reader.take("-"),
            let day = reader.digits(2...2), year >= 1, CivilDate(year: year, month: month, day: day) != nil
        else { return nil }
        return Int32(year * 10_000 + month * 100 + day)
    }

    /// `Y-M-D` (or `/`, `.`), optionally `T` or a blank and `H:M:S[.fraction]`, optionally an offset `+08:00` or `Z`, in
    /// units of `precision`; digits beyond it are cut. Without an offset `defaultOffsetSeconds` (east of UTC) holds.
    package static func timestamp(
        _ text: Span<UInt8>, precision: TimestampPrecision, defaultOffsetSeconds: Int
    ) -> Timestamp? {
        var reader = Reader(text: text)
        guard let year = reader.digits(4...6), let separator = reader.separator(), let month = reader.digits(1...2),
            reader.take(separator), let day = reader.digits(1...2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var seconds = 0, fraction: Int64 = 0, offset = defaultOffsetSeconds
        if reader.take("T") || reader.take("t") || reader.take(" ") {
            guard let hour = reader.digits(1...2), hour < 24, reader.take(":"), let minute = reader.digits(1...2),
                minute < 60, reader.take(":"), let second = reader.digits(1...2), second < 60
            else { return nil }
            seconds = hour * 3_600 + minute * 60 + second
            if reader.take(".") {
                guard let value = reader.fraction(unitsPerSecond: precision.unitsPerSecond) else { return nil }
                fraction = value
            }
            if let written = reader.offset() {
                guard let value = written.seconds else { return nil }
                offset = value
            }
        }
        guard reader.isAtEnd else { return nil }
        let total = Int64(date.daysSinceEpoch * 86_400 + seconds - offset)
        let (units, overflowed) = total.multipliedReportingOverflow(by: precision.unitsPerSecond)
        let (sum, overflowedAgain) = units.addingReportingOverflow(fraction)
        return overflowed || overflowedAgain ? nil : sum
    }

    private struct Reader: ~Escapable {
        let text: Span<UInt8>
        var index = 0

        @_lifetime(copy text)
        init(text: Span<UInt8>) { self.text = text }

        var isAtEnd: Bool { index == text.count }

        @_lifetime(self: copy self)
        mutating func take(_ character: Character) -> Bool {
            guard index < text.count, text[index] == character.asciiValue else { return false }
            index += 1
            return true
        }

        @_lifetime(self: copy self)
        mutating func separator() -> Character? {
            for character: Character in ["-", "/", "."] where take(character) { return character }
            return nil
        }

        @_lifetime(self: copy self)
        mutating func digits(_ counts: ClosedRange<Int>) -> Int? {
            var value = 0, count = 0
            while index < text.count, text[index] &- 0x30 < 10, count < counts.upperBound {
                value = value * 10 + Int(text[index] &- 0x30)
                (index, count) = (index + 1, count + 1)
            }
            return counts.contains(count) ? value : nil
        }

        @_lifetime(self: copy self)
        mutating func fraction(unitsPerSecond: Int64) -> Int64? {
            var unit = unitsPerSecond, value: Int64 = 0, count = 0
            while index < text.count, text[index] &- 0x30 < 10 {
                unit /= 10
                value += unit * Int64(text[index] &- 0x30)
                (index, count) = (index + 1, count + 1)
            }
            return count > 0 ? value : nil
        }

        /// Nil = nothing written; `seconds` nil = written wrongly.
        @_lifetime(self: copy self)
        mutating func offset() -> (seconds: Int?, Void)? {
            if take("Z") || take("z") { return (0, ()) }
            let isNegative = index < text.count && text[index] == UInt8(ascii: "-")
            guard take("+") || take("-") else { return nil }
            guard let hours = digits(1...2), hours <= 18, take(":"), let minutes = digits(2...2), minutes < 60 else {
                return (nil, ())
            }
            let seconds = hours * 3_600 + minutes * 60
            return (isNegative ? -seconds : seconds, ())
        }
    }
}
