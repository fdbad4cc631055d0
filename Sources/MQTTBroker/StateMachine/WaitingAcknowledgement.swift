// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol

/// An acknowledgement whose turn has not come.
struct WaitingAcknowledgement: Equatable {
    enum Kind: UInt8 {
        case puback
        case pubrec
        /// PUBREC of an exchange that was answered before.
        case pubrecAgain
        /// In its place the connection ends.
        case close
    }

    /// The batch that has to be durable first; 0 = none.
    var ticket: UInt64
    var kind: Kind
    var packetIdentifier: UInt16
    var reason: ReasonCode
    var reasonString: String?
}
