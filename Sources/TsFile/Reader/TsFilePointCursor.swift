// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// The points of a series in a time range, a page at a time, in either order of time. Chunks and pages outside the range are
/// skipped by their statistics; rows of an aligned device that have no value for the series are left out.
package struct TsFilePointCursor: Sendable {
    private let reader: TsFileReader
    private let series: TsFileSeriesMetadata
    private let range: TimeRange
    private let order: TimeOrder
    /// The chunks that are left, the next one last.
    private var chunks: [TsFileChunkMetadata]
    private var chunk: OpenChunk?
    /// Of an aligned device, once a chunk has needed it.
    private var timeColumn: TsFileSeriesMetadata?

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
                var points = try chunk.decode(page, reader.source)
                points.keep(points.rows(in: range))
                guard !points.isEmpty else { continue }
                if order == .descending { points.reverse() }
                return points
            }
            guard try openNextChunk() else { return nil }
        }
    }

    private mutating func openNextChunk() throws(TsFileError) -> Bool {
        guard let next = chunks.popLast() else { return false }
        var known = timeColumn
        let reader = reader, device = series.device
        chunk = try OpenChunk(reader, series, next, in: range, order) { () throws(TsFileError) in
            if let known { return known }
            let found = try reader.timeColumn(of: device)
            known = found
            return found
        }
        timeColumn = known
        return true
    }
}

extension TsFilePointCursor {
    /// The next chunk or page, if it lies wholly in the range and none of its points was delivered; nil if the next points must
    /// be decoded, and at the end. Reads no points, at most the page headers of a chunk that lies partly in the range.
    package mutating func peekSummary() throws(TsFileError) -> PieceSummary? {
        while true {
            if let page = chunk?.pages.last {
                return isInside(page.statistics) ? PieceSummary(statistics: page.statistics, isChunk: false) : nil
            }
            guard let next = chunks.last else { return nil }
            if isInside(next.statistics) { return PieceSummary(statistics: next.statistics, isChunk: true) }
            _ = try openNextChunk()
        }
    }

    /// Passes over the piece that ``peekSummary()`` shows; nothing if it shows none.
    package mutating func skipSummary() {
        if let page = chunk?.pages.last {
            if isInside(page.statistics) { chunk?.pages.removeLast() }
        } else if let next = chunks.last, isInside(next.statistics) {
            chunks.removeLast()
        }
    }

    /// Opens the chunk that ``peekSummary()`` shows, so that it shows the chunk's pages, one after the other. False if it shows
    /// a page or nothing.
    package mutating func openPiece() throws(TsFileError) -> Bool {
        guard chunk?.pages.isEmpty ?? true, let next = chunks.last, isInside(next.statistics) else { return false }
        return try openNextChunk()
    }

    private func isInside(_ statistics: SeriesStatistics) -> Bool {
        range.lower <= statistics.startTime && statistics.endTime <= range.upper
    }
}
