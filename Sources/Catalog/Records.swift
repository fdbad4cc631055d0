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

    package init(id: UInt32, deviceID: UInt32, measurement: String, type: UInt8, encoding: UInt8, compressor: UInt8) {
        self.id = id
        self.deviceID = deviceID
        self.measurement = measurement
        self.type = type
        self.encoding = encoding
        self.compressor = compressor
    }
}

/// An immutable TsFile that the catalog vouches for. The higher `version` wins (design section 4.5).
package struct FileRecord: Sendable, Equatable {
    package var version: UInt64
    package var databaseID: UInt32
    /// floor(time / interval) of every point in the file.
    package var partition: Int64
    /// Path below `tsfiles/`.
    package var name: String
    package var byteCount: UInt64
    package var pointCount: UInt64
    package var minTime: Int64
    package var maxTime: Int64
    /// Creation time of the file's name, milliseconds; never runs back.
    package var creationTime: Int64

    package init(
        version: UInt64, databaseID: UInt32, partition: Int64, name: String, byteCount: UInt64, pointCount: UInt64,
        minTime: Int64, maxTime: Int64, creationTime: Int64
    ) {
        self.version = version
        self.databaseID = databaseID
        self.partition = partition
        self.name = name
        self.byteCount = byteCount
        self.pointCount = pointCount
        self.minTime = minTime
        self.maxTime = maxTime
        self.creationTime = creationTime
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
