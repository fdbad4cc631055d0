// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What the writer remembers of a series until its device ends.
final class SeriesDraft {
    let name: String
    /// Nil for the time column of an aligned device.
    let type: DataType?
    let encoding: TsFileEncoding
    let compressor: TsFileCompressor
    /// What the markers of its chunks and its TimeseriesMetadata have set: ``ChunkMarker/timeColumn``,
    /// ``ChunkMarker/valueColumn``, or nothing.
    let columnFlag: UInt8
    private(set) var statistics: SeriesStatistics
    private var chunks: [TsFileChunkMetadata] = []

    init(
        name: String, type: DataType?, encoding: TsFileEncoding, compressor: TsFileCompressor, columnFlag: UInt8 = 0
    ) {
        self.name = name
        self.type = type
        self.encoding = encoding
        self.compressor = compressor
        self.columnFlag = columnFlag
        statistics = .empty(type)
    }

    /// The type's id in the file.
    var typeID: UInt8 { type?.rawValue ?? TsFileFormat.vectorTypeID }

    func add(_ chunk: TsFileChunkMetadata) throws(TsFileError) {
        let count = statistics.count + chunk.statistics.count
        guard count <= Int(Int32.max) else {
            throw TsFileError.limit("the number of points of \(name) in one file", count, "2^31 - 1", Int(Int32.max))
        }
        statistics.merge(chunk.statistics)
        chunks.append(chunk)
    }

    /// The TimeseriesMetadata (`tsfile.md` section 7).
    func encoded() -> [UInt8] {
        var list: [UInt8] = []
        for chunk in chunks {
            list.appendInt64(Int64(chunk.offset))
            if chunks.count > 1 { list.append(chunk.statistics) }
        }
        var bytes: [UInt8] = [columnFlag | (chunks.count > 1 ? 1 : 0)]
        bytes.appendVString(name)
        bytes.append(typeID)
        bytes.appendUVar(UInt32(list.count))
        bytes.append(statistics)
        bytes.append(contentsOf: list)
        return bytes
    }
}

/// What the writer remembers of the device that it is at.
final class DeviceDraft {
    let id: TsFileDeviceID
    let isAligned: Bool
    /// The time column of an aligned device comes first, then its columns by name.
    private(set) var series: [SeriesDraft] = []
    /// The keys are bytes, because `String` takes canonically equal names for one.
    private var seriesByName: [[UInt8]: SeriesDraft] = [:]
    /// Whether the header of the current chunk group is written.
    private(set) var hasOpenGroup = false
    /// The series whose chunk came last in the current group.
    var latest: SeriesDraft?

    init(_ id: TsFileDeviceID, isAligned: Bool) {
        self.id = id
        self.isAligned = isAligned
    }

    func openGroup() { hasOpenGroup = true }

    func closeGroup() {
        hasOpenGroup = false
        latest = nil
    }

    func series(named name: String) -> SeriesDraft? { seriesByName[Array(name.utf8)] }

    func add(_ draft: SeriesDraft) {
        series.append(draft)
        seriesByName[Array(draft.name.utf8)] = draft
    }
}

/// What the writer remembers of a device that is done: its TimeseriesMetadata, encoded, since they follow all chunks.
struct FinishedDevice {
    let id: TsFileDeviceID
    /// In ``FileIndexDraft/seriesBytes``.
    var bytes: Range<Int>
    /// Name and offset in ``FileIndexDraft/seriesBytes`` of every 256th series.
    var blocks: [(name: String, offset: Int)]
}

/// The metadata of the devices so far; all that grows with the file.
struct FileIndexDraft {
    private(set) var devices: [FinishedDevice] = []
    private(set) var seriesBytes: [UInt8] = []
    private(set) var bloomFilter = BloomFilterBuilder()
    /// Without the time columns of aligned devices.
    private(set) var seriesCount = 0

    mutating func add(_ device: DeviceDraft) {
        guard !device.series.isEmpty else { return }
        let path = device.id.description
        let start = seriesBytes.count
        var blocks: [(name: String, offset: Int)] = []
        let sorted = device.series.sorted { ByteOrder.compare($0.name, $1.name) < 0 }
        for (index, series) in sorted.enumerated() {
            if index % TsFileFormat.indexDegree == 0 { blocks.append((series.name, seriesBytes.count)) }
            seriesBytes.append(contentsOf: series.encoded())
            bloomFilter.add("\(path).\(series.name)")
        }
        seriesCount += sorted.count - (device.isAligned ? 1 : 0)
        devices.append(FinishedDevice(id: device.id, bytes: start..<seriesBytes.count, blocks: blocks))
    }
}
