// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A page of the chunk in the making; its body is in the chunk's buffer.
private struct PageDraft {
    var sizes: PageEncoder.Sizes
    var statistics: SeriesStatistics
}

extension TsFileWriter {
    /// Checks that the points may come now; returns their series, which may be new.
    func admit(
        _ measurement: String, type: DataType, encoding: TsFileEncoding, compressor: TsFileCompressor,
        _ points: borrowing PointColumn
    ) throws(TsFileError) -> SeriesDraft {
        guard let device else {
            throw TsFileError(.misuse, "series \(measurement) before any device")
        }
        guard !measurement.isEmpty else { throw TsFileError(.misuse, "a series of \(device.id) without a name") }
        try checkName(measurement)
        let path = "\(device.id).\(measurement)"
        guard encoding.supports(type) else {
            throw TsFileError(.unsupported, "\(path): encoding \(encoding.name) is not supported for \(type.name)")
        }
        guard compressor.isSupported else {
            throw TsFileError(.unsupported, "\(path): compressor \(compressor.name) is not supported")
        }
        if let latest = device.latest, ByteOrder.compare(measurement, latest.name) < 0 {
            throw TsFileError(.misuse, "\(path) after \(latest.name): series must come in byte order")
        }
        let known = device.series(named: measurement)
        if let known, known.type != type || known.encoding != encoding || known.compressor != compressor {
            throw TsFileError(.misuse, "\(path): one type, encoding and compressor per series and file")
        }
        try checkRising(points.times.span, after: known?.statistics.endTime, path)
        let series =
            known ?? SeriesDraft(name: measurement, type: type, encoding: encoding, compressor: compressor)
        if known == nil { device.add(series) }
        device.latest = series
        return series
    }

    private func checkRising(_ times: Span<Timestamp>, after endTime: Timestamp?, _ path: String) throws(TsFileError) {
        guard endTime.map({ $0 < times[0] }) ?? true, times.isRising else {
            throw TsFileError(.misuse, "\(path): times must rise strictly over the file")
        }
    }

    /// Writes one chunk from `start`; returns the row after it.
    mutating func writeOneChunk(
        _ series: SeriesDraft, _ points: borrowing PointColumn, from start: Int
    ) throws -> Int {
        // Moved out while the writer's other parts work on it, and back with its memory: fresh pages cost more than encoding.
        var bodies: [UInt8] = []
        swap(&bodies, &chunkBodies)
        defer { swap(&bodies, &chunkBodies) }
        bodies.removeAll(keepingCapacity: true)
        var pages: [PageDraft] = []
        var row = start
        let rowEnd = min(points.count, start + options.chunkPointsMax)
        while row < rowEnd && bodies.count < options.chunkBytesMax && pages.count < options.limits.chunkPagesMax {
            let rows = PageEncoder.rows(
                of: points.values, from: row, rowsMax: min(options.pageRowsMax, rowEnd - row),
                bytesMax: options.pageBytesMax)
            let sizes = try encoder.append(
                points, rows: rows, encoding: series.encoding, compressor: series.compressor, limits: options.limits,
                to: &bodies)
            let statistics = SeriesStatistics(
                times: points.times.span.extracting(rows), slots: points.values.bits.span.extracting(rows),
                text: points.values.bytes.span, type: series.type)
            pages.append(PageDraft(sizes: sizes, statistics: statistics))
            row = rows.upperBound
        }
        try openGroup()
        let offset = output.position
        let statistics = try write(pages, bodies, series)
        pointCount += statistics.count
        times = TimeRange(min(times.lower, statistics.startTime), max(times.upper, statistics.endTime))
        try series.add(TsFileChunkMetadata(offset: offset, statistics: statistics))
        return row
    }

    private mutating func openGroup() throws {
        guard let device, !device.hasOpenGroup else { return }
        device.openGroup()
        var header: [UInt8] = [ChunkMarker.chunkGroup]
        header.append(device.id)
        try output.write(header)
    }

    /// Writes chunk header and pages; only the pages of a many-page chunk carry statistics.
    private mutating func write(
        _ pages: [PageDraft], _ bodies: [UInt8], _ series: SeriesDraft
    ) throws -> SeriesStatistics {
        var statistics = pages[0].statistics
        for page in pages.dropFirst() { statistics.merge(page.statistics) }
        var headers: [[UInt8]] = []
        var dataSize = 0
        for page in pages {
            var header: [UInt8] = []
            header.appendUVar(UInt32(page.sizes.uncompressed))
            header.appendUVar(UInt32(page.sizes.compressed))
            if pages.count > 1 { header.append(page.statistics) }
            dataSize += header.count + page.sizes.compressed
            headers.append(header)
        }
        guard dataSize <= Int(Int32.max) else {
            throw TsFileError.limit("a chunk of \(series.name)", dataSize, "2^31 - 1", Int(Int32.max))
        }
        var chunkHeader: [UInt8] = [pages.count > 1 ? ChunkMarker.manyPages : ChunkMarker.onePage]
        chunkHeader.appendVString(series.name)
        chunkHeader.appendUVar(UInt32(dataSize))
        chunkHeader += [series.type.rawValue, series.compressor.rawValue, series.encoding.rawValue]
        try output.write(chunkHeader)
        var bodyStart = 0
        for (page, header) in zip(pages, headers) {
            try output.write(header)
            let bodyEnd = bodyStart + page.sizes.compressed
            try output.write(bodies.span.extracting(bodyStart..<bodyEnd))
            bodyStart = bodyEnd
        }
        return statistics
    }
}
