// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Synchronization
import TimeSeriesModel

/// Where log lines go.
protocol LogSink: Sendable {
    func write(_ line: String)
}

/// Standard error; a line is one write, and lines of several threads do not mix.
final class StandardErrorSink: LogSink {
    private let lock = Mutex(())

    func write(_ line: String) {
        lock.withLock { _ in
            var bytes = Array(line.utf8)[...]
            while !bytes.isEmpty {
                let written = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
                }
                if written < 0, errno == EINTR { continue }
                // Nobody reads the log: there is nobody to tell either.
                guard written > 0 else { return }
                bytes = bytes.dropFirst(written)
            }
        }
    }
}

/// Hands log messages to a sink, as lines.
struct LineLogHandler: LogHandler {
    let label: String
    let format: LogFormat
    let sink: any LogSink
    let clock: any WallClock
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = event.metadata.map { metadata.merging($0) { $1 } } ?? metadata
        if let error = event.error { all["error"] = "\(error)" }
        let sorted = all.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
        let message = LogMessage(
            time: LogTime.text(nanoseconds: clock.nanosecondsSinceEpoch()), level: "\(event.level)", label: label,
            text: "\(event.message)", metadata: sorted)
        sink.write(format.line(message))
    }
}

/// The times of log lines.
enum LogTime {
    /// `2026-01-31T23:59:59.123Z`.
    static func text(nanoseconds: Int64) -> String {
        let day: Int64 = 86_400_000_000_000
        let days = nanoseconds >= 0 ? nanoseconds / day : (nanoseconds + 1) / day - 1
        let date = CivilDate(daysSinceEpoch: Int(days))
        let milliseconds = Int((nanoseconds - days * day) / 1_000_000)
        let minutes = milliseconds / 60_000
        let calendar = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let clock = "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2)):\(padded(milliseconds / 1_000 % 60, 2))"
        return "\(calendar)T\(clock).\(padded(milliseconds % 1_000, 3))Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
