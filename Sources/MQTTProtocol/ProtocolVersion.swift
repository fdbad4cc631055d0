// SPDX-License-Identifier: Apache-2.0

/// The versions of MQTT; the raw value is the protocol level in CONNECT.
package enum ProtocolVersion: UInt8, Sendable, CaseIterable, Comparable {
    /// MQTT 3.1, protocol name `MQIsdp`.
    case v3_1 = 3
    /// MQTT 3.1.1.
    case v3_1_1 = 4
    /// MQTT 5.0.
    case v5_0 = 5

    /// The protocol name in CONNECT.
    package var protocolName: String { self == .v3_1 ? "MQIsdp" : "MQTT" }

    /// The usual short form, `3.1`, `3.1.1`, `5.0`.
    package var text: String {
        switch self {
        case .v3_1: "3.1"
        case .v3_1_1: "3.1.1"
        case .v5_0: "5.0"
        }
    }

    /// Older versions are smaller.
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
