// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol
package import NIOCore

/// A message as a ``PublishHandler`` gets it. The buffers are slices of what was read from the socket.
package struct IncomingPublish: Sendable {
    /// The topic name: legal UTF-8, not empty, no wildcards; an alias is already resolved.
    package var topic: ByteBuffer
    /// The application bytes.
    package var payload: ByteBuffer
    /// 0, 1 or 2.
    package var qualityOfService: UInt8
    /// The RETAIN flag. MQTT 5 clients cannot set it as long as CONNACK says that retained messages are not available.
    package var retain: Bool
    /// Whether it is a will whose owner's connection ended abnormally.
    package var isWill: Bool
    /// MQTT 5 properties in the order sent; empty on 3.x.
    package var properties: Properties

    /// A message of these parts.
    package init(
        topic: ByteBuffer, payload: ByteBuffer, qualityOfService: UInt8, retain: Bool = false, isWill: Bool = false,
        properties: Properties = Properties()
    ) {
        self.topic = topic
        self.payload = payload
        self.qualityOfService = qualityOfService
        self.retain = retain
        self.isWill = isWill
        self.properties = properties
    }
}
