// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// Writes a TsFile from merged points, durably. Memory: the points of one chunk, and of an aligned device the rows of one.
struct FileWriter {
    /// Points that are gathered before they are written as a chunk.
    static let chunkPointsMax = 256 << 10
    /// Bytes of texts that are gathered before they are written as a chunk.
    static let chunkBytesMax = 8 << 20
    /// Values that are looked at for the choice of an encoding.
    static let samplePointsMax = 1_000

    let store: FileStore
    /// Where the points of a series come from, in ascending order.
    let cursor: (StoredSeries) throws(StorageError) -> SeriesCursor
    /// Waits, or throws to end the work.
    var pace: FileSink.Pace?

    /// Writes a file under a temporary name and gives it its own when all of it is on the disk. Nobody knows of it before
    /// the catalog does. Nil, and no file, if there are no points. `next` gives the devices in the order of the format.
    func write(
        _ target: FileTarget, _ next: () throws(StorageError) -> DeviceGroup?
    ) throws(StorageError) -> FileRecord? {
        let fileSystem = store.fileSystem
        let below = FileName.folder(
            database: DatabaseFolder(path: target.databasePath, id: target.database.rawValue),
            partitions: target.partitions)
        let folder = "\(FileName.folder)/\(below)"
        try fileSystem.makeFolder(folder)
        let path = "\(folder)/\(target.name.text)"
        let temporary = path + FileName.temporarySuffix
        do throws(StorageError) {
            guard let content = try writeContent(target, to: temporary, next) else {
                try? fileSystem.remove(temporary)
                return nil
            }
            try fileSystem.rename(temporary, to: path)
            try fileSystem.syncFolder(folder)
            return record(target, name: "\(below)/\(target.name.text)", content)
        } catch {
            // Only to save space: the next start would remove it, too.
            try? fileSystem.remove(temporary)
            try? fileSystem.remove(path)
            throw error
        }
    }

    private func record(_ target: FileTarget, name: String, _ content: Content) -> FileRecord {
        let summary = content.summary
        return FileRecord(
            version: target.version, databaseID: target.database.rawValue, partitions: content.partitions,
            name: name, byteCount: UInt64(summary.byteCount), pointCount: UInt64(summary.pointCount),
            minTime: summary.minTime, maxTime: summary.maxTime, creationTime: target.name.time, order: target.order,
            throughSequence: target.throughSequence, sha256: content.sha256)
    }

    private struct Content {
        var summary: TsFileSummary
        var partitions: [Int64]
        var sha256: [UInt8]
    }

    private func writeContent(
        _ target: FileTarget, to path: String, _ next: () throws(StorageError) -> DeviceGroup?
    ) throws(StorageError) -> Content? {
        let file = try store.fileSystem.createFile(path)
        defer { file.close() }
        var content: Content
        do {
            var writer = TsFileWriter(sink: FileSink(file, pace: pace))
            var cut = PartitionCut(target.partitions, store.partitioning)
            while let group = try next() {
                try writer.beginDevice(group.device, isAligned: group.isAligned)
                if group.isAligned {
                    try writeRows(of: group, &cut, to: &writer)
                } else {
                    for series in group.series { try write(series, &cut, to: &writer) }
                }
            }
            let summary = try writer.finish()
            content = Content(summary: summary, partitions: cut.used, sha256: writer.sink.sha256)
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.io, "cannot write \(store.fileSystem.displayName(of: path)): \(error)")
        }
        guard content.summary.pointCount > 0 else { return nil }
        try file.sync()
        return content
    }

    private func write(
        _ series: StoredSeries, _ cut: inout PartitionCut, to writer: inout TsFileWriter<FileSink>
    ) throws {
        var cursor = try cursor(series)
        var series = series
        var points = PointColumn(series.type)
        var isFirst = true
        func writeChunk(_ writer: inout TsFileWriter<FileSink>) throws {
            guard !points.isEmpty else { return }
            if isFirst { series.chooseEncoding(points.values) }
            isFirst = false
            try writer.writeChunk(
                measurement: series.measurement, type: series.type, encoding: series.encoding,
                compressor: series.compressor, points: points)
            points = PointColumn(series.type)
        }
        cut.restart()
        while let block = try cursor.next() {
            var row = 0
            while row < block.count {
                if !cut.contains(block.times[row]) {
                    try writeChunk(&writer)
                    cut.enter(block.times[row])
                }
                let end = cut.end(in: block, from: row)
                points.append(block, row..<end)
                row = end
            }
            if points.count >= Self.chunkPointsMax || points.values.bytes.count >= Self.chunkBytesMax {
                try writeChunk(&writer)
            }
        }
        try writeChunk(&writer)
    }
}

extension StoredSeries {
    /// The encoding that is written: the declared one where both official readers read it, and where none was declared one that
    /// fits the values.
    mutating func chooseEncoding(_ values: borrowing ValueColumn) {
        guard !isEncodingDeclared, encoding == type.defaultTsFileEncoding else {
            if !encoding.isWritable(for: type) { encoding = type.defaultTsFileEncoding }
            return
        }
        var sample = ValueColumn(type)
        for row in 0..<min(values.count, FileWriter.samplePointsMax) { sample.append(from: values, at: row) }
        let choice = TsFileEncoding.choice(for: sample, compressor: compressor)
        encoding = choice.isWritable(for: type) ? choice : type.defaultTsFileEncoding
    }
}
