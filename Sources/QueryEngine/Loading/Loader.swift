// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Ingestion
import Logging
import StorageEngine
import TimeSeriesModel
import TsFile

/// Brings the points of TsFiles into the engine, as if they were written now: through rights, types and the log. Memory: a
/// page, and the batches under way.
struct Loader {
    /// A batch goes to the log from this size on.
    private static let batchBytes = 1 << 20

    private let statement: LoadStatement
    private let pipeline: BatchPipeline
    private var ingestor: PointIngestor
    private var batch = WriteBatch()
    private(set) var report = LoadReport()

    init(_ statement: LoadStatement, ingestor: PointIngestor, pipeline: BatchPipeline) {
        self.statement = statement
        self.ingestor = ingestor
        self.pipeline = pipeline
    }

    /// Takes in a file; ``finish()`` makes it durable. What cannot be read costs no other file.
    mutating func load(_ path: String) throws(StatementError) {
        let source: LocalFile
        do throws(StatementError) {
            source = try LocalFile(path)
        } catch {
            report.refuse(file: path, error.message)
            return
        }
        do {
            let reader = try TsFileReader(source: source)
            var devices = reader.devices()
            while let device = try devices.next() { try load(device, from: reader) }
            report.files += 1
        } catch let error as StatementError {
            // Storing failed: nothing else would be stored, either.
            throw error
        } catch let error as TsFileError {
            report.refuse(file: path, (error.underlying as? StatementError)?.message ?? "\(error)")
        } catch {
            report.refuse(file: path, "\(error)")
        }
    }

    /// Waits until everything is durable.
    mutating func finish() throws(StatementError) {
        try pipeline.append(&batch)
        try pipeline.finish()
    }

    private mutating func load(_ device: TsFileDeviceID, from reader: TsFileReader) throws {
        let path: DevicePath
        do throws(PathError) {
            path = try DevicePath(parsing: device.description)
        } catch {
            // A table of the table model, or a name that no path can have.
            report.refuse(StatementError(code: 509, message: "device \(device): \(error.message)"))
            return
        }
        var list = try reader.measurements(of: device)
        while let series = try list.next() {
            guard let type = series.type, let chunk = series.chunks.first else { continue }
            try load(series, type, try reader.header(of: chunk), to: path, from: reader)
        }
    }

    private mutating func load(
        _ series: TsFileSeriesMetadata, _ type: DataType, _ header: TsFileChunkHeader, to device: DevicePath,
        from reader: TsFileReader
    ) throws {
        guard series.statistics.count > 0 else { return }
        let target: PointIngestor.Target
        do throws(SchemaError) {
            let name = PathNode.canonical(series.measurement)
            target = try ingestor.target(
                device, isAligned: header.isAligned || series.isAligned,
                SeriesRequest(
                    measurement: name, type: type, encoding: header.encoding, compressor: header.compressor),
                convertsTypes: statement.convertsTypes)
        } catch {
            report.refuse(StatementError(error))
            return
        }
        var cursor = reader.points(of: series, in: .all, order: .ascending)
        while let points = try cursor.next() {
            let expired = ingestor.append(points, to: target, into: &batch)
            report.expiredPoints += expired
            report.points += points.count - expired
            if batch.byteCount >= Self.batchBytes { try pipeline.append(&batch) }
        }
        report.series += 1
    }
}

/// LOAD.
extension StatementContext {
    func execute(_ statement: LoadStatement) throws(StatementError) -> StatementResult {
        try require(.maintain)
        let files = try LoadPath.files(statement.path, allowed: settings.loadFolders)
        try requireWritableLog()
        try service.loading.enter()
        defer { service.loading.leave() }
        let gate = service.loading
        let pipeline = BatchPipeline(service.storage) { gate.isClosed }
        var loader = Loader(
            statement, ingestor: PointIngestor(service: service.ingestion, principal: principal), pipeline: pipeline)
        service.logger.notice("LOAD of \(statement.path) begins: \(files.count) files, for \(principal.name)")
        for file in files { try loader.load(file) }
        try loader.finish()
        let report = loader.report
        service.logger.notice(
            "LOAD of \(statement.path): \(report.points) points of \(report.series) series from \(report.files) files")
        if let failure = report.failure { throw failure }
        return .done
    }
}
