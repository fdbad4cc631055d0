// SPDX-License-Identifier: Apache-2.0

/// How hard the two ends try to deliver a message.
package enum QualityOfService: UInt8, Sendable, CaseIterable, Comparable {
    /// QoS 0: sent once, no answer.
    case atMostOnce = 0
    /// QoS 1: repeated until PUBACK.
    case atLeastOnce = 1
    /// QoS 2: PUBREC, PUBREL, PUBCOMP.
    case exactlyOnce = 2

    /// In the order of effort.
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
