// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A page of a chunk as its header describes it.
package struct TsFilePage: Sendable, Equatable {
    /// Of a page of a one-page chunk those of the chunk.
    package let statistics: SeriesStatistics
    /// Of the body in the file.
    package let offset: Int
    package let uncompressedSize: Int
    /// Bytes of the body in the file.
    package let compressedSize: Int
}

extension TsFileReader {
    /// The pages of a chunk of a series by their headers; those without a value, of aligned devices, are left out.
    package func pages(
        of chunk: TsFileChunkMetadata, in series: TsFileSeriesMetadata
    ) throws(TsFileError) -> [TsFilePage] {
        guard chunk.statistics.count > 0 else { return [] }
        let pages: [PageLocation]
        if series.type == nil {
            var cursor = try chunkCursor(at: chunk.offset)
            let header = try cursor.chunkHeader()
            cursor.limit(to: header.dataSize)
            pages = try cursor.pages(
                of: chunk, overlapping: .all, type: nil, hasStatistics: header.hasPageStatistics)
        } else {
            let device = series.device
            let open = try OpenChunk(self, series, chunk, in: .all, .ascending) { () throws(TsFileError) in
                try self.timeColumn(of: device)
            }
            pages = open.pages.reversed()
        }
        return pages.map {
            TsFilePage(
                statistics: $0.statistics, offset: $0.body.offset, uncompressedSize: $0.body.uncompressedSize,
                compressedSize: $0.body.compressedSize)
        }
    }
}
