// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension TsFileReader {
    /// Decodes every page of a series and compares it with its statistics, the pages with their chunk, the chunks with the
    /// series, and looks the series up as a query would. Returns the points, of a time column the rows; the error names what
    /// disagrees and where it is in the file. Memory: one chunk's page headers and one page.
    package func verify(_ series: TsFileSeriesMetadata) throws(TsFileError) -> Int {
        let path = "\(series.device).\(series.measurement)"
        guard metadata.bloomFilter.mayContain(path) else {
            throw TsFileError.corrupt("\(path) is missing in the bloom filter", at: metadata.indexEnd)
        }
        let found = try lookUp(device: series.device, measurement: series.measurement)
        guard found?.chunks.map(\.offset) == series.chunks.map(\.offset) else {
            throw TsFileError.corrupt("\(path) is not found by the index", at: metadata.metaOffset)
        }
        let timeColumn = series.isAligned && series.type != nil ? try timeColumn(of: series.device) : nil
        var chunks = SeriesStatistics.empty(series.type)
        for chunk in series.chunks {
            guard chunk.statistics.count > 0 else {
                // Of an aligned device: nothing follows the header.
                guard try ByteOrder.compare(header(of: chunk).measurement, series.measurement) == 0 else {
                    throw TsFileError.corrupt("the chunk of another series than \(path)", at: chunk.offset)
                }
                continue
            }
            let pages =
                if let type = series.type {
                    try verify(chunk, of: series, type, timeColumn)
                } else {
                    try verifyTimes(chunk, of: series)
                }
            if let difference = chunk.statistics.difference(from: pages) {
                throw TsFileError.corrupt("\(path): the pages of the chunk have \(difference)", at: chunk.offset)
            }
            chunks.merge(chunk.statistics)
        }
        if let difference = series.statistics.difference(from: chunks) {
            throw TsFileError.corrupt("\(path): the chunks have \(difference) of the series", at: metadata.metaOffset)
        }
        return chunks.count
    }

    /// Returns the sum of the pages' statistics.
    private func verify(
        _ chunk: TsFileChunkMetadata, of series: TsFileSeriesMetadata, _ type: DataType,
        _ timeColumn: TsFileSeriesMetadata?
    ) throws(TsFileError) -> SeriesStatistics {
        let path = "\(series.device).\(series.measurement)"
        var sum = SeriesStatistics.empty(type)
        let device = series.device
        var open = try OpenChunk(self, series, chunk, in: .all, .ascending) { () throws(TsFileError) in
            if let timeColumn { return timeColumn }
            return try self.timeColumn(of: device)
        }
        var number = 0
        while let page = open.pages.popLast() {
            number += 1
            let points = try open.decode(page, source)
            let computed = SeriesStatistics(
                times: points.times.span, slots: points.values.bits.span, text: points.values.bytes.span, type: type)
            if let difference = page.statistics.difference(from: computed) {
                throw TsFileError.corrupt(
                    "\(path): page \(number) of the chunk has \(difference)", at: page.body.offset)
            }
            sum.merge(page.statistics)
        }
        return sum
    }

    private func verifyTimes(
        _ chunk: TsFileChunkMetadata, of series: TsFileSeriesMetadata
    ) throws(TsFileError) -> SeriesStatistics {
        var cursor = try chunkCursor(at: chunk.offset)
        let header = try cursor.chunkHeader()
        guard header.type == nil && header.measurement.isEmpty else {
            throw TsFileError.corrupt("no chunk of the time column of \(series.device)", at: chunk.offset)
        }
        try checkCodec(of: header, .int64, "\(series.device), time column")
        cursor.limit(to: header.dataSize)
        var sum = SeriesStatistics.empty(nil)
        let pages = try cursor.pages(
            of: chunk, overlapping: .all, type: nil, hasStatistics: header.hasPageStatistics)
        for page in pages {
            let bytes = try FileCursor.read(source, at: page.body.offset, count: page.body.compressedSize)
            let stored = PageDecoder.Stored(
                bytes: bytes, body: page.body, encoding: header.encoding, compressor: header.compressor)
            // Compares count, first and last time.
            _ = try PageDecoder.decodeTimes(stored, page.statistics.head)
            sum.merge(page.statistics)
        }
        return sum
    }
}
