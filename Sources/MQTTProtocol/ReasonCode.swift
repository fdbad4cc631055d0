// SPDX-License-Identifier: Apache-2.0

/// A reason code of MQTT 5 (`mqtt-broker.md` section 12.2). Versions 3.x have only ``ConnectReturnCode``.
package struct ReasonCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The byte on the wire.
    package let rawValue: UInt8

    /// Any byte; whether it is legal in a packet is ``isLegal(in:)``.
    @inlinable
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Whether it says that something failed.
    package var isFailure: Bool { rawValue >= 0x80 }

    /// For example `0x8d keep alive timeout`.
    package var description: String {
        let digits = String(rawValue, radix: 16)
        return "0x\(digits.utf8.count < 2 ? "0" : "")\(digits) \(name)"
    }

    /// Success, normal disconnection, granted QoS 0.
    package static let success = ReasonCode(rawValue: 0x00)
    /// SUBACK: granted QoS 1.
    package static let grantedQoS1 = ReasonCode(rawValue: 0x01)
    /// SUBACK: granted QoS 2.
    package static let grantedQoS2 = ReasonCode(rawValue: 0x02)
    /// DISCONNECT of a client that wants its will published.
    package static let disconnectWithWill = ReasonCode(rawValue: 0x04)
    /// PUBACK, PUBREC: nobody has subscribed; a success.
    package static let noMatchingSubscribers = ReasonCode(rawValue: 0x10)
    /// UNSUBACK: there was no such subscription.
    package static let noSubscriptionExisted = ReasonCode(rawValue: 0x11)
    /// AUTH: the exchange goes on.
    package static let continueAuthentication = ReasonCode(rawValue: 0x18)
    /// AUTH: the client starts over.
    package static let reauthenticate = ReasonCode(rawValue: 0x19)
    /// Something failed that has no code.
    package static let unspecifiedError = ReasonCode(rawValue: 0x80)
    /// The packet cannot be parsed.
    package static let malformedPacket = ReasonCode(rawValue: 0x81)
    /// The packet can be parsed, but is forbidden.
    package static let protocolError = ReasonCode(rawValue: 0x82)
    /// The packet is legal, but this server does not do it.
    package static let implementationSpecificError = ReasonCode(rawValue: 0x83)
    /// CONNACK: another protocol version is needed.
    package static let unsupportedProtocolVersion = ReasonCode(rawValue: 0x84)
    /// CONNACK: the client identifier is legal, but not accepted.
    package static let clientIdentifierNotValid = ReasonCode(rawValue: 0x85)
    /// CONNACK: missing or wrong credentials.
    package static let badUserNameOrPassword = ReasonCode(rawValue: 0x86)
    /// The client may not do this.
    package static let notAuthorized = ReasonCode(rawValue: 0x87)
    /// CONNACK: try later.
    package static let serverUnavailable = ReasonCode(rawValue: 0x88)
    /// The server cannot keep up.
    package static let serverBusy = ReasonCode(rawValue: 0x89)
    /// CONNACK: banned by an administrator.
    package static let banned = ReasonCode(rawValue: 0x8a)
    /// DISCONNECT: the server stops.
    package static let serverShuttingDown = ReasonCode(rawValue: 0x8b)
    /// CONNACK, DISCONNECT: the authentication method is not offered.
    package static let badAuthenticationMethod = ReasonCode(rawValue: 0x8c)
    /// DISCONNECT: nothing was heard for 1.5 times the keep-alive.
    package static let keepAliveTimeout = ReasonCode(rawValue: 0x8d)
    /// DISCONNECT: another connection uses the client identifier.
    package static let sessionTakenOver = ReasonCode(rawValue: 0x8e)
    /// The topic filter is legal UTF-8, but no filter, or not accepted.
    package static let topicFilterInvalid = ReasonCode(rawValue: 0x8f)
    /// The topic name is legal UTF-8, but no name, or not accepted.
    package static let topicNameInvalid = ReasonCode(rawValue: 0x90)
    /// The packet identifier is in use.
    package static let packetIdentifierInUse = ReasonCode(rawValue: 0x91)
    /// PUBREL, PUBCOMP: the packet identifier is not known.
    package static let packetIdentifierNotFound = ReasonCode(rawValue: 0x92)
    /// DISCONNECT: too many unacknowledged messages.
    package static let receiveMaximumExceeded = ReasonCode(rawValue: 0x93)
    /// DISCONNECT: a topic alias of 0 or above the maximum.
    package static let topicAliasInvalid = ReasonCode(rawValue: 0x94)
    /// The packet is larger than allowed.
    package static let packetTooLarge = ReasonCode(rawValue: 0x95)
    /// DISCONNECT: too many messages a second.
    package static let messageRateTooHigh = ReasonCode(rawValue: 0x96)
    /// A limit of the server is reached.
    package static let quotaExceeded = ReasonCode(rawValue: 0x97)
    /// DISCONNECT: an administrator ended the connection.
    package static let administrativeAction = ReasonCode(rawValue: 0x98)
    /// The payload is not what it is said to be.
    package static let payloadFormatInvalid = ReasonCode(rawValue: 0x99)
    /// Retained messages are not available.
    package static let retainNotSupported = ReasonCode(rawValue: 0x9a)
    /// The QoS is above the maximum.
    package static let qosNotSupported = ReasonCode(rawValue: 0x9b)
    /// Use another server for now.
    package static let useAnotherServer = ReasonCode(rawValue: 0x9c)
    /// Use another server from now on.
    package static let serverMoved = ReasonCode(rawValue: 0x9d)
    /// Shared subscriptions are not available.
    package static let sharedSubscriptionsNotSupported = ReasonCode(rawValue: 0x9e)
    /// Too many connections a second.
    package static let connectionRateExceeded = ReasonCode(rawValue: 0x9f)
    /// DISCONNECT: connected for too long.
    package static let maximumConnectTime = ReasonCode(rawValue: 0xa0)
    /// Subscription identifiers are not available.
    package static let subscriptionIdentifiersNotSupported = ReasonCode(rawValue: 0xa1)
    /// Wildcards are not available.
    package static let wildcardSubscriptionsNotSupported = ReasonCode(rawValue: 0xa2)
}
