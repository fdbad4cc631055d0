// SPDX-License-Identifier: Apache-2.0

/// The properties of MQTT 5 (`mqtt-broker.md` section 12.1).
package enum PropertyIdentifier: UInt8, Sendable, CaseIterable {
    /// 1: the payload is UTF-8 text.
    case payloadFormatIndicator = 0x01
    /// Seconds.
    case messageExpiryInterval = 0x02
    /// A MIME type or whatever the peers agree on.
    case contentType = 0x03
    /// The topic for an answer.
    case responseTopic = 0x08
    /// What an answer repeats.
    case correlationData = 0x09
    /// The number of a subscription.
    case subscriptionIdentifier = 0x0b
    /// Seconds; 0xffffffff = never.
    case sessionExpiryInterval = 0x11
    /// The client identifier that the server made up.
    case assignedClientIdentifier = 0x12
    /// Seconds, instead of the client's.
    case serverKeepAlive = 0x13
    /// The name of an enhanced authentication.
    case authenticationMethod = 0x15
    /// Its data.
    case authenticationData = 0x16
    /// 0: reason strings and user properties only in PUBLISH, CONNACK and DISCONNECT.
    case requestProblemInformation = 0x17
    /// Seconds from the end of the connection to the will.
    case willDelayInterval = 0x18
    /// 1: the client would like Response Information.
    case requestResponseInformation = 0x19
    /// The base of response topics.
    case responseInformation = 0x1a
    /// Another server to use.
    case serverReference = 0x1c
    /// A sentence for people.
    case reasonString = 0x1f
    /// Unacknowledged QoS 1 and 2 messages that the sender of it takes.
    case receiveMaximum = 0x21
    /// Aliases that the sender of it takes.
    case topicAliasMaximum = 0x22
    /// A number that stands for a topic.
    case topicAlias = 0x23
    /// The highest QoS that the server takes.
    case maximumQoS = 0x24
    /// 0: no retained messages.
    case retainAvailable = 0x25
    /// A name and a value; the only one that may come again and again everywhere.
    case userProperty = 0x26
    /// The largest whole packet that the sender of it takes.
    case maximumPacketSize = 0x27
    /// 0: no wildcards in subscriptions.
    case wildcardSubscriptionAvailable = 0x28
    /// 0: no subscription identifiers.
    case subscriptionIdentifierAvailable = 0x29
    /// 0: no shared subscriptions.
    case sharedSubscriptionAvailable = 0x2a

    /// How a value looks on the wire.
    package enum Form: Sendable {
        /// One byte.
        case byte
        /// Two bytes.
        case uint16
        /// Four bytes.
        case uint32
        /// A variable byte integer.
        case variable
        /// Text behind its length.
        case text
        /// Any bytes behind their length.
        case binary
        /// Two texts behind their lengths.
        case pair
    }

    /// The form of its value.
    package var form: Form {
        switch self {
        case .payloadFormatIndicator, .requestProblemInformation, .requestResponseInformation, .maximumQoS,
            .retainAvailable, .wildcardSubscriptionAvailable, .subscriptionIdentifierAvailable,
            .sharedSubscriptionAvailable:
            .byte
        case .serverKeepAlive, .receiveMaximum, .topicAliasMaximum, .topicAlias: .uint16
        case .messageExpiryInterval, .sessionExpiryInterval, .willDelayInterval, .maximumPacketSize: .uint32
        case .subscriptionIdentifier: .variable
        case .contentType, .responseTopic, .assignedClientIdentifier, .authenticationMethod, .responseInformation,
            .serverReference, .reasonString:
            .text
        case .correlationData, .authenticationData: .binary
        case .userProperty: .pair
        }
    }

    /// Where it may stand.
    package var places: PacketContext {
        switch self {
        case .payloadFormatIndicator, .messageExpiryInterval, .contentType, .responseTopic, .correlationData:
            [.publish, .will]
        case .subscriptionIdentifier: [.publishFromServer, .subscribe]
        case .sessionExpiryInterval: [.connect, .connack, .disconnectFromClient]
        case .authenticationMethod, .authenticationData: [.connect, .connack, .auth]
        case .requestProblemInformation, .requestResponseInformation: .connect
        case .willDelayInterval: .will
        case .assignedClientIdentifier, .serverKeepAlive, .responseInformation, .maximumQoS, .retainAvailable,
            .wildcardSubscriptionAvailable, .subscriptionIdentifierAvailable, .sharedSubscriptionAvailable:
            .connack
        case .serverReference: [.connack, .disconnectFromServer]
        case .reasonString: [.connack, .acknowledgements, .suback, .unsuback, .disconnect, .auth]
        case .receiveMaximum, .topicAliasMaximum, .maximumPacketSize: [.connect, .connack]
        case .topicAlias: .publish
        case .userProperty:
            [
                .connect, .will, .connack, .publish, .acknowledgements, .subscribe, .suback, .unsubscribe, .unsuback,
                .disconnect, .auth,
            ]
        }
    }

    /// Whether it may come more than once in such a place.
    package func mayRepeat(in context: PacketContext) -> Bool {
        self == .userProperty || (self == .subscriptionIdentifier && context == .publishFromServer)
    }
}
