// SPDX-License-Identifier: Apache-2.0

/// Decides which refusals of one client become log lines: a few in a window, then one line with the number of those
/// suppressed (`mqtt-payloads.md` section 10.3). Counters are not limited by it.
struct RefusalLog {
    static let linesPerWindow = 5
    static let windowMilliseconds: Int64 = 10_000

    private var windowStart: Int64 = .min
    private var lines = 0
    /// Refusals since the last line that had none.
    private(set) var suppressed = 0

    /// Nil = say nothing now; otherwise write a line that mentions so many suppressed ones.
    mutating func line(atMilliseconds now: Int64) -> (suppressed: Int, Void)? {
        if windowStart == .min || now - windowStart >= Self.windowMilliseconds || now < windowStart {
            windowStart = now
            lines = 0
        }
        guard lines < Self.linesPerWindow else {
            suppressed += 1
            return nil
        }
        lines += 1
        defer { suppressed = 0 }
        return (suppressed, ())
    }
}
