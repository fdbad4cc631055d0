// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol
package import NIOCore

/// What a ``LoadGenerator`` does.
package struct LoadSettings: Sendable {
    /// Appends the payload of message `index` of connection `connection` (both from 0) to an empty buffer; runs on the
    /// connection's event loop and should only copy and patch.
    package typealias PayloadProducer = @Sendable (_ connection: Int, _ index: Int, _ payload: inout ByteBuffer) -> Void

    /// Server, version and credentials. The client identifiers are the one in it, `-` and the number of the connection; if
    /// it is empty, the server makes them up (on 3.1: `load-` and the number).
    package var options: ClientOptions
    /// Connections at once.
    package var connections = 1
    /// Unacknowledged messages of each connection at most.
    package var inFlight = 20
    /// The QoS of every message.
    package var qualityOfService = QualityOfService.atLeastOnce
    /// Messages in all, spread evenly over the connections.
    package var messages = 1_000
    /// The topic of every message.
    package var topic = "apus/bench"
    /// Makes the payloads.
    package var payload: PayloadProducer
    /// A connection that makes no progress for so long ends the run with an error.
    package var stallTimeoutSeconds = 60

    /// Settings with the defaults.
    package init(options: ClientOptions, payload: @escaping PayloadProducer) {
        self.options = options
        self.payload = payload
    }

    /// The messages of one connection.
    func messages(ofConnection connection: Int) -> Int {
        messages / connections + (connection < messages % connections ? 1 : 0)
    }

    func options(ofConnection connection: Int) -> ClientOptions {
        var own = options
        if !own.clientID.isEmpty {
            own.clientID += "-\(connection)"
        } else if own.version == .v3_1 {
            own.clientID = "load-\(connection)"
        }
        return own
    }
}
