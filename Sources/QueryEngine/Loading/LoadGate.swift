// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets one LOAD in at a time, and none after the end of the service.
final class LoadGate: Sendable {
    private struct State {
        var isBusy = false
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Whether a LOAD under way has to stop.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// 301 while another LOAD runs.
    func enter() throws(StatementError) {
        let refusal: String? = state.withLock { state in
            if state.isClosed { return "the query service is closed" }
            if state.isBusy { return "another LOAD is under way; wait for its end" }
            state.isBusy = true
            return nil
        }
        if let refusal { throw .failed(refusal) }
    }

    func leave() { state.withLock { $0.isBusy = false } }

    func close() { state.withLock { $0.isClosed = true } }
}
