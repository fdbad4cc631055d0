// SPDX-License-Identifier: Apache-2.0

/// The return codes of CONNACK on 3.1 and 3.1.1 (`mqtt-broker.md` section 4).
package enum ConnectReturnCode: UInt8, Sendable, CaseIterable {
    /// The client is connected.
    case accepted = 0
    /// The protocol level is not supported.
    case unacceptableProtocolVersion = 1
    /// The client identifier is not accepted.
    case identifierRejected = 2
    /// Try later.
    case serverUnavailable = 3
    /// Missing or wrong credentials.
    case badUserNameOrPassword = 4
    /// The client may not connect.
    case notAuthorized = 5

    /// The return code that says what an MQTT 5 reason code says; nil = none fits, a server closes without CONNACK
    /// [3:3.2.2-6].
    package init?(_ reason: ReasonCode) {
        switch reason {
        case .success: self = .accepted
        case .unsupportedProtocolVersion: self = .unacceptableProtocolVersion
        case .clientIdentifierNotValid: self = .identifierRejected
        case .serverUnavailable, .serverBusy, .quotaExceeded, .connectionRateExceeded: self = .serverUnavailable
        case .badUserNameOrPassword: self = .badUserNameOrPassword
        case .notAuthorized, .banned: self = .notAuthorized
        default: return nil
        }
    }

    /// The MQTT 5 reason code that says the same.
    package var reason: ReasonCode {
        switch self {
        case .accepted: .success
        case .unacceptableProtocolVersion: .unsupportedProtocolVersion
        case .identifierRejected: .clientIdentifierNotValid
        case .serverUnavailable: .serverUnavailable
        case .badUserNameOrPassword: .badUserNameOrPassword
        case .notAuthorized: .notAuthorized
        }
    }
}
