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
            byteCount: source.byteCount, version: Int(metadata.version), tables: metadata.tables.map(\.name),
            indexStart: metadata.metaOffset, closingStart: metadata.indexEnd,
            bloomFilterBits: metadata.bloomFilter.bytes.isEmpty ? 0 : metadata.bloomFilter.size)
    }
}

extension TsFileChunkHeader {
    /// The offset in the file behind the chunk's last page.
    package var dataEnd: Int { dataOffset + dataSize }
}
