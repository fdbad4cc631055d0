// SPDX-License-Identifier: Apache-2.0

/// An immutable TsFile that the catalog vouches for. The higher ``order`` wins (design section 4.5).
package struct FileRecord: Sendable, Equatable {
    /// Rises, is never reused; the key.
    package var version: UInt64
    package var databaseID: UInt32
    /// floor(time / interval) of the points that count, rising: one, or several in a file of scattered rows. A point in
    /// another partition has been taken over by another file.
    package var partitions: [Int64]
    /// Path below `tsfiles/`.
    package var name: String
    package var byteCount: UInt64
    package var pointCount: UInt64
    package var minTime: Int64
    package var maxTime: Int64
    /// Creation time of the file's name, milliseconds; never runs back.
    package var creationTime: Int64
    /// Among files with points of one time the higher one wins; unique.
    package var order: UInt64
    /// Everything in it was logged up to this sequence: a deletion with a higher one hides its points.
    package var throughSequence: UInt64
    /// SHA-256 of the content, 32 bytes; empty = not known (written by version 1).
    package var sha256: [UInt8]

    /// `order` nil = `version`.
    package init(
        version: UInt64, databaseID: UInt32, partitions: [Int64], name: String, byteCount: UInt64, pointCount: UInt64,
        minTime: Int64, maxTime: Int64, creationTime: Int64, order: UInt64? = nil, throughSequence: UInt64 = 0,
        sha256: [UInt8] = []
    ) {
        self.version = version
        self.databaseID = databaseID
        self.partitions = partitions
        self.name = name
        self.byteCount = byteCount
        self.pointCount = pointCount
        self.minTime = minTime
        self.maxTime = maxTime
        self.creationTime = creationTime
        self.order = order ?? version
        self.throughSequence = throughSequence
        self.sha256 = sha256
    }

    /// A file of one partition.
    package init(
        version: UInt64, databaseID: UInt32, partition: Int64, name: String, byteCount: UInt64, pointCount: UInt64,
        minTime: Int64, maxTime: Int64, creationTime: Int64, order: UInt64? = nil, throughSequence: UInt64 = 0,
        sha256: [UInt8] = []
    ) {
        self.init(
            version: version, databaseID: databaseID, partitions: [partition], name: name, byteCount: byteCount,
            pointCount: pointCount, minTime: minTime, maxTime: maxTime, creationTime: creationTime, order: order,
            throughSequence: throughSequence, sha256: sha256)
    }

    /// The first partition; 0 where none is left.
    package var partition: Int64 { partitions.first ?? 0 }
}
