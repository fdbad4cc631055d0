// SPDX-License-Identifier: Apache-2.0

/// The constants of format versions 4 and 3 (`tsfile.md` sections 2, 7, 8 and 13).
enum TsFileFormat {
    /// "TsFile", at both ends of a file.
    static let magic: [UInt8] = [0x54, 0x73, 0x46, 0x69, 0x6c, 0x65]
    static let version: UInt8 = 4
    /// The version of IoTDB 1.x: devices are whole paths, and there is one index without tables.
    static let oldVersion: UInt8 = 3
    /// Magic and version.
    static let headByteCount = 7
    /// Size of TsFileMetadata and magic.
    static let tailByteCount = 10
    /// Entries of an index node, and series between two entries of a leaf measurement node.
    static let indexDegree = 256
    /// The type id of the time column of an aligned device.
    static let vectorTypeID: UInt8 = 6
    /// Name and value of the properties that every reader expects; the key is null.
    static let properties: [(String, String?)] = [
        ("encryptLevel", "0"), ("encryptType", "org.apache.tsfile.encrypt.UNENCRYPTED"), ("encryptKey", nil),
    ]
}

/// The first byte of an item of the data area.
enum ChunkMarker {
    static let chunkGroup: UInt8 = 0
    static let manyPages: UInt8 = 1
    static let separator: UInt8 = 2
    /// Followed by two 64-bit numbers of IoTDB's, which mean nothing outside it.
    static let planRange: UInt8 = 4
    /// Marker and numbers.
    static let planRangeByteCount = 17
    static let onePage: UInt8 = 5
    /// Set in the markers of an aligned device's chunks.
    static let timeColumn: UInt8 = 0x80
    static let valueColumn: UInt8 = 0x40
    static let kindMask: UInt8 = 0x3f
}

/// The type byte of an index node.
enum IndexNodeKind: UInt8 {
    case internalDevice = 0
    case leafDevice = 1
    case internalMeasurement = 2
    case leafMeasurement = 3

    var isDevice: Bool { self == .internalDevice || self == .leafDevice }
    var isLeaf: Bool { self == .leafDevice || self == .leafMeasurement }
}
