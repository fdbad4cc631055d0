// SPDX-License-Identifier: Apache-2.0

/// What begins with a digit: a date, a number, a duration, or a name such as `2nd_pump`.
struct NumberScanner {
    let bytes: [UInt8]
    let start: Int

    /// The longest of them that is one.
    func scan() -> (kind: Token.Kind, length: Int) {
        if let end = dateTimeEnd() { return (.dateTime, end - start) }
        let end = numberEnd()
        // `1d`, `2nd`: the number is only the beginning.
        if end < bytes.count, IdentifierRules.length(ofCharacterAt: end, in: bytes) > 0 { return word() }
        return (isInteger(start..<end) ? .integer : .decimal, end - start)
    }

    /// As a node of a path, where `1.5` are two nodes.
    func node() -> (kind: Token.Kind, length: Int) { word() }

    /// The run of identifier characters: a number after all, a duration or a name.
    private func word() -> (kind: Token.Kind, length: Int) {
        let length = IdentifierRules.length(ofWordAt: start, in: bytes)
        let range = start..<start + length
        if isInteger(range) { return (.integer, length) }
        if isExponential(range) { return (.decimal, length) }
        return (DurationText.isDuration(bytes[range]) ? .duration : .word, length)
    }

    private func isInteger(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy(\.isDigit) }

    /// `1e3`.
    private func isExponential(_ range: Range<Int>) -> Bool {
        let parts = bytes[range].split(separator: UInt8(ascii: "e"), omittingEmptySubsequences: false)
        let upper = bytes[range].split(separator: UInt8(ascii: "E"), omittingEmptySubsequences: false)
        return [parts, upper].contains { $0.count == 2 && $0.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isDigit) } }
    }

    /// End of `12`, `1.5`, `.5`, `1.`, `1e3`, `1.5E-3`.
    private func numberEnd() -> Int {
        var end = digitsEnd(start)
        if byte(end) == UInt8(ascii: ".") { end = digitsEnd(end + 1) }
        if byte(end) | 0x20 == UInt8(ascii: "e") {
            let isSigned = byte(end + 1) == UInt8(ascii: "-") || byte(end + 1) == UInt8(ascii: "+")
            let digits = end + (isSigned ? 2 : 1)
            if byte(digits).isDigit { end = digitsEnd(digits) }
        }
        return end
    }

    /// End of `Y-M-D`, `Y/M/D`, `Y.M.D` with a year of at least four digits, and of what may follow; nil if there is none.
    private func dateTimeEnd() -> Int? {
        let year = digitsEnd(start)
        let separator = byte(year)
        guard year - start >= 4, year - start <= 6, separator != 0, "-/.".utf8.contains(separator) else { return nil }
        let month = digitsEnd(year + 1)
        guard (1...2).contains(month - year - 1), byte(month) == separator else { return nil }
        let day = digitsEnd(month + 1)
        guard (1...2).contains(day - month - 1) else { return nil }
        guard let time = timeEnd(day) else { return day }
        return time
    }

    /// End of `T` or a blank, `H:M:S`, a fraction and an offset, all at `date`; nil if there is no time.
    private func timeEnd(_ date: Int) -> Int? {
        guard byte(date) == UInt8(ascii: " ") || byte(date) | 0x20 == UInt8(ascii: "t") else { return nil }
        let hour = digitsEnd(date + 1)
        guard hour > date + 1, byte(hour) == UInt8(ascii: ":") else { return nil }
        let minute = digitsEnd(hour + 1)
        guard minute > hour + 1, byte(minute) == UInt8(ascii: ":") else { return nil }
        var end = digitsEnd(minute + 1)
        guard end > minute + 1 else { return nil }
        if byte(end) == UInt8(ascii: "."), byte(end + 1).isDigit { end = digitsEnd(end + 1) }
        return offsetEnd(end) ?? end
    }

    private func offsetEnd(_ time: Int) -> Int? {
        if byte(time) | 0x20 == UInt8(ascii: "z") { return time + 1 }
        guard byte(time) == UInt8(ascii: "+") || byte(time) == UInt8(ascii: "-") else { return nil }
        let hours = digitsEnd(time + 1)
        guard hours > time + 1, byte(hours) == UInt8(ascii: ":"), byte(hours + 1).isDigit else { return nil }
        return digitsEnd(hours + 1)
    }

    private func digitsEnd(_ from: Int) -> Int {
        var end = from
        while end < bytes.count, bytes[end].isDigit { end += 1 }
        return min(end, max(from, bytes.count))
    }

    private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
}
