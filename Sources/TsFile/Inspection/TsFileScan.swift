// SPDX-License-Identifier: Apache-2.0

/// Walks the data area of a file front to back without its tail: what a crashed writer left (`tsfile.md` section 11.4).
///
/// It ends at the separator, or before the first item that is not complete or does not fit. A chunk group counts when
/// another item follows it, because only then is it known to have all of its chunks. Nothing is decoded; memory: one chunk group's
/// headers.
package struct TsFileScan: Sendable {
    /// A complete chunk group.
    package struct Group: Sendable, Equatable {
        /// Of its marker byte in the file.
        package let offset: Int
        /// Where the next item begins.
        package let end: Int
        package let device: TsFileDeviceID
        package let chunks: [Chunk]
    }

    /// A chunk of a group.
    package struct Chunk: Sendable, Equatable {
        /// Of its marker byte in the file.
        package let offset: Int
        package let header: TsFileChunkHeader
    }

    /// Chunks of a group, at most; a broken file must not make the list grow for ever.
    package static let groupChunksMax = 1 << 20

    /// Where the last complete chunk group ends, or the head of the file: all before it is usable.
    package private(set) var usableEnd = TsFileFormat.headByteCount
    /// Why the scan ended; nil while it goes on, and when it came to the separator, which ends the data area of a whole file.
    package private(set) var failure: TsFileError?
    private var cursor: FileCursor
    private var isAtEnd = false

    /// Checks the head of the file.
    package init(source: any TsFileSource, limits: TsFileLimits = TsFileLimits()) throws(TsFileError) {
        guard source.byteCount >= TsFileFormat.headByteCount else {
            throw TsFileError(.notATsFile, "not a TsFile: \(source.byteCount) bytes are too few")
        }
        let head = try FileCursor.read(source, at: 0, count: TsFileFormat.headByteCount)
        let version = head[TsFileFormat.magic.count]
        guard head.starts(with: TsFileFormat.magic),
            version == TsFileFormat.version || version == TsFileFormat.oldVersion
        else {
            throw TsFileError(.notATsFile, "not a TsFile of version 4 or 3: it begins with other bytes")
        }
        cursor = try FileCursor(
            source, from: TsFileFormat.headByteCount, to: source.byteCount, limits: limits, version: version)
    }

    /// The next complete chunk group; nil at the end. Throws only what the source throws.
    package mutating func next() throws(TsFileError) -> Group? {
        guard !isAtEnd else { return nil }
        do {
            return try scanGroup()
        } catch {
            isAtEnd = true
            guard error.code != .readFailed else { throw error }
            failure = error
            return nil
        }
    }

    private mutating func scanGroup() throws(TsFileError) -> Group? {
        while try marker() == ChunkMarker.planRange {
            try cursor.skip(ChunkMarker.planRangeByteCount)
            usableEnd = cursor.position
        }
        let offset = cursor.position
        let marker = try cursor.uint8()
        guard marker != ChunkMarker.separator else {
            isAtEnd = true
            return nil
        }
        guard marker == ChunkMarker.chunkGroup else {
            throw TsFileError.corrupt("marker \(marker) in place of a chunk group's", at: offset)
        }
        let device = try cursor.deviceID()
        var chunks: [Chunk] = []
        while !Self.endsGroup(try self.marker()) {
            guard chunks.count < Self.groupChunksMax else {
                throw TsFileError.limit(
                    "the number of chunks of the group at offset \(offset)", chunks.count + 1, "groupChunksMax",
                    Self.groupChunksMax)
            }
            let chunkOffset = cursor.position
            let header = try cursor.chunkHeader()
            chunks.append(Chunk(offset: chunkOffset, header: header))
            try cursor.skip(header.dataSize)
        }
        usableEnd = cursor.position
        return Group(offset: offset, end: cursor.position, device: device, chunks: chunks)
    }

    /// The next byte, without passing over it.
    private func marker() throws(TsFileError) -> UInt8 {
        var probe = cursor
        return try probe.uint8()
    }

    private static func endsGroup(_ marker: UInt8) -> Bool {
        marker == ChunkMarker.chunkGroup || marker == ChunkMarker.planRange || marker == ChunkMarker.separator
    }
}
