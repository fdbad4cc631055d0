// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization
import Testing

@testable import ApusServer

@Suite struct ReadyLineTests {
    private final class Output: Sendable {
        private let text = Mutex("")
        var all: String { text.withLock { $0 } }
        func write(_ more: String) { text.withLock { $0 += more } }
    }

    private let output = Output()

    private func line(_ open: [ReadyLine.Door]) -> ReadyLine {
        let output = self.output
        return ReadyLine(open: open) { output.write($0) }
    }

    @Test func printsOnceWhenAllDoorsAreOpen() throws {
        let ready = line([.mqtt, .rest])
        ready.opened(.rest, at: try SocketAddress(ipAddress: "127.0.0.1", port: 18_080))
        #expect(output.all == "")
        ready.opened(.mqtt, at: try SocketAddress(ipAddress: "::", port: 1_883))
        #expect(output.all == "apus is ready: mqtt [::]:1883, rest 127.0.0.1:18080\n")
    }

    @Test func closedDoorsAreOff() throws {
        line([.rest]).opened(.rest, at: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        #expect(output.all == "apus is ready: mqtt off, rest 127.0.0.1:1\n")
    }

    @Test func noDoorAtAll() {
        line([]).allClosed()
        #expect(output.all == "apus is ready: mqtt off, rest off\n")
    }
}
