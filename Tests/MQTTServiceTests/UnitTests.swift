// SPDX-License-Identifier: Apache-2.0

import Ingestion
import ServerMetrics
import Synchronization
import Testing
import TimeSeriesModel

@testable import MQTTService

@Suite("mqtt_ingest_topics")
struct IngestTopicsTests {
    private static func matches(_ list: String, _ topic: String) throws -> Bool {
        let bytes = Array(topic.utf8)
        let topics = try IngestTopics(list)
        return topics.matches(bytes.span)
    }

    @Test(
        "filters",
        arguments: [
            ("#", "a", true), ("#", "a/b", true), ("#", "/", true), ("#", "$x", false), ("#", "$x/y", false),
            ("+", "a", true), ("+", "a/b", false), ("+", "$x", false), ("+/b", "a/b", true), ("+/b", "$a/b", false),
            ("a/#", "a", true), ("a/#", "a/b/c", true), ("a/#", "ab", false), ("a/#", "b", false),
            ("a/+/c", "a/b/c", true), ("a/+/c", "a//c", true), ("a/+/c", "a/b", false), ("a/+/c", "a/b/c/d", false),
            ("a/+", "a/", true), ("a/+", "a", false), ("a", "a", true), ("a", "a/", false), ("a/", "a/", true),
            ("/a", "/a", true), ("/a", "a", false), ("/+", "/a", true), ("A", "a", false),
            ("$x/#", "$x/y", true), ("$x/#", "$x", true), ("$x/+", "$x/y", true), ("#,$x/#", "$x/y", true),
            ("a,b/#", "b/c", true), (" a , b ", "b", true), ("a,b", "c", false), ("", "a", false), ("", "", false),
            ("\u{fc}/#", "\u{fc}/x", true),
        ])
    func filters(_ list: String, _ topic: String, _ expected: Bool) throws {
        #expect(try Self.matches(list, topic) == expected)
    }

    @Test("what is no filter is named", arguments: ["a#", "#/a", "a/#/b", "a+", "+a/b", "a/b+", "x,a#"])
    func illegal(_ list: String) {
        let error = #expect(throws: IngestTopicsError.self) { () throws in _ = try IngestTopics(list) }
        #expect(error?.message.contains("topic filter") == true)
    }
}

@Suite("The in-flight budget")
struct InFlightBudgetTests {
    @Test("pauses nobody up to half, the greedy up to the limit, and everybody beyond")
    func marks() {
        let budget = InFlightBudget(bytesMax: 1_600)
        budget.reserve(800)
        #expect(!budget.mustPause(ownBytes: 800))
        budget.reserve(1)
        #expect(!budget.mustPause(ownBytes: 100))
        #expect(budget.mustPause(ownBytes: 101))
        budget.reserve(799)
        #expect(!budget.mustPause(ownBytes: 100))
        budget.reserve(1)
        #expect(budget.mustPause(ownBytes: 1))
        #expect(budget.bytes == 1_601)
    }

    @Test("relief is told once, when the sum is at half again, and only if somebody waits")
    func relief() {
        let budget = InFlightBudget(bytesMax: 100)
        let calls = Mutex(0)
        budget.onRelief { calls.withLock { $0 += 1 } }
        budget.onRelief { calls.withLock { $0 += 10 } }
        budget.reserve(120)
        budget.release(120)
        #expect(calls.withLock { $0 } == 0)
        budget.reserve(120)
        #expect(budget.mustPause(ownBytes: 1))
        budget.release(60)
        #expect(calls.withLock { $0 } == 0)
        budget.release(10)
        #expect(calls.withLock { $0 } == 11)
        budget.release(50)
        #expect(calls.withLock { $0 } == 11)
        #expect(budget.bytes == 0)
    }

    @Test("whoever looks in vain is called by the next relief, though an earlier one took the mark")
    func lookedInVain() {
        let budget = InFlightBudget(bytesMax: 100)
        let calls = Mutex(0)
        budget.onRelief { calls.withLock { $0 += 1 } }
        budget.reserve(120)
        #expect(budget.mustPause(ownBytes: 1))
        budget.release(70)
        #expect(calls.withLock { $0 } == 1)
        // Before the one that was called could look, others took the room.
        budget.reserve(70)
        #expect(!budget.isRelieved())
        budget.release(70)
        #expect(calls.withLock { $0 } == 2)
        #expect(budget.isRelieved())
    }
}

@Suite("The refusal log")
struct RefusalLogTests {
    @Test("a few lines in a window, then the number of those that had none")
    func window() {
        var log = RefusalLog()
        let first = (0..<8).map { log.line(atMilliseconds: 1_000 + $0)?.suppressed }
        #expect(first == [0, 0, 0, 0, 0, nil, nil, nil])
        #expect(log.suppressed == 3)
        let next = log.line(atMilliseconds: 1_000 + RefusalLog.windowMilliseconds)?.suppressed
        #expect(next == 3)
        #expect(log.suppressed == 0)
    }

    @Test("a clock that is set back silences nobody")
    func clockSetBack() {
        var log = RefusalLog()
        for _ in 0..<6 { _ = log.line(atMilliseconds: 1_000_000) }
        let line = log.line(atMilliseconds: 0)?.suppressed
        #expect(line == 1)
    }

    @Test("text of a peer forges no lines")
    func escaping() {
        #expect(printable("a\nb\u{7f}\u{0}".utf8) == "a\\x0ab\\x7f\\x00")
        #expect(printable("\u{fc}".utf8) == "\u{fc}")
    }
}

@Suite("Verdicts on the wire")
struct VerdictMappingTests {
    @Test("reason codes")
    func reasonCodes() {
        let codes = IngestionVerdict.Outcome.allCases.map(\.reasonCode)
        #expect(codes == [0x00, 0x00, 0x00, 0x99, 0x83, 0x87])
        #expect(Set(IngestionVerdict.Outcome.allCases.map(\.label)).count == 6)
    }
}
