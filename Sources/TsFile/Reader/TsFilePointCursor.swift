// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// The points of a series in a time range, a page at a time, in either order of time. Chunks and pages outside the range are
/// skipped by their statistics.
package struct TsFilePointCursor: Sendable {
    /// Chunks up to this size are read at once, larger ones page by page.
    private static let wholeChunkBytes = 256 << 10

    private let reader: TsFileReader
    private let series: TsFileSeriesMetadata
    private let range: TimeRange
    private let order: TimeOrder
    /// The chunks that are left, the next one last.
    private var chunks: [TsFileChunkMetadata]
    private var chunk: OpenChunk?

    private struct OpenChunk: Sendable {
        let header: TsFileChunkHeader
        /// The pages that are left, the next one last.
        var pages: [PageLocation]
        /// The chunk's bytes from the first page header on, if it was read at once.
        let bytes: ArraySlice<UInt8>?
    }

    init(_ reader: TsFileReader, _ series: TsFileSeriesMetadata, range: TimeRange, order: TimeOrder) {
        self.reader = reader
        self.series = series
        self.range = range
        self.order = order
        let overlapping = series.chunks.filter { $0.statistics.count > 0 && $0.statistics.timeRange.overlaps(range) }
        chunks = range.isEmpty ? [] : order == .ascending ? overlapping.reversed() : overlapping
    }

    /// The next points, at least one, in the cursor's order; nil at the end.
    package mutating func next() throws(TsFileError) -> PointColumn? {
        while true {
            if let page = chunk?.pages.popLast(), let chunk {
                var points = try decode(page, of: chunk)
                points.keep(points.rows(in: range))
                guard !points.isEmpty else { continue }
                if order == .descending { points.reverse() }
                return points
            }
            guard let next = chunks.popLast() else { return nil }
            chunk = try open(next)
        }
    }

    /// The next chunk or page, if it lies wholly in the range and none of its points was delivered; nil if the next points must
    /// be decoded, and at the end. Reads no points.
    package mutating func peekSummary() throws(TsFileError) -> PieceSummary? {
        nil
    }

    /// Passes over the piece that ``peekSummary()`` shows; nothing if it shows none.
    package mutating func skipSummary() {
    }

    /// Opens the chunk that ``peekSummary()`` shows, so that it shows the chunk's pages, one after the other. False if there was
    /// no chunk to open.
    package mutating func openPiece() throws(TsFileError) -> Bool {
        false
    }

    private func open(_ chunk: TsFileChunkMetadata) throws(TsFileError) -> OpenChunk {
        var cursor = try reader.chunkCursor(at: chunk.offset)
        let header = try cursor.chunkHeader()
        let path = "\(series.device).\(series.measurement)"
        guard !header.isAligned && !series.isAligned, let type = series.type else {
            throw TsFileError(.unsupported, "\(path): reading series of aligned devices is not supported yet")
        }
        guard header.type == type, ByteOrder.compare(header.measurement, series.measurement) == 0 else {
            throw TsFileError.corrupt("the chunk of another series than \(path)", at: chunk.offset)
        }
        guard header.encoding.supports(type) else {
            throw TsFileError(
                .unsupported, "\(path): encoding \(header.encoding.name) is not supported for \(type.name)")
        }
        guard header.compressor.isSupported else {
            throw TsFileError(.unsupported, "\(path): compressor \(header.compressor.name) is not supported")
        }
        cursor.limit(to: header.dataSize)
        let bytes = header.dataSize <= Self.wholeChunkBytes ? try cursor.readAll() : nil
        let pages = try cursor.pages(
            of: chunk, overlapping: range, type: type, hasStatistics: header.hasPageStatistics)
        return OpenChunk(header: header, pages: order == .ascending ? pages.reversed() : pages, bytes: bytes)
    }

    private func decode(_ page: PageLocation, of chunk: OpenChunk) throws(TsFileError) -> PointColumn {
        guard let type = series.type else { return PointColumn(.int64) }
        let stored: [UInt8]
        if let bytes = chunk.bytes {
            let start = bytes.startIndex + page.bodyOffset - chunk.header.dataOffset
            stored = Array(bytes[start..<start + page.compressedSize])
        } else {
            stored = try FileCursor.read(reader.source, at: page.bodyOffset, count: page.compressedSize)
        }
        return try PageDecoder.decode(
            stored, page, type: type, encoding: chunk.header.encoding, compressor: chunk.header.compressor)
    }
}
