// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Synchronization

/// All connections of a server, over all event loops, and which of them has which client identifier.
package final class ClientRegistry: Sendable {
    private struct State {
        var nextNumber: UInt64 = 1
        var open: [UInt64: ConnectionHandle] = [:]
        var byClientID: [String: UInt64] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let unfinished = Atomic<Int>(0)

    /// No connections.
    package init() {}

    /// How many connections are open.
    package var connectionCount: Int { state.withLock { $0.open.count } }

    /// How many clients are let in.
    package var clientCount: Int { state.withLock { $0.byClientID.count } }

    /// Bytes of packets that have begun and not ended.
    package var unfinishedBytes: Int { unfinished.load(ordering: .relaxed) }

    /// Notes that a connection holds so many bytes of an unfinished packet more, or less; returns what all hold.
    func addUnfinished(_ bytes: Int) -> Int { unfinished.wrappingAdd(bytes, ordering: .relaxed).newValue }

    /// Ends every connection, on MQTT 5 with DISCONNECT of `reason`, and lets no new one in. Returns before they have ended.
    package func closeAll(reason: UInt8, message: String) { closeAll(reason: reason, message: message) {} }

    /// The same, but returns when all of them have ended and their wills are with the publish handler. Their event loops
    /// must still run.
    package func closeAllAndWait(reason: UInt8, message: String) async {
        await withCheckedContinuation { continuation in
            closeAll(reason: reason, message: message) { continuation.resume() }
        }
    }

    private func closeAll(reason: UInt8, message: String, allEnded: @escaping @Sendable () -> Void) {
        let handles = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        guard !handles.isEmpty else { return allEnded() }
        let closing = Closing(code: ReasonCode(rawValue: reason), reason: .server, message: message)
        let open = OpenCount(handles.count)
        for handle in handles {
            handle.end(closing) { if open.decrement() == 0 { allEnded() } }
        }
    }

    /// Connections that have not ended yet.
    private final class OpenCount: Sendable {
        private let count: Atomic<Int>
        init(_ count: Int) { self.count = Atomic(count) }
        func decrement() -> Int { count.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue }
    }

    /// Notes a connection that was just accepted, and numbers it; nil = there are too many, or the server stops.
    func open(limit: Int, _ handle: ConnectionHandle) -> UInt64? {
        state.withLock { state in
            guard !state.isClosed, state.open.count < limit else { return nil }
            let number = state.nextNumber
            state.nextNumber += 1
            state.open[number] = handle
            return number
        }
    }

    /// Gives `clientID` to connection `number`; returns the connection that had it before.
    func claim(_ clientID: String, for number: UInt64) -> ConnectionHandle? {
        state.withLock { state in
            let previous = state.byClientID.updateValue(number, forKey: clientID)
            return previous.flatMap { state.open[$0] }
        }
    }

    /// Forgets a connection that has ended.
    func close(_ number: UInt64, clientID: String) {
        state.withLock { state in
            state.open[number] = nil
            if state.byClientID[clientID] == number { state.byClientID[clientID] = nil }
        }
    }
}

/// The way to a connection from any thread.
struct ConnectionHandle: Sendable {
    /// Ends the connection on its event loop, then calls the last argument there.
    let end: @Sendable (Closing, _ ended: @escaping @Sendable () -> Void) -> Void
}
