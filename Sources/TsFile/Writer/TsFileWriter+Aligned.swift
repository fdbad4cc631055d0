// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

extension TsFileWriter {
    /// Writes rows of the current, aligned device: one chunk group, or more where they exceed the chunk limits. Every call for a
    /// device passes every column that it has in this file, in byte order of the names, and times that rise over all calls.
    /// No rows, no chunks.
    package mutating func writeAlignedChunk(times: [Timestamp], columns: [AlignedColumn]) throws {
        try startCall()
        try checkAligned(times, columns)
        if !times.isEmpty {
            let (device, series) = try admit(columns, times)
            var cutter = AlignedPageCutter(columns, rowCount: times.count, options)
            while let pages = cutter.next(columns) {
                device.closeGroup()
                try openGroup()
                try writeTimes(times, pages, series[0])
                for (index, column) in columns.enumerated() {
                    try writeValues(column, times, pages, pages.map { $0.values[index] }, series[index + 1])
                }
            }
        }
        state = .open
    }

    /// What the columns are by themselves.
    private func checkAligned(_ times: [Timestamp], _ columns: [AlignedColumn]) throws(TsFileError) {
        guard let device, device.isAligned else {
            throw TsFileError(
                .misuse, "rows of an aligned device before any, or in \(device.map(\.id.description) ?? "none")")
        }
        guard !columns.isEmpty else { throw TsFileError(.misuse, "rows of \(device.id) without a column") }
        var previous = ""
        for column in columns {
            let path = "\(device.id).\(column.measurement)"
            guard ByteOrder.compare(previous, column.measurement) < 0 else {
                throw TsFileError(.misuse, "\(path) after \(previous): columns must come in byte order, each once")
            }
            previous = column.measurement
            try checkName(column.measurement)
            try checkCodec(path, column.type, column.encoding, column.compressor)
            let presence = Presence(column.presence.span, rowCount: times.count)
            guard column.values.type == column.type, presence.isComplete,
                presence.count(in: 0..<times.count) == column.values.count
            else {
                throw TsFileError(
                    .misuse,
                    "\(path): \(column.values.count) values of \(column.values.type.name) in \(times.count) rows with "
                        + "\(column.presence.count) words of presence for a column of \(column.type.name)")
            }
        }
    }

    /// The drafts of the time column and of each column: new ones with the first rows, else the same columns again.
    private mutating func admit(
        _ columns: [AlignedColumn], _ times: [Timestamp]
    ) throws(TsFileError) -> (DeviceDraft, [SeriesDraft]) {
        guard let device else { throw TsFileError(.misuse, "rows before any device") }
        try checkRising(times.span, after: device.series.first?.statistics.endTime, device.id.description)
        if device.series.isEmpty {
            device.add(
                SeriesDraft(
                    name: "", type: nil, encoding: .ts2diff, compressor: columns[0].compressor,
                    columnFlag: ChunkMarker.timeColumn))
            for column in columns {
                device.add(
                    SeriesDraft(
                        name: column.measurement, type: column.type, encoding: column.encoding,
                        compressor: column.compressor, columnFlag: ChunkMarker.valueColumn))
            }
        }
        let isSame = device.series.dropFirst().elementsEqual(columns) { series, column in
            ByteOrder.compare(series.name, column.measurement) == 0 && series.type == column.type
                && series.encoding == column.encoding && series.compressor == column.compressor
        }
        guard isSame else {
            throw TsFileError(
                .misuse, "\(device.id): every chunk group of an aligned device has the same columns, encoded alike")
        }
        return (device, device.series)
    }

    private mutating func writeTimes(
        _ times: [Timestamp], _ pages: [AlignedPageCutter.Page], _ series: SeriesDraft
    ) throws {
        var bodies: [UInt8] = []
        swap(&bodies, &chunkBodies)
        defer { swap(&bodies, &chunkBodies) }
        bodies.removeAll(keepingCapacity: true)
        var drafts: [PageDraft] = []
        for page in pages {
            let sizes = try encoder.append(
                times: times.span.extracting(page.rows), compressor: series.compressor, limits: options.limits,
                to: &bodies)
            let statistics = SeriesStatistics(
                count: page.rows.count, startTime: times[page.rows.lowerBound],
                endTime: times[page.rows.upperBound - 1],
                values: .none)
            drafts.append(PageDraft(sizes: sizes, statistics: statistics))
        }
        let statistics = try write(drafts, bodies, series)
        self.times = TimeRange(min(self.times.lower, statistics.startTime), max(self.times.upper, statistics.endTime))
    }

    /// `values`: for each page the values in the column.
    private mutating func writeValues(
        _ column: AlignedColumn, _ times: [Timestamp], _ pages: [AlignedPageCutter.Page], _ values: [Range<Int>],
        _ series: SeriesDraft
    ) throws {
        var bodies: [UInt8] = []
        swap(&bodies, &chunkBodies)
        defer { swap(&bodies, &chunkBodies) }
        bodies.removeAll(keepingCapacity: true)
        let presence = Presence(column.presence.span, rowCount: times.count)
        var drafts: [PageDraft] = []
        for (page, range) in zip(pages, values) {
            guard let first = presence.first(in: page.rows), let last = presence.last(in: page.rows) else {
                drafts.append(PageDraft(sizes: nil, statistics: .empty(column.type)))
                continue
            }
            let sizes = try encoder.append(
                column, values: range, presence: presence, rows: page.rows, limits: options.limits, to: &bodies)
            let statistics = SeriesStatistics(
                count: range.count, startTime: times[first], endTime: times[last],
                values: ValueStatistics(
                    column.type, column.values.bits.span.extracting(range), text: column.values.bytes.span))
            drafts.append(PageDraft(sizes: sizes, statistics: statistics))
        }
        pointCount += try write(drafts, bodies, series).count
    }
}
