// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A chunk whose page headers have been read.
struct OpenChunk: Sendable {
    /// Chunks up to this size are read at once, larger ones page by page.
    static let wholeChunkBytes = 256 << 10

    /// The pages that are left, the next one last.
    var pages: [PageLocation]
    private let type: DataType
    private let values: Part
    /// The time chunk of a value chunk.
    private let times: Part?

    /// A chunk's header and, if it was read at once, its bytes from the first page header on.
    private struct Part: Sendable {
        let header: TsFileChunkHeader
        let bytes: ArraySlice<UInt8>?

        func stored(_ body: PageBody, _ source: any TsFileSource) throws(TsFileError) -> PageDecoder.Stored {
            let stored: [UInt8]
            if let bytes {
                let start = bytes.startIndex + body.offset - header.dataOffset
                stored = Array(bytes[start..<start + body.compressedSize])
            } else {
                stored = try FileCursor.read(source, at: body.offset, count: body.compressedSize)
            }
            return PageDecoder.Stored(
                bytes: stored, body: body, encoding: header.encoding, compressor: header.compressor)
        }
    }

    /// Opens a chunk; `timeColumn` is asked for if it is a value chunk.
    init(
        _ reader: TsFileReader, _ series: TsFileSeriesMetadata, _ chunk: TsFileChunkMetadata, in range: TimeRange,
        _ order: TimeOrder, timeColumn: () throws(TsFileError) -> TsFileSeriesMetadata
    ) throws(TsFileError) {
        let path = "\(series.device).\(series.measurement)"
        guard let type = series.type else {
            throw TsFileError(.unsupported, "\(path): the time column of an aligned device has no points of its own")
        }
        var cursor = try reader.chunkCursor(at: chunk.offset)
        let header = try cursor.chunkHeader()
        guard header.type == type, ByteOrder.compare(header.measurement, series.measurement) == 0 else {
            throw TsFileError.corrupt("the chunk of another series than \(path)", at: chunk.offset)
        }
        try reader.checkCodec(of: header, type, path)
        self.type = type
        cursor.limit(to: header.dataSize)
        values = Part(header: header, bytes: try Self.wholeChunk(&cursor))
        let pages: [PageLocation]
        if header.isAligned {
            let timeChunk = try timeColumn().timeChunk(of: chunk)
            var timeCursor = try reader.chunkCursor(at: timeChunk.offset)
            let timeHeader = try timeCursor.chunkHeader()
            guard timeHeader.type == nil && timeHeader.isAligned else {
                throw TsFileError.corrupt("no chunk of the time column of \(series.device)", at: timeChunk.offset)
            }
            try reader.checkCodec(of: timeHeader, .int64, "\(series.device), time column")
            timeCursor.limit(to: timeHeader.dataSize)
            times = Part(header: timeHeader, bytes: try Self.wholeChunk(&timeCursor))
            pages = try cursor.pages(
                of: chunk, overlapping: range, type: type, hasStatistics: header.hasPageStatistics,
                times: &timeCursor, of: timeChunk, haveStatistics: timeHeader.hasPageStatistics)
        } else {
            times = nil
            pages = try cursor.pages(
                of: chunk, overlapping: range, type: type, hasStatistics: header.hasPageStatistics)
        }
        self.pages = order == .ascending ? pages.reversed() : pages
    }

    private static func wholeChunk(_ cursor: inout FileCursor) throws(TsFileError) -> ArraySlice<UInt8>? {
        cursor.remaining <= wholeChunkBytes ? try cursor.readAll() : nil
    }

    /// The points of one of the pages.
    func decode(_ page: PageLocation, _ source: any TsFileSource) throws(TsFileError) -> PointColumn {
        let stored = try values.stored(page.body, source)
        guard let times, let rows = page.times else {
            return try PageDecoder.decode(stored, page.statistics.head, type: type)
        }
        let rowTimes = try PageDecoder.decodeTimes(try times.stored(rows.body, source), rows.head)
        return try PageDecoder.decode(stored, page.statistics.head, type: type, times: rowTimes)
    }
}

extension TsFileReader {
    /// Whether this code reads such pages.
    func checkCodec(of header: TsFileChunkHeader, _ type: DataType, _ path: String) throws(TsFileError) {
        guard header.encoding.supports(type) else {
            throw TsFileError(
                .unsupported, "\(path): encoding \(header.encoding.name) is not supported for \(type.name)")
        }
        guard header.compressor.isSupported else {
            throw TsFileError(.unsupported, "\(path): compressor \(header.compressor.name) is not supported")
        }
    }

    /// The time column of an aligned device.
    func timeColumn(of device: TsFileDeviceID) throws(TsFileError) -> TsFileSeriesMetadata {
        guard let series = try lookUp(device: device, measurement: ""), series.type == nil else {
            throw TsFileError.corrupt("an index without the time column of \(device)", at: metadata.metaOffset)
        }
        return series
    }
}

extension TsFileSeriesMetadata {
    /// Of a time column, the chunk that a value chunk belongs to: the nearest one before it in the file.
    func timeChunk(of chunk: TsFileChunkMetadata) throws(TsFileError) -> TsFileChunkMetadata {
        var low = 0, high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].offset < chunk.offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else {
            throw TsFileError.corrupt(
                "a value chunk before any chunk of the time column of \(device)", at: chunk.offset)
        }
        return chunks[low - 1]
    }
}
