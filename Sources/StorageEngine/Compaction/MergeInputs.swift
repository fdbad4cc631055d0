// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// Some files on their way into one: their devices and series in the order of the format, each with all that the files hold of
/// it. One thread's own. Memory: of one device the index entries, and of one series (of an aligned device all) a page and a chunk
/// of each file.
final class MergeInputs {
    private struct Input {
        let file: StoredFile
        let reader: TsFileReader
        var devices: TsFileDeviceCursor
        /// The next one; nil at the end.
        var head: TsFileDeviceID?
    }

    private struct Piece {
        let file: StoredFile
        let reader: TsFileReader
        let metadata: TsFileSeriesMetadata
    }

    private var inputs: [Input] = []
    private let partitions: [Int64]
    private let range: TimeRange
    private let visibility: Visibility
    private let schema: SchemaStore
    private let readers: FileReaders
    /// Of the current device, by measurement; the newest first.
    private var pieces: [ByteKey: [Piece]] = [:]
    /// Points of the partitions so far, hidden ones included.
    private(set) var pointsRead: UInt64 = 0

    init(
        _ files: [StoredFile], partitions: [Int64], visibility: Visibility, schema: SchemaStore, readers: FileReaders
    ) throws(StorageError) {
        self.partitions = partitions
        range = visibility.partitioning.range(of: partitions)
        self.visibility = visibility
        self.schema = schema
        self.readers = readers
        for file in files.sorted(by: { $0.record.order > $1.record.order }) {
            let reader = try readers.reader(of: file)
            inputs.append(Input(file: file, reader: reader, devices: reader.devices(), head: nil))
            try advance(inputs.count - 1)
        }
    }

    private func advance(_ index: Int) throws(StorageError) {
        do throws(TsFileError) {
            inputs[index].head = try inputs[index].devices.next()
        } catch {
            throw readers.failed(error, inputs[index].file)
        }
    }

    /// The next device that may have points; nil at the end.
    func nextGroup() throws(StorageError) -> DeviceGroup? {
        while let device = inputs.compactMap(\.head).min() {
            pieces = [:]
            var isAligned = false
            for index in inputs.indices where inputs[index].head == device {
                isAligned = try collect(device, from: inputs[index]) || isAligned
                try advance(index)
            }
            guard !pieces.isEmpty else { continue }
            let names = DeviceNames(device, schema)
            var series: [StoredSeries] = []
            for (name, found) in pieces.sorted(by: { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }) {
                guard let first = found.first, let type = first.metadata.type else { continue }
                series.append(stored(device, name.text, names, first, type, isAligned))
            }
            return DeviceGroup(device: device, isAligned: names.entry?.isAligned ?? isAligned, series: series)
        }
        return nil
    }

    /// Notes what a file holds of a device in the partitions. True if it is an aligned one there.
    private func collect(_ device: TsFileDeviceID, from input: Input) throws(StorageError) -> Bool {
        var isAligned = false
        do throws(TsFileError) {
            var series = try input.reader.measurements(of: device)
            while let metadata = try series.next() {
                isAligned = isAligned || metadata.isAligned
                guard metadata.type != nil, metadata.statistics.timeRange.overlaps(range) else { continue }
                let points = points(in: metadata)
                guard points > 0 else { continue }
                pointsRead += points
                pieces[ByteKey(metadata.measurement), default: []].append(
                    Piece(file: input.file, reader: input.reader, metadata: metadata))
            }
        } catch {
            throw readers.failed(error, input.file)
        }
        return isAligned
    }

    /// Points of the partitions. Chunks of ours lie in one; those of others count where they begin.
    private func points(in metadata: TsFileSeriesMetadata) -> UInt64 {
        var points: UInt64 = 0
        for chunk in metadata.chunks where chunk.statistics.timeRange.overlaps(range) {
            points += UInt64(chunk.statistics.count)
        }
        return points
    }

    private func stored(
        _ device: TsFileDeviceID, _ measurement: String, _ names: DeviceNames, _ newest: Piece, _ type: DataType,
        _ isAligned: Bool
    ) -> StoredSeries {
        // One that was dropped and created again may have another type now; until the drop is durable its points stay.
        if let entry = names.entry?.series(named: measurement), entry.type == type { return StoredSeries(entry) }
        // Dropped, or never known here: what is not hidden stays as it is.
        let database = DatabaseID(rawValue: newest.file.record.databaseID)
        let header = newest.metadata.chunks.first.flatMap { try? newest.reader.header(of: $0) }
        return StoredSeries(
            id: SeriesID(rawValue: 0), database: database, databasePath: "", device: device,
            measurement: measurement, type: type, encoding: header?.encoding ?? type.defaultTsFileEncoding,
            compressor: header?.compressor ?? .lz4, deviceNodes: names.nodes, isAligned: isAligned,
            isEncodingDeclared: true, timeToLive: names.entry?.timeToLive)
    }

    /// The merged points of a series of the current device, in the partitions, without what is hidden.
    func cursor(of series: StoredSeries) throws(StorageError) -> SeriesCursor {
        let plan = MergePlan(
            series: series, range: range, order: .ascending, readers: readers, visibility: visibility,
            partitions: partitions.count > 1 ? partitions : nil)
        var sources: [PointSource] = []
        for piece in pieces[ByteKey(series.measurement)] ?? [] {
            let source = try PointSource(
                piece.file, piece.reader, piece.metadata, plan, rank: Snapshot.rank(of: piece.file))
            if let source { sources.append(source) }
        }
        return SeriesCursor(plan, sources)
    }
}
