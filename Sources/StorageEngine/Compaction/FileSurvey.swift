// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// What deletions and times to live hide of a file, found out from its index.
struct FileSurvey: Sendable {
    /// What it depends on: the newest deletion that was looked at, and how far points had expired.
    struct Key: Sendable, Equatable {
        var deletions: LogSequence
        var partitions: Int
        /// In twentieths of the file's time range, for the shortest time to live.
        var expired: Int
        /// Of the rules how long points are kept.
        var rules: Int
    }

    var key: Key
    /// In partitions that count.
    var points: UInt64 = 0
    var hiddenPoints: UInt64 = 0
    /// Those that have points to see.
    var visiblePartitions: Set<Int64> = []
    /// Deletions that hide something in it.
    var deletions: Set<DeletionRecord> = []

    var hiddenPercent: Int { points == 0 ? 0 : Int(min(100, hiddenPoints * 100 / points)) }
}

/// Looks through the index of a file.
struct FileSurveyor {
    let file: StoredFile
    let reader: TsFileReader
    let schema: SchemaStore
    let visibility: Visibility
    let readers: FileReaders
    /// Those that may hide something in it.
    let deletions: [Deletion]
    private let partitions: Set<Int64>

    init(
        _ file: StoredFile, _ reader: TsFileReader, schema: SchemaStore, visibility: Visibility, readers: FileReaders,
        deletions: [Deletion]
    ) {
        self.file = file
        self.reader = reader
        self.schema = schema
        self.visibility = visibility
        self.readers = readers
        self.deletions = deletions
        partitions = Set(file.record.partitions)
    }

    func survey(_ key: FileSurvey.Key) throws(StorageError) -> FileSurvey {
        var survey = FileSurvey(key: key)
        do throws(TsFileError) {
            var devices = reader.devices()
            while let device = try devices.next() {
                let names = DeviceNames(device, schema)
                let relevant = deletions.filter { $0.pattern.mayMatchBelow(names.nodes) }
                let expired = visibility.expired(after: names.entry?.timeToLive)
                var series = try reader.measurements(of: device)
                while let metadata = try series.next() {
                    guard metadata.type != nil else { continue }
                    add(metadata, names, relevant, expired, &survey)
                }
            }
        } catch {
            throw readers.failed(error, file)
        }
        return survey
    }

    private func add(
        _ metadata: TsFileSeriesMetadata, _ names: DeviceNames, _ relevant: [Deletion], _ expired: TimeRange?,
        _ survey: inout FileSurvey
    ) {
        var ranges: [TimeRange] = expired.map { [$0] } ?? []
        if !relevant.isEmpty {
            let path = names.nodes + [metadata.measurement]
            for deletion in relevant where deletion.pattern.matches(path) {
                ranges.append(deletion.range)
                if deletion.range.overlaps(metadata.statistics.timeRange) { survey.deletions.insert(deletion.record) }
            }
        }
        let hidden = HiddenTimes(ranges)
        for chunk in metadata.chunks where chunk.statistics.count > 0 {
            let times = chunk.statistics.timeRange
            // Chunks of ours lie in one partition; those of other writers may not.
            let first = visibility.partitioning.partition(of: times.lower)
            let last = visibility.partitioning.partition(of: times.upper)
            let touched = first == last ? [first] : file.record.partitions.filter { (first...last).contains($0) }
            guard touched.contains(where: partitions.contains) else { continue }
            survey.points += UInt64(chunk.statistics.count)
            if hidden.covers(times) {
                survey.hiddenPoints += UInt64(chunk.statistics.count)
            } else {
                survey.visiblePartitions.formUnion(touched)
                survey.hiddenPoints += hidden.estimate(of: chunk.statistics.count, in: times)
            }
        }
    }
}

extension HiddenTimes {
    /// How many of `count` points in these times are hidden, if they are spread evenly.
    func estimate(of count: Int, in times: TimeRange) -> UInt64 {
        guard overlaps(times) else { return 0 }
        let span = Double(times.upper) - Double(times.lower) + 1
        let seen = visible(in: times).reduce(0.0) { $0 + Double($1.upper) - Double($1.lower) + 1 }
        return UInt64(max(0, min(1, 1 - seen / span)) * Double(count))
    }
}

/// A device of a file as the schema knows it.
struct DeviceNames {
    /// nil = it was dropped, or is not known.
    let entry: DeviceEntry?
    /// Canonical.
    let nodes: [String]

    init(_ device: TsFileDeviceID, _ schema: SchemaStore) {
        let text = device.description
        entry = schema.device(at: text)
        if let entry {
            nodes = entry.path.nodes
        } else if let path = try? DevicePath(parsing: text) {
            nodes = path.nodes
        } else {
            nodes = device.segments.map { $0 ?? "null" }
        }
    }
}
