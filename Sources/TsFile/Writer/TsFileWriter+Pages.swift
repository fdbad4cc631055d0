// SPDX-License-Identifier: Apache-2.0

/// A page of the chunk in the making; its body is in the chunk's buffer.
struct PageDraft {
    /// Nil: no row of the page has a value (aligned devices only).
    var sizes: PageEncoder.Sizes?
    var statistics: SeriesStatistics

    /// What comes before the body. Only the pages of a many-page chunk carry statistics.
    func header(withStatistics: Bool) -> [UInt8] {
        guard let sizes else { return [0] }
        var header: [UInt8] = []
        header.appendUVar(UInt32(sizes.uncompressed))
        header.appendUVar(UInt32(sizes.compressed))
        if withStatistics { header.append(statistics) }
        return header
    }
}

extension TsFileWriter {
    /// Writes chunk header and pages, at least one, whose bodies follow each other in `bodies`. A chunk without any value is
    /// only a header.
    mutating func write(_ pages: [PageDraft], _ bodies: [UInt8], _ series: SeriesDraft) throws -> SeriesStatistics {
        var statistics = pages[0].statistics
        for page in pages.dropFirst() { statistics.merge(page.statistics) }
        let written = statistics.count > 0 ? pages : []
        let headers = written.map { $0.header(withStatistics: pages.count > 1) }
        let dataSize = headers.reduce(0) { $0 + $1.count } + bodies.count
        guard dataSize <= Int(Int32.max) else {
            throw TsFileError.limit("a chunk of \(series.name)", dataSize, "2^31 - 1", Int(Int32.max))
        }
        let offset = output.position
        var chunkHeader = [(written.count > 1 ? ChunkMarker.manyPages : ChunkMarker.onePage) | series.columnFlag]
        chunkHeader.appendVString(series.name)
        chunkHeader.appendUVar(UInt32(dataSize))
        chunkHeader += [series.typeID, series.compressor.rawValue, series.encoding.rawValue]
        try output.write(chunkHeader)
        var bodyStart = 0
        for (page, header) in zip(written, headers) {
            try output.write(header)
            let bodyEnd = bodyStart + (page.sizes?.compressed ?? 0)
            try output.write(bodies.span.extracting(bodyStart..<bodyEnd))
            bodyStart = bodyEnd
        }
        try series.add(TsFileChunkMetadata(offset: offset, statistics: statistics))
        return statistics
    }
}
