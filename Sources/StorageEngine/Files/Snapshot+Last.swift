// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

extension Snapshot {
    /// The newest point of a series in a time range; nil if there is none. Reads from the newest end.
    func last(of series: StoredSeries, in range: TimeRange) throws(StorageError) -> (time: Timestamp, value: Value)? {
        let plan = plan(series, range, .descending)
        guard !range.isEmpty else { return nil }
        var best = lastInMemtables(plan)
        // By their latest times, then by order: a file behind the best time cannot have a better one, and at an equal time what
        // came first is newer only if its order is higher.
        var bestOrder = best == nil ? 0 : UInt64.max
        let files = files(of: plan).sorted {
            ($0.record.maxTime, $0.record.order) > ($1.record.maxTime, $1.record.order)
        }
        for file in files {
            if let best, file.record.maxTime < best.time { break }
            guard let found = try newest(in: file, plan, after: best?.time) else { continue }
            guard let current = best else {
                best = found
                bestOrder = file.record.order
                continue
            }
            if current.time < found.time || current.time == found.time && bestOrder < file.record.order {
                best = found
                bestOrder = file.record.order
            }
        }
        return best
    }

    /// Newer memtables come first, so at equal times the first one found stays.
    private func lastInMemtables(_ plan: MergePlan) -> (time: Timestamp, value: Value)? {
        var best: (time: Timestamp, value: Value)?
        for (slice, sequence) in zip(slices(of: plan.series.id), memtableSequences) {
            guard let slice else { continue }
            let hidden = plan.hidden(from: sequence, plan.range)
            for visible in hidden.visible(in: plan.range).reversed() {
                guard best.map({ $0.time < visible.upper }) ?? true else { break }
                guard let found = slice.last(in: visible) else { continue }
                if best.map({ $0.time < found.time }) ?? true { best = found }
                break
            }
        }
        return best
    }

    /// The newest point of a file in the plan's range, if it is at `time` or later.
    private func newest(
        in file: StoredFile, _ plan: MergePlan, after time: Timestamp?
    ) throws(StorageError) -> (time: Timestamp, value: Value)? {
        let hidden = plan.hidden(of: file)
        guard plan.bound(of: file.timeRange, hidden) != nil else { return nil }
        let reader = try plan.readers.reader(of: file)
        guard let metadata = try plan.metadata(of: file, reader, hidden) else { return nil }
        let end = metadata.statistics.endTime
        if let time, end < time { return nil }
        if plan.range.contains(end), !hidden.covers(TimeRange(end, end)),
            let value = metadata.statistics.values.last(of: plan.series.type)
        {
            return (end, value)
        }
        guard var source = PointSource(file, plan, rank: 0) else { return nil }
        while try source.advance(plan) {
            if source.hasPoints { return (source.block.times[0], source.block.values[0]) }
        }
        return nil
    }
}
