// SPDX-License-Identifier: Apache-2.0

/// How the bytes of a file are divided, for people.
package struct TsFileLayout: Sendable, Equatable {
    /// Bytes of the file.
    package let byteCount: Int
    /// The version of the format.
    package let version: Int
    /// Names of the tables; of tree-model devices the first segments.
    package let tables: [String]
    /// Where the data area ends and the index begins.
    package let indexStart: Int
    /// Where the index ends and the closing block (roots, bloom filter, properties) begins.
    package let closingStart: Int
    /// Bits of the bloom filter.
    package let bloomFilterBits: Int
}

/// A property of a file, as the file has it.
package struct TsFileProperty: Sendable, Equatable {
    package let name: String
    /// Nil = null.
    package let value: String?
}

extension TsFileReader {
    /// The properties in file order; a null name is shown as empty.
    package var properties: [TsFileProperty] {
        metadata.properties.map { TsFileProperty(name: $0.name ?? "", value: $0.value) }
    }

    /// Where data, index and closing block lie.
    package var layout: TsFileLayout {
        TsFileLayout(
            byteCount: source.byteCount, version: Int(TsFileFormat.version), tables: metadata.tables.map(\.name),
            indexStart: metadata.metaOffset, closingStart: metadata.indexEnd,
            bloomFilterBits: metadata.bloomFilter.bytes.isEmpty ? 0 : metadata.bloomFilter.size)
    }
}

extension TsFileChunkHeader {
    /// The offset in the file behind the chunk's last page.
    package var dataEnd: Int { dataOffset + dataSize }
}

/// What the header of a page says.
package struct TsFilePageFacts: Sendable, Equatable {
    /// Of the header in the file.
    package let offset: Int
    /// Of the body; 0 for a page without values.
    package let uncompressedBytes: Int
    package let compressedBytes: Int
    /// Nil where the page leaves that to its chunk.
    package let pointCount: Int?
}

extension TsFileReader {
    /// The page headers of a chunk, in file order; bodies are not read.
    package func pages(of chunk: TsFileChunkHeader) throws(TsFileError) -> [TsFilePageFacts] {
        var cursor = try FileCursor(
            source, from: chunk.dataOffset, to: min(chunk.dataEnd, metadata.metaOffset), limits: limits)
        var pages: [TsFilePageFacts] = []
        while cursor.remaining > 0 {
            guard pages.count < limits.chunkPagesMax else {
                throw TsFileError.limit(
                    "the number of pages of the chunk at offset \(chunk.dataOffset)", pages.count + 1, "chunkPagesMax",
                    limits.chunkPagesMax)
            }
            let offset = cursor.position
            let uncompressed = Int(try cursor.uvar())
            // A page without values is this one byte.
            let compressed = uncompressed > 0 ? Int(try cursor.uvar()) : 0
            let count = uncompressed == 0 ? 0 : chunk.hasPageStatistics ? try cursor.statistics(chunk.type).count : nil
            try cursor.skip(compressed)
            pages.append(
                TsFilePageFacts(
                    offset: offset, uncompressedBytes: uncompressed, compressedBytes: compressed, pointCount: count))
        }
        return pages
    }
}
