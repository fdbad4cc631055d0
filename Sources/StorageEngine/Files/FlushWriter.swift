// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// Writes the TsFiles of a memtable, one after the other, durably. Memory: the points of one chunk.
struct FlushWriter {
    /// Points that are gathered before they are written as a chunk.
    static let chunkPointsMax = 256 << 10
    /// Bytes of texts that are gathered before they are written as a chunk.
    static let chunkBytesMax = 8 << 20

    let store: FileStore
    let partitioning: Partitioning

    /// Writes a file under a temporary name and gives it its own when all of it is on the disk. Nobody knows of it before
    /// the catalog does.
    func write(_ target: FlushTarget, of memtable: Memtable) throws(StorageError) -> FileRecord {
        let fileSystem = store.fileSystem
        let below = FileName.folder(
            database: DatabaseFolder(path: target.databasePath, id: target.database.rawValue),
            partition: target.partition)
        let folder = "\(FileName.folder)/\(below)"
        try fileSystem.makeFolder(folder)
        let name = store.newName()
        let path = "\(folder)/\(name.text)"
        let temporary = path + FileName.temporarySuffix
        let summary: TsFileSummary
        do throws(StorageError) {
            summary = try writeContent(target, of: memtable, to: temporary)
            try fileSystem.rename(temporary, to: path)
            try fileSystem.syncFolder(folder)
        } catch {
            // Only to save space: the next start would remove it, too.
            try? fileSystem.remove(temporary)
            try? fileSystem.remove(path)
            throw error
        }
        return FileRecord(
            version: name.version, databaseID: target.database.rawValue, partition: target.partition,
            name: "\(below)/\(name.text)", byteCount: UInt64(summary.byteCount),
            pointCount: UInt64(summary.pointCount), minTime: summary.minTime, maxTime: summary.maxTime,
            creationTime: name.time)
    }

    private func writeContent(
        _ target: FlushTarget, of memtable: Memtable, to path: String
    ) throws(StorageError) -> TsFileSummary {
        let file = try store.fileSystem.createFile(path)
        defer { file.close() }
        let summary: TsFileSummary
        do {
            var writer = TsFileWriter(sink: StorageFileSink(file: file))
            var device: TsFileDeviceID?
            for series in target.series {
                guard let slice = memtable.slice(of: series.id) else { continue }
                if device != series.device {
                    try writer.beginDevice(series.device)
                    device = series.device
                }
                try write(series, slice, partitioning.range(of: target.partition), to: &writer)
            }
            summary = try writer.finish()
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.io, "cannot write \(store.fileSystem.displayName(of: path)): \(error)")
        }
        try file.sync()
        return summary
    }

    private func write(
        _ series: StoredSeries, _ slice: MemtableSlice, _ range: TimeRange,
        to writer: inout TsFileWriter<StorageFileSink>
    ) throws {
        var cursor = slice.cursor(in: range, order: .ascending)
        var points = PointColumn(series.type)
        while let block = cursor.next() {
            points.append(block, 0..<block.count)
            if points.count >= Self.chunkPointsMax || points.values.bytes.count >= Self.chunkBytesMax {
                try writeChunk(series, points, to: &writer)
                points = PointColumn(series.type)
            }
        }
        try writeChunk(series, points, to: &writer)
    }

    private func writeChunk(
        _ series: StoredSeries, _ points: borrowing PointColumn, to writer: inout TsFileWriter<StorageFileSink>
    ) throws {
        try writer.writeChunk(
            measurement: series.measurement, type: series.type, encoding: series.encoding,
            compressor: series.compressor, points: points)
    }
}
