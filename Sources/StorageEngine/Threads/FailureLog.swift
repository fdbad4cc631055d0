// SPDX-License-Identifier: Apache-2.0

/// Which failures of something that is tried again and again are worth a line: the first, then one after pauses that double.
struct FailureLog {
    /// The first pause and the longest one.
    static let pauseMin: Int64 = 10_000_000_000
    static let pauseMax: Int64 = 3_600_000_000_000

    /// A line that is worth writing: how often it failed so far.
    struct Line: Equatable {
        var failures: UInt64
    }

    private var failures: UInt64 = 0
    private var pause = Self.pauseMin
    private var nextLine = Int64.min

    /// It failed once more; `now` is the monotonic clock's. nil = say nothing.
    mutating func failed(at now: Int64) -> Line? {
        failures += 1
        if failures > 1 {
            guard now >= nextLine else { return nil }
            pause = min(pause * 2, Self.pauseMax)
        }
        nextLine = now.addingReportingOverflow(pause).partialValue
        return Line(failures: failures)
    }

    /// It succeeded; returns how often it had failed before.
    mutating func succeeded() -> UInt64 {
        defer { self = FailureLog() }
        return failures
    }
}
