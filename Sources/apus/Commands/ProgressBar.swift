// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// How far something is, as one line of standard error that is written over; nothing where that is no terminal.
///
/// Any thread may report; the line changes at most ten times a second.
final class ProgressBar: Sendable {
    /// What is counted.
    enum Unit: Sendable {
        case bytes
        case count(String)
    }

    private struct State {
        var done = 0
        var total: Int
        var shownAt: Int64 = .min
        var shownLength = 0
    }

    /// Columns of the line at most, so that it fits on a terminal.
    static let widthMax = 78
    private static let barWidth = 24
    private static let intervalNanoseconds: Int64 = 100_000_000

    private let title: String
    private let unit: Unit
    private let isShown: Bool
    private let start: Int64
    private let state: Mutex<State>

    /// `total` = 0: not known. `isShown` = false keeps it silent on a terminal, too (--json).
    init(_ title: String, total: Int = 0, unit: Unit, isShown: Bool = true) {
        self.title = title
        self.unit = unit
        self.isShown = isShown && isatty(STDERR_FILENO) == 1
        start = Self.now()
        state = Mutex(State(total: total))
    }

    /// More is done.
    func advance(by amount: Int) { change { $0.done &+= amount } }

    /// So much of so much is done.
    func set(_ done: Int, of total: Int) {
        change { state in
            state.done = done
            state.total = total
        }
    }

    /// Ends the line. What is written to standard error afterwards begins a line of its own.
    func finish() { write(isLast: true) }

    /// Makes room for other text: the bar comes back with the next report.
    func clear() {
        guard isShown else { return }
        state.withLock { state in
            guard state.shownLength > 0 else { return }
            writeError("\r" + String(repeating: " ", count: state.shownLength) + "\r")
            state.shownLength = 0
            state.shownAt = .min
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let isDue = state.withLock { state in
            body(&state)
            return isShown && (state.shownAt == .min || Self.now() &- state.shownAt >= Self.intervalNanoseconds)
        }
        if isDue { write(isLast: false) }
    }

    private func write(isLast: Bool) {
        guard isShown else { return }
        state.withLock { state in
            let now = Self.now()
            let text = Self.text(
                title, done: state.done, total: state.total, unit: unit, seconds: Double(now &- start) / 1e9)
            let padding = String(repeating: " ", count: max(0, state.shownLength - text.count))
            writeError("\r\(text)\(padding)\(isLast ? "\n" : "")")
            state.shownLength = text.count
            state.shownAt = now
        }
    }

    /// The line, for example `check [######······] 50 %  1.2 GB of 2.4 GB  310 MB/s  4 s left`.
    static func text(_ title: String, done: Int, total: Int, unit: Unit, seconds: Double) -> String {
        let rate = seconds > 0.2 ? Double(done) / seconds : 0
        let speed = rate > 0 ? "  \(amount(whole(rate), unit))/s" : ""
        guard total > 0 else { return String("\(title)  \(amount(done, unit))\(speed)".prefix(widthMax)) }
        let fraction = min(1, max(0, Double(done) / Double(total)))
        let filled = Int(fraction * Double(barWidth))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled)
        let left = rate > 0 && done < total ? "  \(whole((Double(total - done) / rate).rounded(.up))) s left" : ""
        let text =
            "\(title) [\(bar)] \(Int(fraction * 100)) %  \(amount(done, unit)) of \(amount(total, unit))\(speed)\(left)"
        return String(text.prefix(widthMax))
    }

    /// Never traps: a slow beginning makes the rest take ages.
    private static func whole(_ value: Double) -> Int { value < 9e18 ? Int(value.rounded()) : .max }

    private static func amount(_ number: Int, _ unit: Unit) -> String {
        switch unit {
        case .bytes: ByteCountText.text(number)
        case .count(let name): "\(number) \(name)"
        }
    }

    private static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Numbers of bytes for people.
enum ByteCountText {
    /// `999 B`, `1.5 kB`, `23 MB`: powers of 1,000, two digits where there is one before the point.
    static func text(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if value < 999.5 || unit == "TB" {
                guard unit != "B", value < 9.95 else { return "\(Int(value.rounded())) \(unit)" }
                let tenths = Int((value * 10).rounded())
                return "\(tenths / 10).\(tenths % 10) \(unit)"
            }
            value /= 1_000
        }
        return "\(count) B"
    }
}
