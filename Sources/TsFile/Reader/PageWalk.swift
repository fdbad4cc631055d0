// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A page as the walk over a chunk's page headers found it.
struct PageLocation: Sendable {
    /// Of a page of a one-page chunk those of the chunk.
    var statistics: SeriesStatistics
    var body: PageBody
    /// The page of the time column with the page's rows; nil where the page has its own times.
    var times: TimePage?
}

/// A page of the time column of an aligned device.
struct TimePage: Sendable {
    /// Rows and their times.
    var head: StatisticsHead
    var body: PageBody
}

/// Checks pages of a chunk against each other and against the chunk while their headers are walked.
struct PageWalk {
    private let chunk: TsFileChunkMetadata
    private var walked = 0
    private var count = 0
    private var latest: Timestamp?

    init(_ chunk: TsFileChunkMetadata) { self.chunk = chunk }

    /// Takes note of a page, which may be without values.
    mutating func visit(
        count pageCount: Int, _ times: TimeRange, at offset: Int, _ limits: TsFileLimits
    ) throws(TsFileError) {
        walked += 1
        guard walked <= limits.chunkPagesMax else {
            throw TsFileError.limit(
                "the number of pages of the chunk at offset \(chunk.offset)", walked, "chunkPagesMax",
                limits.chunkPagesMax)
        }
        guard pageCount > 0 else { return }
        guard latest.map({ $0 < times.lower }) ?? true else {
            throw TsFileError.corrupt("a page that starts before the one before it ends", at: offset)
        }
        latest = times.upper
        count += pageCount
    }

    func finish() throws(TsFileError) {
        guard count == chunk.statistics.count else {
            throw TsFileError.corrupt(
                "pages of \(count) points where the index says \(chunk.statistics.count)", at: chunk.offset)
        }
    }
}

extension FileCursor {
    /// Walks the page headers of a chunk with its own times, right after its header, and returns the pages that overlap
    /// `range`. The cursor ends where the chunk ends.
    mutating func pages(
        of chunk: TsFileChunkMetadata, overlapping range: TimeRange, type: DataType?, hasStatistics: Bool
    ) throws(TsFileError) -> [PageLocation] {
        var pages: [PageLocation] = []
        var walk = PageWalk(chunk)
        while remaining > 0 {
            let offset = position
            guard let page = try page(of: chunk, type, hasStatistics: hasStatistics) else {
                throw TsFileError.corrupt("an empty page", at: offset)
            }
            try walk.visit(count: page.statistics.count, page.statistics.timeRange, at: offset, limits)
            if page.statistics.timeRange.overlaps(range) { pages.append(page) }
        }
        try walk.finish()
        return pages
    }

    /// The same for a value chunk of an aligned device, beside the page headers of its time chunk.
    mutating func pages(
        of chunk: TsFileChunkMetadata, overlapping range: TimeRange, type: DataType, hasStatistics: Bool,
        times: inout FileCursor, of timeChunk: TsFileChunkMetadata, haveStatistics: Bool
    ) throws(TsFileError) -> [PageLocation] {
        var pages: [PageLocation] = []
        var walk = PageWalk(chunk), timeWalk = PageWalk(timeChunk)
        while times.remaining > 0 {
            let timeOffset = times.position, offset = position
            guard let rows = try times.page(of: timeChunk, nil, hasStatistics: haveStatistics) else {
                throw TsFileError.corrupt("a page of the time column without a row", at: timeOffset)
            }
            let head = rows.statistics.head
            try timeWalk.visit(count: head.count, head.timeRange, at: timeOffset, limits)
            guard var page = try page(of: chunk, type, hasStatistics: hasStatistics) else {
                try walk.visit(count: 0, range, at: offset, limits)
                continue
            }
            let own = page.statistics
            guard own.count <= head.count, own.startTime >= head.startTime, own.endTime <= head.endTime else {
                throw TsFileError.corrupt("a page with other times than the time column has", at: offset)
            }
            try walk.visit(count: own.count, own.timeRange, at: offset, limits)
            page.times = TimePage(head: head, body: rows.body)
            if own.timeRange.overlaps(range) { pages.append(page) }
        }
        guard remaining == 0 else {
            throw TsFileError.corrupt("a page without one of the time column", at: position)
        }
        try walk.finish()
        try timeWalk.finish()
        return pages
    }

    /// Reads a page header and steps over the body; nil is a page without values, one zero byte. `type` is nil for a time column.
    private mutating func page(
        of chunk: TsFileChunkMetadata, _ type: DataType?, hasStatistics: Bool
    ) throws(TsFileError) -> PageLocation? {
        let offset = position
        let uncompressed = Int(try uvar())
        guard uncompressed > 0 else { return nil }
        let compressed = Int(try uvar())
        let statistics = hasStatistics ? try statistics(type) : chunk.statistics
        for size in [uncompressed, compressed] where size > limits.pageBytesMax {
            throw TsFileError.limit("a page at offset \(offset)", size, "pageBytesMax", limits.pageBytesMax)
        }
        guard statistics.count <= limits.pagePointsMax else {
            throw TsFileError.limit(
                "the number of points of the page at offset \(offset)", statistics.count, "pagePointsMax",
                limits.pagePointsMax)
        }
        guard statistics.count > 0 else { throw TsFileError.corrupt("a page of no points", at: offset) }
        let body = PageBody(offset: position, uncompressedSize: uncompressed, compressedSize: compressed)
        try skip(compressed)
        return PageLocation(statistics: statistics, body: body)
    }
}
