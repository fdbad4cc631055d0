// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Writes a TsFile of version 4 (or 3), tree model, front to back.
///
/// The order of calls: devices in ``TsFileDeviceID`` order; within a device the series in byte order of their names; the points
/// of a series with strictly rising times over all calls. ``beginDevice(_:isAligned:)`` again with the current device begins another
/// chunk group of it, in which the series start over. Breaking the order, and any error of the sink, spoils the file: every later call
/// throws. Memory holds one chunk and the metadata of all series (some hundred bytes each).
package struct TsFileWriter<Sink: TsFileSink>: ~Copyable {
    enum State {
        case open
        case failed
        case finished
    }

    let options: TsFileWriterOptions
    var output: TsFileOutput<Sink>
    var state = State.open
    var encoder = PageEncoder()
    /// The page bodies of the chunk in the making; kept for its memory.
    var chunkBodies: [UInt8] = []
    var device: DeviceDraft?
    var index = FileIndexDraft()
    var pointCount = 0
    var times = TimeRange(Timestamp.max, Timestamp.min)
    private var hasHead = false

    /// A writer of a new file; nothing is written yet.
    package init(sink: Sink, options: TsFileWriterOptions = TsFileWriterOptions()) {
        precondition(
            options.pageRowsMax > 0 && options.pageRowsMax <= options.limits.pagePointsMax && options.pageBytesMax > 0
                && options.chunkPointsMax > 0 && options.chunkBytesMax > 0, "limits of pages and chunks are above zero")
        self.options = options
        output = TsFileOutput(sink)
    }

    /// The sink, with everything written once ``finish()`` has returned.
    package var sink: Sink { output.sink }

    /// Begins a device, or another chunk group of the current one. A device that gets no points is not in the file. An aligned
    /// device has one time column for all its series, and gets its rows by ``writeAlignedChunk(times:columns:)`` alone.
    package mutating func beginDevice(_ id: TsFileDeviceID, isAligned: Bool = false) throws {
        try startCall()
        if let device, device.id == id {
            guard device.isAligned == isAligned else {
                throw TsFileError(.misuse, "device \(id) is aligned or not, in all of the file")
            }
            device.closeGroup()
        } else {
            if let current = device {
                guard isBefore(current.id, id) else {
                    throw TsFileError(
                        .misuse, "device \(id) after \(current.id): devices must come in order, each once")
                }
                index.add(current)
            }
            for segment in id.segments {
                guard let segment else {
                    throw TsFileError(.unsupported, "device \(id): a null segment (table model) is not supported")
                }
                try checkName(segment)
            }
            device = DeviceDraft(id, isAligned: isAligned)
        }
        state = .open
    }

    /// Writes points of a series of the current device: one chunk, or more where they exceed the chunk limits. No points, no chunk.
    package mutating func writeChunk(
        measurement: String, type: DataType, encoding: TsFileEncoding, compressor: TsFileCompressor,
        points: borrowing PointColumn
    ) throws {
        try startCall()
        guard points.values.type == type, points.values.count == points.times.count else {
            throw TsFileError(
                .misuse,
                "series \(measurement): \(points.times.count) times, \(points.values.count) values of "
                    + "\(points.values.type.name) for a series of \(type.name)")
        }
        if points.count > 0 {
            let series = try admit(measurement, type: type, encoding: encoding, compressor: compressor, points)
            var row = 0
            while row < points.count {
                row = try writeOneChunk(series, points, from: row)
            }
        }
        state = .open
    }

    /// Writes the metadata and hands the last bytes to the sink, which the caller then syncs.
    package mutating func finish() throws -> TsFileSummary {
        try startCall()
        if let device { index.add(device) }
        device = nil
        try writeMetadata()
        try output.flush()
        state = .finished
        return TsFileSummary(
            byteCount: output.position, deviceCount: index.devices.count, seriesCount: index.seriesCount,
            pointCount: pointCount, minTime: times.lower, maxTime: times.upper)
    }

    /// Marks the file as spoilt until the call has come to its end.
    mutating func startCall() throws {
        guard state == .open else {
            throw TsFileError(
                .misuse, state == .finished ? "the file is finished" : "the file is spoilt by an earlier error")
        }
        state = .failed
        guard !hasHead else { return }
        hasHead = true
        try output.write(TsFileFormat.magic + [options.version])
    }

    private func isBefore(_ first: TsFileDeviceID, _ second: TsFileDeviceID) -> Bool {
        options.isForIoTDB1 ? ByteOrder.compare(first.description, second.description) < 0 : first < second
    }

    func checkName(_ name: String) throws(TsFileError) {
        guard name.utf8.count <= options.limits.nameBytesMax else {
            throw TsFileError.limit("a name", name.utf8.count, "nameBytesMax", options.limits.nameBytesMax)
        }
    }
}
