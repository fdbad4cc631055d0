// SPDX-License-Identifier: Apache-2.0

/// What a reader accepts before it allocates, and what a writer refuses to write because no reader should have to accept it.
package struct TsFileLimits: Sendable {
    /// Bytes of a page, uncompressed or compressed; also of a text value in statistics. The longest value of a series is a little less.
    package var pageBytesMax = 64 << 20
    /// Points of a page.
    package var pagePointsMax = 4 << 20
    /// Pages of a chunk.
    package var chunkPagesMax = 1 << 20
    /// Bytes of TsFileMetadata, the block at the end of the file (table roots, bloom filter).
    package var metadataBytesMax = 256 << 20
    /// Bytes of one name: table, segment of a device, measurement, property.
    package var nameBytesMax = 64 << 10
    /// Levels of index nodes; 256 entries a node make 16 levels more than any file needs.
    package var indexDepthMax = 16

    /// The defaults.
    package init() {}
}
