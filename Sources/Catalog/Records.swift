// SPDX-License-Identifier: Apache-2.0

/// A database (`root.sg`).
package struct DatabaseRecord: Sendable, Equatable {
    package var id: UInt32
    /// Canonical path.
    package var path: String

    package init(id: UInt32, path: String) {
        self.id = id
        self.path = path
    }
}

/// A device of a database.
package struct DeviceRecord: Sendable, Equatable {
    package var id: UInt32
    package var databaseID: UInt32
    /// Canonical path.
    package var path: String
    package var isAligned: Bool

    package init(id: UInt32, databaseID: UInt32, path: String, isAligned: Bool) {
        self.id = id
        self.databaseID = databaseID
        self.path = path
        self.isAligned = isAligned
    }
}

/// A series of a device. Type, encoding and compressor are TsFile ids (`tsfile.md` section 4).
package struct SeriesRecord: Sendable, Equatable {
    package var id: UInt32
    package var deviceID: UInt32
    /// Canonical name.
    package var measurement: String
    package var type: UInt8
    package var encoding: UInt8
    package var compressor: UInt8
    /// Whether a statement named the encoding; else files may choose a better one.
    package var isEncodingDeclared: Bool
    /// Whether a statement named the compressor.
    package var isCompressorDeclared: Bool

    package init(
        id: UInt32, deviceID: UInt32, measurement: String, type: UInt8, encoding: UInt8, compressor: UInt8,
        isEncodingDeclared: Bool = false, isCompressorDeclared: Bool = false
    ) {
        self.id = id
        self.deviceID = deviceID
        self.measurement = measurement
        self.type = type
        self.encoding = encoding
        self.compressor = compressor
        self.isEncodingDeclared = isEncodingDeclared
        self.isCompressorDeclared = isCompressorDeclared
    }
}

/// One change of a log participant's durable state: put (`value`) or delete (nil).
package struct ParticipantChange: Sendable, Equatable {
    package var participant: UInt8
    package var key: [UInt8]
    package var value: [UInt8]?

    package init(participant: UInt8, key: [UInt8], value: [UInt8]?) {
        self.participant = participant
        self.key = key
        self.value = value
    }
}

/// Key and value of a participant's durable state.
package struct ParticipantEntry: Sendable, Equatable {
    package var key: [UInt8]
    package var value: [UInt8]

    package init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}
