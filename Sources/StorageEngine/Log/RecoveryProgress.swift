// SPDX-License-Identifier: Apache-2.0

import Logging
import ServerMetrics
import TimeSeriesModel

/// What a start says about the log that it replays: at once how much there is, every few seconds how far it is, and at the end
/// what it was.
struct RecoveryProgress {
    /// Pause between two lines.
    static let intervalNanoseconds: Int64 = 5_000_000_000
    /// Bytes between two looks at the clock.
    private static let stepBytes = 64 * 1024

    private let logger: Logger
    private let clock: any MonotonicClock
    private let start: Int64
    /// Bytes of the segments to read.
    let totalBytes: Int
    /// Bytes read so far.
    private(set) var bytes = 0
    private var segmentBytes = 0
    private var latestLine: Int64
    private var nextLook = 0

    init(totalBytes: Int, segments: Int, _ environment: StorageEnvironment) {
        logger = environment.logger
        clock = environment.monotonicClock
        start = clock.nanoseconds()
        latestLine = start
        self.totalBytes = totalBytes
        guard totalBytes > segments * SegmentHeader.byteCount else { return }
        logger.notice(
            "replaying the log", metadata: ["bytes": "\(totalBytes)", "segments": "\(segments)"])
    }

    /// Seconds since the begin.
    var seconds: Double { Double(max(0, clock.nanoseconds() - start)) / 1e9 }

    /// The segment under way is read up to `offset`.
    mutating func reached(_ offset: Int) {
        bytes = segmentBytes + offset
        guard bytes >= nextLook else { return }
        nextLook = bytes + Self.stepBytes
        let now = clock.nanoseconds()
        guard now - latestLine >= Self.intervalNanoseconds else { return }
        latestLine = now
        logger.notice(
            "still replaying the log",
            metadata: [
                "bytes": "\(bytes)", "of": "\(totalBytes)",
                "percent": "\(totalBytes > 0 ? Int(Double(bytes) / Double(totalBytes) * 100) : 100)",
                "seconds": "\(tenths(seconds))",
            ])
    }

    /// The segment under way ends.
    mutating func finishSegment(_ end: Int) {
        reached(end)
        segmentBytes = bytes
    }

    /// The last line.
    func finish(segments: Int, records: Int, points: Int, through sequence: LogSequence) {
        guard records > 0 else { return }
        logger.notice(
            "replayed the log",
            metadata: [
                "segments": "\(segments)", "bytes": "\(bytes)", "records": "\(records)", "points": "\(points)",
                "through": "\(sequence)", "seconds": "\(tenths(seconds))",
            ])
    }

    private func tenths(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }
}
