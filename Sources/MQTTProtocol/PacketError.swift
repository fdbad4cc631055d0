// SPDX-License-Identifier: Apache-2.0

/// A packet that breaks the rules of its version, or bytes that are no packet.
package struct PacketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What an MQTT 5 peer is told: mostly 0x81 malformed packet or 0x82 protocol error.
    package var reason: ReasonCode
    /// What is wrong, for people.
    package var message: String

    /// An error of this reason.
    package init(_ reason: ReasonCode, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// 0x81: the bytes cannot be parsed.
    package static func malformed(_ message: String) -> PacketError { PacketError(.malformedPacket, message) }

    /// 0x82: the packet can be parsed, but is forbidden.
    package static func protocolError(_ message: String) -> PacketError { PacketError(.protocolError, message) }

    /// The reason and what is wrong.
    package var description: String { "\(reason): \(message)" }
}

/// A CONNECT that is refused for what it is, before anybody looks at who sent it.
package struct ConnectError: Error, Hashable, Sendable {
    /// What is wrong.
    package var error: PacketError
    /// The form in which a CONNACK may say so; nil = the client speaks no version that we know, close without a word.
    package var answerVersion: ProtocolVersion?

    /// An error with the version of its answer.
    package init(_ error: PacketError, answerVersion: ProtocolVersion?) {
        self.error = error
        self.answerVersion = answerVersion
    }
}
