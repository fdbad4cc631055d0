// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

extension ConnectionStateMachine {
    /// The server ends the connection. Nil = it has ended already.
    mutating func end(_ closing: Closing) -> Ending? {
        switch phase {
        case .ended: return nil
        case .connected, .draining: return endConnected(closing)
        case .awaitingConnect, .authenticating:
            phase = .ended
            return Ending(cause: .refused(.busy), code: closing.code, message: closing.message)
        }
    }

    /// No CONNECT came in time. Nil = it has ended already.
    mutating func connectTimedOut() -> Ending? {
        guard phase == .awaitingConnect else { return nil }
        phase = .ended
        return Ending(cause: .refused(.timeout), code: .keepAliveTimeout, message: "no CONNECT in time")
    }

    /// The network connection is gone. Nil = it has ended already.
    mutating func connectionLost(_ message: String) -> Ending? {
        defer { phase = .ended }
        switch phase {
        case .ended: return nil
        case .awaitingConnect, .authenticating:
            return Ending(cause: .refused(.timeout), code: .unspecifiedError, message: message)
        case .connected, .draining:
            return Ending(
                cause: .ended(.connectionLost), code: .unspecifiedError, message: message, publishesWill: will != nil)
        }
    }

    /// Ends the connection of a client that CONNACK let in: on MQTT 5 with a DISCONNECT, which is the last packet.
    mutating func endConnected(_ closing: Closing) -> Ending {
        phase = .ended
        if version == .v5_0 {
            let code = closing.code.isLegal(in: .disconnectFromServer) ? closing.code : .unspecifiedError
            write(withReason: closing.message, isAlwaysAllowed: true) { properties, buffer in
                DisconnectPacket(reason: code, properties: properties).encode(into: &buffer, .v5_0)
            }
        }
        return Ending(
            cause: .ended(closing.reason), code: closing.code, message: closing.message, publishesWill: will != nil,
            lingers: answers.readableBytes > 0)
    }
}
