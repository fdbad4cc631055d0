// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Keeps a flood of bad clients from becoming a flood of log lines: some in a window, then only a count.
final class LogLimit: Sendable {
    static let linesPerWindow = 20
    static let window = TimeAmount.seconds(10)

    private struct State {
        var windowEnd: NIODeadline?
        var lines = 0
        var suppressed = 0
    }

    private let state = Mutex(State())

    /// Whether a line may be written now.
    func admits(at now: NIODeadline) -> Bool {
        state.withLock { state in
            if now >= state.windowEnd ?? .distantPast {
                state.windowEnd = now + Self.window
                state.lines = 0
            }
            guard state.lines < Self.linesPerWindow else {
                state.suppressed += 1
                return false
            }
            state.lines += 1
            return true
        }
    }

    /// How many lines were not written since this was last asked.
    func takeSuppressed() -> Int {
        state.withLock { state in
            defer { state.suppressed = 0 }
            return state.suppressed
        }
    }
}

/// Text of a peer for a log line: control characters escaped, so that nobody forges lines.
func printable(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return text }
    return text.unicodeScalars.reduce(into: "") { shown, scalar in
        if scalar.value < 0x20 || scalar.value == 0x7f {
            shown += "\\x\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
        } else {
            shown.unicodeScalars.append(scalar)
        }
    }
}
