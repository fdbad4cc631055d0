// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A page as the walk over a chunk's page headers found it.
struct PageLocation: Sendable {
    var statistics: StatisticsHead
    /// Of the body in the file.
    var bodyOffset: Int
    var uncompressedSize: Int
    var compressedSize: Int
}

extension FileCursor {
    /// Reads marker and header of a chunk.
    mutating func chunkHeader() throws(TsFileError) -> TsFileChunkHeader {
        let offset = position
        let marker = try uint8()
        let kind = marker & ChunkMarker.kindMask
        guard kind == ChunkMarker.manyPages || kind == ChunkMarker.onePage else {
            throw TsFileError.corrupt("marker \(marker) in place of a chunk's", at: offset)
        }
        let measurement = try name()
        let dataSize = Int(try uvar())
        let type = try dataType()
        let compressorID = try uint8()
        let encodingID = try uint8()
        guard let compressor = TsFileCompressor(rawValue: compressorID) else {
            throw TsFileError(.unsupported, "chunk at offset \(offset): compressor \(compressorID) is not known")
        }
        guard let encoding = TsFileEncoding(rawValue: encodingID) else {
            throw TsFileError(.unsupported, "chunk at offset \(offset): encoding \(encodingID) is not known")
        }
        guard dataSize <= remaining else {
            throw TsFileError.corrupt("a chunk of \(dataSize) bytes leaves the data area", at: offset)
        }
        return TsFileChunkHeader(
            measurement: measurement, type: type, encoding: encoding, compressor: compressor,
            isAligned: marker != kind, dataSize: dataSize, hasPageStatistics: kind == ChunkMarker.manyPages,
            dataOffset: position)
    }

    /// Walks the page headers of a non-aligned chunk, right after its header, and returns the pages that overlap `range`.
    /// The cursor ends where the chunk ends.
    mutating func pages(
        of chunk: TsFileChunkMetadata, overlapping range: TimeRange, type: DataType, hasStatistics: Bool
    ) throws(TsFileError) -> [PageLocation] {
        var pages: [PageLocation] = []
        var count = 0, walked = 0
        var latest: Timestamp?
        while remaining > 0 {
            let offset = position
            let uncompressed = Int(try uvar()), compressed = Int(try uvar())
            var head = StatisticsHead(
                count: chunk.statistics.count, startTime: chunk.statistics.startTime, endTime: chunk.statistics.endTime)
            if hasStatistics { head = try skipStatistics(type) }
            try checkPage(head, uncompressed: uncompressed, compressed: compressed, at: offset)
            guard latest.map({ $0 < head.startTime }) ?? true else {
                throw TsFileError.corrupt("a page that starts before the one before it ends", at: offset)
            }
            walked += 1
            guard walked <= limits.chunkPagesMax else {
                throw TsFileError.limit(
                    "the number of pages of the chunk at offset \(chunk.offset)", walked, "chunkPagesMax",
                    limits.chunkPagesMax)
            }
            latest = head.endTime
            count += head.count
            if head.timeRange.overlaps(range) {
                pages.append(
                    PageLocation(
                        statistics: head, bodyOffset: position, uncompressedSize: uncompressed,
                        compressedSize: compressed))
            }
            try skip(compressed)
        }
        guard count == chunk.statistics.count else {
            throw TsFileError.corrupt(
                "pages of \(count) points where the index says \(chunk.statistics.count)", at: chunk.offset)
        }
        return pages
    }

    private func checkPage(
        _ head: StatisticsHead, uncompressed: Int, compressed: Int, at offset: Int
    ) throws(TsFileError) {
        for size in [uncompressed, compressed] where size > limits.pageBytesMax {
            throw TsFileError.limit("a page at offset \(offset)", size, "pageBytesMax", limits.pageBytesMax)
        }
        guard head.count <= limits.pagePointsMax else {
            throw TsFileError.limit(
                "the number of points of the page at offset \(offset)", head.count, "pagePointsMax",
                limits.pagePointsMax)
        }
        guard head.count > 0 && uncompressed > 0 else { throw TsFileError.corrupt("an empty page", at: offset) }
    }
}

extension TsFileReader {
    /// A cursor from a chunk's marker to the end of the data area.
    func chunkCursor(at offset: Int) throws(TsFileError) -> FileCursor {
        try FileCursor(source, from: offset, to: metadata.metaOffset, limits: limits, windowBytes: 4096)
    }
}
