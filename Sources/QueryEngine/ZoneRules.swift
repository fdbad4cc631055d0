// SPDX-License-Identifier: Apache-2.0

/// What is east of UTC when: handed in, so that the engine needs no zone database.
package protocol ZoneRules: Sendable {
    /// Seconds east of UTC at a local time, itself given as if it were UTC (seconds since the epoch). Of two possible
    /// offsets the earlier; in a gap the one before it.
    func offsetSeconds(atLocalSeconds seconds: Int64) -> Int
    /// Seconds east of UTC at a moment.
    func offsetSeconds(atSeconds seconds: Int64) -> Int
}

/// A zone that never changes.
package struct FixedZone: ZoneRules {
    package let seconds: Int

    /// Seconds east of UTC.
    package init(seconds: Int) { self.seconds = seconds }

    /// `Z`, `UTC`, `GMT`, `+08:00`, `-0330`, `UTC+8`, `GMT+08:00`; nil for any other text, and beyond 18 hours.
    package init?(id: String) {
        var rest = Array(id.utf8)
        for prefix in ["UTC", "GMT"] where id.uppercased().hasPrefix(prefix) { rest.removeFirst(prefix.utf8.count) }
        if rest.isEmpty || id == "Z" || id == "z" {
            guard !id.isEmpty else { return nil }
            seconds = 0
            return
        }
        let isNegative = rest[0] == UInt8(ascii: "-")
        guard isNegative || rest[0] == UInt8(ascii: "+") else { return nil }
        let digits = rest.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard (1...4).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let (hours, minutes) = digits.count <= 2 ? (number, 0) : (number / 100, number % 100)
        guard hours <= 18, minutes < 60 else { return nil }
        seconds = (isNegative ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    package func offsetSeconds(atLocalSeconds seconds: Int64) -> Int { self.seconds }
    package func offsetSeconds(atSeconds seconds: Int64) -> Int { self.seconds }
}
