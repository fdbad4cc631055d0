// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import MQTTBroker

@Suite struct LogTests {
    @Test func aFloodBecomesACount() {
        let limit = LogLimit(), start = NIODeadline.uptimeNanoseconds(5)
        let admitted = (0..<100).filter { _ in limit.admits(at: start) }.count
        #expect(admitted == LogLimit.linesPerWindow)
        #expect(limit.takeSuppressed() == 100 - LogLimit.linesPerWindow)
        #expect(limit.takeSuppressed() == 0)
        #expect(!limit.admits(at: start + LogLimit.window - .nanoseconds(1)))
        #expect(limit.admits(at: start + LogLimit.window))
    }

    @Test func nobodyForgesLines() {
        #expect(printable("device-1 é") == "device-1 é")
        #expect(printable("a\nb\r\u{1b}[31m\u{7f}") == "a\\x0ab\\x0d\\x1b[31m\\x7f")
    }
}
