// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol

/// Why a client could not connect, publish or go on.
package struct MQTTClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: String, Sendable {
        /// No network connection could be made.
        case unreachable
        /// CONNACK said no.
        case refused
        /// The network connection ended, or the server ended it with DISCONNECT.
        case disconnected
        /// The server broke the protocol.
        case protocolError
        /// The server did not answer in time.
        case timeout
        /// The connection was closed by this side.
        case closed
    }

    /// The kind of failure.
    package var code: Code
    /// What CONNACK or DISCONNECT said; nil = nothing.
    package var reason: ReasonCode?
    /// What happened, for people.
    package var message: String

    /// A failure of this kind.
    package init(_ code: Code, reason: ReasonCode? = nil, _ message: String) {
        self.code = code
        self.reason = reason
        self.message = message
    }

    /// Kind, reason and message.
    package var description: String {
        reason.map { "\(code.rawValue) (\($0)): \(message)" } ?? "\(code.rawValue): \(message)"
    }

    /// The failure behind any error of the network.
    static func of(_ error: any Error) -> MQTTClientError {
        switch error {
        case let error as MQTTClientError: error
        case let error as PacketError: MQTTClientError(.protocolError, reason: error.reason, error.message)
        default: MQTTClientError(.disconnected, "\(error)")
        }
    }
}
