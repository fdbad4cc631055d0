// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// CONNECT: who a client is and what it wants (`mqtt-broker.md` sections 3 and 4).
package struct ConnectPacket: Hashable, Sendable {
    /// The message that the server publishes when the connection ends abnormally.
    package struct Will: Hashable, Sendable {
        /// A topic name.
        package var topic: ByteBuffer
        /// The application bytes.
        package var payload: ByteBuffer
        /// The QoS to publish it with.
        package var qualityOfService: QualityOfService
        /// The RETAIN flag to publish it with.
        package var retain: Bool
        /// MQTT 5 only.
        package var properties: Properties

        /// A will of these parts.
        package init(
            topic: ByteBuffer, payload: ByteBuffer, qualityOfService: QualityOfService = .atMostOnce,
            retain: Bool = false, properties: Properties = Properties()
        ) {
            self.topic = topic
            self.payload = payload
            self.qualityOfService = qualityOfService
            self.retain = retain
            self.properties = properties
        }
    }

    /// The version of everything that follows.
    package var version: ProtocolVersion
    /// Clean Session on 3.x, Clean Start on 5.0.
    package var isCleanStart: Bool
    /// Seconds; 0 = off.
    package var keepAliveSeconds: UInt16
    /// May be empty.
    package var clientID: String
    /// Nil = none.
    package var userName: String?
    /// Nil = none.
    package var password: ByteBuffer?
    /// Nil = none.
    package var will: Will?
    /// MQTT 5 only.
    package var properties: Properties

    /// A CONNECT of these parts.
    package init(
        version: ProtocolVersion, clientID: String, isCleanStart: Bool = true, keepAliveSeconds: UInt16 = 0,
        userName: String? = nil, password: ByteBuffer? = nil, will: Will? = nil, properties: Properties = Properties()
    ) {
        self.version = version
        self.clientID = clientID
        self.isCleanStart = isCleanStart
        self.keepAliveSeconds = keepAliveSeconds
        self.userName = userName
        self.password = password
        self.will = will
        self.properties = properties
    }

    /// The connect flags byte.
    struct Flags {
        let rawValue: UInt8
        var isReservedSet: Bool { rawValue & 0x01 != 0 }
        var isCleanStart: Bool { rawValue & 0x02 != 0 }
        var hasWill: Bool { rawValue & 0x04 != 0 }
        var willQoS: UInt8 { rawValue >> 3 & 0x03 }
        var isWillRetained: Bool { rawValue & 0x20 != 0 }
        var hasPassword: Bool { rawValue & 0x40 != 0 }
        var hasUserName: Bool { rawValue & 0x80 != 0 }
    }

    /// Appends the packet.
    package func encode(into buffer: inout ByteBuffer) {
        buffer.writePacket(.connect) { body in
            body.writeField(version.protocolName)
            body.writeInteger(version.rawValue)
            body.writeInteger(flags)
            body.writeInteger(keepAliveSeconds)
            if version == .v5_0 { body.writeProperties(properties) }
            body.writeField(clientID)
            if let will {
                if version == .v5_0 { body.writeProperties(will.properties) }
                body.writeField(will.topic)
                body.writeField(will.payload)
            }
            if let userName { body.writeField(userName) }
            if let password { body.writeField(password) }
        }
    }

    private var flags: UInt8 {
        var flags: UInt8 = isCleanStart ? 0x02 : 0
        if let will {
            flags |= 0x04 | will.qualityOfService.rawValue << 3
            if will.retain { flags |= 0x20 }
        }
        if password != nil { flags |= 0x40 }
        if userName != nil { flags |= 0x80 }
        return flags
    }
}
