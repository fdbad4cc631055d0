// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import Testing
import TimeSeriesModel

@testable import ApusServer

private final class ListSink: LogSink {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func write(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct FixedClock: WallClock {
    func nanosecondsSinceEpoch() -> Int64 { 1_769_903_999_045_000_000 }
}

@Suite struct LogTests {
    private let sink = ListSink()

    private func logger(_ format: LogFormat, _ level: Logger.Level = .info) -> Logger {
        Logger(label: "apus.mqtt") { label in
            LineLogHandler(label: label, format: format, sink: sink, clock: FixedClock(), logLevel: level)
        }
    }

    @Test func textLine() {
        logger(.text).warning("publish refused", metadata: ["client": "a b", "topic": "x", "empty": ""])
        #expect(
            sink.all == [
                "2026-01-31T23:59:59.045Z WARNING  apus.mqtt: publish refused client=\"a b\" empty=\"\" topic=x\n"
            ])
    }

    @Test func jsonLine() {
        logger(.json).info("say \"hi\"", metadata: ["level": "mine", "path": "a\\b"])
        #expect(
            sink.all == [
                #"{"time":"2026-01-31T23:59:59.045Z","level":"info","logger":"apus.mqtt","message":"say \"hi\"","#
                    + #""metadata_level":"mine","path":"a\\b"}"# + "\n"
            ])
    }

    /// What a client sends cannot forge another line.
    @Test(arguments: [LogFormat.text, .json])
    func aMessageIsOneLine(format: LogFormat) {
        logger(format).info("a\nb\u{2028}c\u{7}", metadata: ["k": "x\r\ny"])
        #expect(sink.all.count == 1)
        #expect(sink.all.first?.dropLast().contains { $0.isNewline } == false)
        #expect(sink.all.first?.contains("\\u0007") == true)
        #expect(sink.all.first?.contains("x\\r\\ny") == true)
    }

    @Test func levelsBelowAreDropped() {
        var quiet = logger(.text, .error)
        quiet.warning("no")
        quiet[metadataKey: "room"] = "x"
        quiet.error("yes")
        #expect(sink.all.count == 1)
        #expect(sink.all.first?.contains("yes room=x") == true)
    }
}
