// SPDX-License-Identifier: Apache-2.0

/// The parsed tail of a file (`tsfile.md` section 8). Table schemas are checked and skipped.
struct FileMetadata: Sendable {
    /// Of the format.
    let version: UInt8
    /// Name and root of the device index, in file order. A file of version 3 has one, without a name.
    let tables: [(name: String, root: IndexNode<TsFileDeviceID>)]
    /// Of the separator, which ends the data area.
    let metaOffset: Int
    /// Where TsFileMetadata begins, which ends the index area.
    let indexEnd: Int
    let bloomFilter: BloomFilter
    /// Names and values as the file has them; a name or value may be null.
    let properties: [(name: String?, value: String?)]

    init(_ source: any TsFileSource, limits: TsFileLimits) throws(TsFileError) {
        let (version, start, end) = try Self.locate(source, limits: limits)
        var cursor = try FileCursor(
            source, from: start, to: end, limits: limits, version: version, windowBytes: 64 << 10)
        let tables: [(name: String, root: IndexNode<TsFileDeviceID>)]
        if version == TsFileFormat.oldVersion {
            tables = try Self.oldRoot(&cursor)
        } else {
            tables = try Self.tables(&cursor)
            try Self.skipSchemas(&cursor)
        }
        let metaOffset = Int(try cursor.int64())
        guard metaOffset >= TsFileFormat.headByteCount && metaOffset < start else {
            throw TsFileError.corrupt("metaOffset \(metaOffset)", at: cursor.position - 8)
        }
        bloomFilter = try Self.bloomFilter(&cursor)
        properties = version == TsFileFormat.oldVersion ? [] : try Self.checkedProperties(&cursor)
        var separator = try FileCursor(source, from: metaOffset, to: metaOffset + 1, limits: limits)
        guard try separator.uint8() == ChunkMarker.separator else {
            throw TsFileError.corrupt("no separator of the data area", at: metaOffset)
        }
        for table in tables where table.root.offsets[0] <= metaOffset {
            throw TsFileError.corrupt("the index of \(table.name) points into the data area", at: start)
        }
        self.version = version
        self.tables = tables
        self.metaOffset = metaOffset
        indexEnd = start
    }

    /// Checks magics and version and finds where TsFileMetadata begins and ends.
    private static func locate(
        _ source: any TsFileSource, limits: TsFileLimits
    ) throws(TsFileError) -> (version: UInt8, start: Int, end: Int) {
        let magic = TsFileFormat.magic
        guard source.byteCount >= TsFileFormat.headByteCount + TsFileFormat.tailByteCount else {
            throw TsFileError(.notATsFile, "not a TsFile: \(source.byteCount) bytes are too few")
        }
        let head = try FileCursor.read(source, at: 0, count: TsFileFormat.headByteCount)
        guard head.starts(with: magic) else {
            throw TsFileError(.notATsFile, "not a TsFile: the first six bytes are not \"TsFile\"")
        }
        let version = head[magic.count]
        guard version == TsFileFormat.version || version == TsFileFormat.oldVersion else {
            throw TsFileError(.unsupported, "TsFile version \(version) is not supported, only 4 and 3")
        }
        let end = source.byteCount - TsFileFormat.tailByteCount
        let tail = try FileCursor.read(source, at: end, count: TsFileFormat.tailByteCount)
        guard tail.suffix(magic.count).elementsEqual(magic) else {
            throw TsFileError(.notATsFile, "an unfinished TsFile: the last six bytes are not \"TsFile\"")
        }
        let size = tail.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard size <= end - TsFileFormat.headByteCount else {
            throw TsFileError.corrupt("TsFileMetadata of \(size) bytes", at: end)
        }
        guard size <= limits.metadataBytesMax else {
            throw TsFileError.limit("the TsFileMetadata", size, "metadataBytesMax", limits.metadataBytesMax)
        }
        return (version, end - size, end)
    }

    /// The root of the index of a table.
    func root(ofTable name: String) -> IndexNode<TsFileDeviceID>? {
        if version == TsFileFormat.oldVersion { return tables.first?.root }
        return tables.first { ByteOrder.compare($0.name, name) == 0 }?.root
    }

    private static func tables(
        _ cursor: inout FileCursor
    ) throws(TsFileError) -> [(name: String, root: IndexNode<TsFileDeviceID>)] {
        var tables: [(name: String, root: IndexNode<TsFileDeviceID>)] = []
        for _ in 0..<(try cursor.uvar()) {
            let name = try cursor.name()
            tables.append((name, try cursor.deviceNode(after: TsFileFormat.headByteCount)))
        }
        return tables
    }

    /// The one root of version 3; a file without a device has one without an entry.
    private static func oldRoot(
        _ cursor: inout FileCursor
    ) throws(TsFileError) -> [(name: String, root: IndexNode<TsFileDeviceID>)] {
        var probe = cursor
        if try probe.uvar() == 0 {
            try probe.skip(9)
            cursor = probe
            return []
        }
        return [("", try cursor.deviceNode(after: TsFileFormat.headByteCount))]
    }

    private static func skipSchemas(_ cursor: inout FileCursor) throws(TsFileError) {
        for _ in 0..<(try cursor.uvar()) {
            _ = try cursor.name()
            for _ in 0..<(try cursor.uvar()) {
                _ = try cursor.istring()
                try cursor.skip(3)
                let properties = try cursor.int32()
                guard properties >= 0 else {
                    throw TsFileError.corrupt("a column of \(properties) properties", at: cursor.position - 4)
                }
                for _ in 0..<properties { _ = (try cursor.istring(), try cursor.istring()) }
                try cursor.skip(4)
            }
        }
    }

    private static func bloomFilter(_ cursor: inout FileCursor) throws(TsFileError) -> BloomFilter {
        let offset = cursor.position
        let count = Int(try cursor.uvar())
        guard count > 0 else { return BloomFilter(bytes: [], size: 0, hashes: 0) }
        // The whole block is below metadataBytesMax, and the filter must lie in it.
        guard count <= cursor.remaining else {
            throw TsFileError.corrupt("a bloom filter of \(count) bytes", at: offset)
        }
        let bytes = try cursor.bytes(count)
        let size = Int(try cursor.uvar())
        let hashes = Int(try cursor.uvar())
        guard size > 0 else { throw TsFileError.corrupt("a bloom filter of no bits", at: offset) }
        return BloomFilter(bytes: bytes, size: size, hashes: min(hashes, BloomFilter.seeds.count))
    }

    /// The writers disagree on the form of the number of properties, so they are read until the block ends.
    private static func checkedProperties(
        _ cursor: inout FileCursor
    ) throws(TsFileError) -> [(name: String?, value: String?)] {
        guard cursor.remaining > 0 else { return [] }
        var properties: [(name: String?, value: String?)] = []
        _ = try cursor.uvar()
        while cursor.remaining > 0 {
            let key = try cursor.vstring()
            let value = try cursor.vstring()
            if key == "encryptLevel", let value, value != "0" {
                throw TsFileError(.unsupported, "encrypted TsFiles (encryptLevel \(value)) are not supported")
            }
            properties.append((key, value))
        }
        return properties
    }
}
