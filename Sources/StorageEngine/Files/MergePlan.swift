// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// What all sources of a merge have in common: the series, the times that are wanted, and what must not be seen of them.
struct MergePlan: Sendable {
    let series: StoredSeries
    let range: TimeRange
    let order: TimeOrder
    let readers: FileReaders
    let visibility: Visibility
    /// Rising; nil = whatever partition it is.
    let partitions: [Int64]?

    /// Makes keys of times: `time ^ mask` is the time in ascending order and its complement in descending.
    let mask: Int64

    init(
        series: StoredSeries, range: TimeRange, order: TimeOrder, readers: FileReaders, visibility: Visibility,
        partitions: [Int64]? = nil
    ) {
        self.series = series
        self.range = range
        self.order = order
        self.readers = readers
        self.visibility = visibility
        self.partitions = partitions
        mask = order == .ascending ? 0 : -1
    }

    /// The least key that a source of these times can deliver; nil if it has nothing to see in the range.
    func bound(of times: TimeRange, _ hidden: HiddenTimes) -> Int64? {
        let common = times.intersection(range)
        guard !hidden.covers(common) else { return nil }
        return (order == .ascending ? common.lower : common.upper) ^ mask
    }

    /// What must not be seen of a memtable with these times that was logged up to `sequence`.
    func hidden(from sequence: LogSequence, _ times: TimeRange) -> HiddenTimes {
        var ranges = visibility.hiddenRanges(of: series, from: sequence)
        if let partitions { ranges += outside(partitions, times) }
        return ranges.isEmpty ? .none : HiddenTimes(ranges)
    }

    /// What must not be seen of a file.
    func hidden(of file: StoredFile) -> HiddenTimes {
        var ranges = visibility.hiddenRanges(of: series, from: file.record.throughSequence)
        if let partitions { ranges += outside(partitions, file.timeRange) }
        ranges += outside(file.record.partitions, file.timeRange)
        return ranges.isEmpty ? .none : HiddenTimes(ranges)
    }

    private func outside(_ partitions: [Int64], _ times: TimeRange) -> [TimeRange] {
        HiddenTimes.outside(partitions, visibility.partitioning, within: times.intersection(range))
    }

    /// What a file holds of the series; nil if nothing that may be seen.
    func metadata(
        of file: StoredFile, _ reader: TsFileReader, _ hidden: HiddenTimes
    ) throws(StorageError) -> TsFileSeriesMetadata? {
        let metadata: TsFileSeriesMetadata?
        do {
            metadata = try reader.seriesMetadata(device: series.device, measurement: series.measurement)
        } catch {
            throw readers.failed(error, file)
        }
        guard let metadata, metadata.statistics.count > 0,
            !hidden.covers(metadata.statistics.timeRange.intersection(range))
        else { return nil }
        try check(metadata, file)
        return metadata
    }

    /// A series never changes its type but by a drop, which hides what was before.
    func check(_ metadata: TsFileSeriesMetadata, _ file: StoredFile) throws(StorageError) {
        guard metadata.type != series.type else { return }
        let failure = StorageError(
            .corrupt,
            "\(file.displayName): \(series.device).\(series.measurement) is \(metadata.type?.name ?? "VECTOR") there, "
                + "but \(series.type.name) in the catalog")
        _ = file.body.noteDamage(failure)
        throw failure
    }
}
