// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol
package import NIOCore

/// What the server said to a message.
package struct PublishAcknowledgement: Sendable {
    /// Success on 3.x and QoS 0.
    package var reason: ReasonCode
    /// MQTT 5 only.
    package var reasonString: String?
    /// When the message was given to the socket.
    package var sentAt: NIODeadline
    /// When the last acknowledgement came; `sentAt` on QoS 0.
    package var acknowledgedAt: NIODeadline

    /// The time between.
    package var latency: TimeAmount { acknowledgedAt - sentAt }
}
