// SPDX-License-Identifier: Apache-2.0

import Catalog
package import TimeSeriesModel
import TsFile

extension FolderCheck {
    /// Every file that the catalog names, and those that it does not.
    mutating func checkFiles(_ state: CatalogState, _ onDisk: FolderListing) {
        let partitioning = Partitioning(facts: state.facts)
        for record in state.files {
            let path = "\(FileName.folder)/\(record.name)"
            let findings = check(record, path: path, partitioning)
            if findings.contains(where: { $0.severity == .damage }) { report.badFiles.append(record.version) }
            report.files += 1
            finish(path, findings)
        }
        let named = Set(state.files.map { "\(FileName.folder)/\($0.name)" })
        for path in onDisk.tsFiles where !named.contains(path) {
            let isUnfinished = path.hasSuffix(FileName.temporarySuffix)
            finish(
                path,
                [
                    CheckFinding(
                        .note, .file, path: path,
                        isUnfinished
                            ? "an unfinished file, left by a flush or compaction that was interrupted"
                            : "the catalog does not name it: left by a flush or compaction that was interrupted",
                        remedy: "The next start removes it")
                ])
        }
    }

    /// A file that nothing is known about: only whether it can be read.
    mutating func checkUnnamed(_ path: String) {
        guard !path.hasSuffix(FileName.temporarySuffix) else { return }
        var findings: [CheckFinding] = []
        do throws(StorageError) {
            let file = try fileSystem.openFile(path)
            defer { file.close() }
            findings = inspect(file, path: path).findings
        } catch {
            // Compaction has removed it meanwhile.
            if error.code == .notFound { return }
            findings.append(damage(path, error.message))
        }
        report.files += 1
        finish(path, findings)
    }

    private mutating func check(_ record: FileRecord, path: String, _ partitioning: Partitioning?) -> [CheckFinding] {
        do throws(StorageError) {
            let file = try fileSystem.openFile(path)
            defer { file.close() }
            guard UInt64(file.byteCount) == record.byteCount else {
                return [damage(path, "it has \(file.byteCount) bytes, and the catalog says \(record.byteCount)")]
            }
            var findings: [CheckFinding] = []
            if !record.sha256.isEmpty, try FileDigest.sha256(of: file, advance: observer.advanced) != record.sha256 {
                findings.append(damage(path, "its SHA-256 is not the one that the catalog has: bytes have changed"))
            }
            let (inspection, problems) = inspect(file, path: path)
            findings += problems
            // What cannot be read is not compared.
            if problems.isEmpty { findings += compare(inspection, with: record, path: path, partitioning) }
            return findings
        } catch {
            guard error.code == .notFound else { return [damage(path, error.message)] }
            return [damage(path, "it is missing, though the catalog names it")]
        }
    }

    private mutating func inspect(
        _ file: any StorageFile, path: String
    ) -> (inspection: TsFileInspection, findings: [CheckFinding]) {
        var done = 0
        let observer = observer
        let inspection = TsFileInspection(file) { byteCount in
            done += byteCount
            observer.advanced(by: byteCount)
        }
        observer.advanced(by: max(0, file.byteCount - done))
        report.points += inspection.pointCount
        let findings = inspection.damages.map { damage in
            CheckFinding(
                .damage, .file, path: path, offset: damage.offset,
                damage.series.isEmpty ? damage.message : "\(damage.series): \(damage.message)", remedy: Self.fileRemedy)
        }
        return (inspection, findings)
    }

    private static let fileRemedy =
        "Put the file back from a backup, or take it out with --quarantine and go on without its points"

    private func damage(_ path: String, _ message: String) -> CheckFinding {
        CheckFinding(.damage, .file, path: path, message, remedy: Self.fileRemedy)
    }

    /// Points, times and partitions against what the catalog says.
    private func compare(
        _ inspection: TsFileInspection, with record: FileRecord, path: String, _ partitioning: Partitioning?
    ) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if UInt64(inspection.pointCount) != record.pointCount {
            findings.append(
                damage(path, "it has \(inspection.pointCount) points, and the catalog says \(record.pointCount)"))
        }
        if inspection.pointCount > 0,
            inspection.timeRange != TimeRange(record.minTime, record.maxTime)
        {
            let times = inspection.timeRange
            findings.append(
                damage(
                    path,
                    "its times are \(times.lower) to \(times.upper), and the catalog says \(record.minTime) to \(record.maxTime)"
                ))
        }
        guard let partitioning else { return findings }
        for series in inspection.series {
            for chunk in series.chunks where chunk.statistics.count > 0 {
                let first = partitioning.partition(of: chunk.statistics.startTime)
                guard first != partitioning.partition(of: chunk.statistics.endTime) else { continue }
                findings.append(
                    CheckFinding(
                        .damage, .file, path: path, offset: chunk.offset,
                        "\(series.device).\(series.measurement): a chunk spans several time partitions",
                        remedy: Self.fileRemedy))
            }
        }
        return findings
    }
}

extension TsFileInspection {
    /// Points of all series; time columns are none.
    package var pointCount: Int { series.reduce(0) { $0 + ($1.type == nil ? 0 : $1.statistics.count) } }

    /// From the first to the last time of any point.
    package var timeRange: TimeRange {
        series.reduce(TimeRange(.max, .min)) { range, series in
            guard series.type != nil, series.statistics.count > 0 else { return range }
            return TimeRange(
                min(range.lower, series.statistics.startTime), max(range.upper, series.statistics.endTime))
        }
    }
}

extension Partitioning {
    /// As the catalog's facts say; nil where they are missing or make no sense.
    init?(facts: [String: String]) {
        guard let precision = facts["timestamp_precision"].flatMap(TimestampPrecision.init(rawValue:)),
            let milliseconds = facts["time_partition_interval"].flatMap(Int64.init), milliseconds > 0
        else { return nil }
        let (interval, overflows) = milliseconds.multipliedReportingOverflow(by: precision.unitsPerSecond / 1_000)
        guard !overflows else { return nil }
        self.init(interval: interval)
    }
}
