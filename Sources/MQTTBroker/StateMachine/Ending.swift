// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol

/// The end of a connection as the state machine decided it.
struct Ending: Equatable {
    /// For the counters.
    enum Cause: Equatable {
        /// The client was never let in.
        case refused(RefusalReason)
        /// The client was connected.
        case ended(EndReason)
    }

    var cause: Cause
    /// What an MQTT 5 client was or would be told.
    var code: ReasonCode
    /// For the log.
    var message: String
    /// Whether the will is due; there is one then.
    var publishesWill = false
    /// Whether the peer should get the time to read what was written to it.
    var lingers = false
}

/// Why the server ends a connection.
struct Closing: Sendable, Equatable {
    /// What an MQTT 5 client is told.
    var code: ReasonCode
    /// How it is counted.
    var reason: EndReason
    /// What an MQTT 5 client and the log are told.
    var message: String
}
