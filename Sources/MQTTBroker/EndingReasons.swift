// SPDX-License-Identifier: Apache-2.0

/// Why a client was not let in; the raw value orders the counters.
package enum RefusalReason: Int, Sendable, CaseIterable {
    /// No or a broken CONNECT, or another packet first.
    case notMQTT
    /// No CONNECT in time, or gone before its answer.
    case timeout
    /// A version that is not spoken here.
    case version
    /// The client identifier.
    case identifier
    /// The credentials.
    case credentials
    /// Known, but not allowed here.
    case notAuthorized
    /// Too many connections or logins at once, or the server stops.
    case busy
    /// Something in CONNECT that this server does not do.
    case notSupported

    /// The label of its counter.
    package var label: String {
        switch self {
        case .notMQTT: "not_mqtt"
        case .timeout: "timeout"
        case .version: "version"
        case .identifier: "identifier"
        case .credentials: "credentials"
        case .notAuthorized: "not_authorized"
        case .busy: "busy"
        case .notSupported: "not_supported"
        }
    }
}

/// Why a connected client is no longer; the raw value orders the counters.
package enum EndReason: Int, Sendable, CaseIterable {
    /// It said DISCONNECT.
    case disconnected
    /// The network connection ended without a word.
    case connectionLost
    /// It broke the protocol.
    case protocolError
    /// A packet above the limit.
    case packetTooLarge
    /// Nothing was heard in time.
    case keepAlive
    /// It was not read for too long.
    case pauseLimit
    /// Too much memory was held by unfinished packets, some of it by its own.
    case unfinishedPackets
    /// Another connection uses its identifier.
    case takenOver
    /// It published where nobody may, or a refused message closes its kind of client.
    case refusedPublish
    /// The server ended it.
    case server

    /// The label of its counter.
    package var label: String {
        switch self {
        case .disconnected: "disconnected"
        case .connectionLost: "connection_lost"
        case .protocolError: "protocol_error"
        case .packetTooLarge: "packet_too_large"
        case .keepAlive: "keep_alive"
        case .pauseLimit: "pause_limit"
        case .unfinishedPackets: "unfinished_packets"
        case .takenOver: "taken_over"
        case .refusedPublish: "refused_publish"
        case .server: "server"
        }
    }
}
