// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension TsFileWriter {
    /// Checks that the points may come now; returns their series, which may be new.
    func admit(
        _ measurement: String, type: DataType, encoding: TsFileEncoding, compressor: TsFileCompressor,
        _ points: borrowing PointColumn
    ) throws(TsFileError) -> SeriesDraft {
        guard let device else {
            throw TsFileError(.misuse, "series \(measurement) before any device")
        }
        guard !device.isAligned else {
            throw TsFileError(.misuse, "series \(measurement) by itself in the aligned device \(device.id)")
        }
        guard !measurement.isEmpty else { throw TsFileError(.misuse, "a series of \(device.id) without a name") }
        try checkName(measurement)
        let path = "\(device.id).\(measurement)"
        try checkCodec(path, type, encoding, compressor)
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

    func checkCodec(
        _ path: String, _ type: DataType, _ encoding: TsFileEncoding, _ compressor: TsFileCompressor
    ) throws(TsFileError) {
        guard encoding.isWritable(for: type) else {
            throw TsFileError(.unsupported, "\(path): encoding \(encoding.name) is not written for \(type.name)")
        }
        guard compressor.isSupported else {
            throw TsFileError(.unsupported, "\(path): compressor \(compressor.name) is not supported")
        }
    }

    func checkRising(_ times: Span<Timestamp>, after endTime: Timestamp?, _ path: String) throws(TsFileError) {
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
                text: points.values.bytes.span, type: points.values.type)
            pages.append(PageDraft(sizes: sizes, statistics: statistics))
            row = rows.upperBound
        }
        try openGroup()
        let statistics = try write(pages, bodies, series)
        pointCount += statistics.count
        times = TimeRange(min(times.lower, statistics.startTime), max(times.upper, statistics.endTime))
        return row
    }

    mutating func openGroup() throws {
        guard let device, !device.hasOpenGroup else { return }
        device.openGroup()
        var header: [UInt8] = [ChunkMarker.chunkGroup]
        header.append(device.id, version: options.version)
        try output.write(header)
    }
}
