// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What may be seen of the points at one moment, whatever source they are in: not what was deleted after it was written, and
/// not what has outlived its time.
struct Visibility: Sendable {
    let deletions: DeletionSet
    /// In the server's precision; nil = nothing expires.
    let now: Timestamp?
    let partitioning: Partitioning

    /// What must not be seen of a series in a source that was logged up to `sequence`, in no order.
    func hiddenRanges(of series: StoredSeries, from sequence: LogSequence) -> [TimeRange] {
        var ranges =
            deletions.isEmpty
            ? [] : deletions.hidden(device: series.deviceNodes, measurement: series.measurement, from: sequence)
        if let expired = expired(after: series.timeToLive) { ranges.append(expired) }
        return ranges
    }

    /// The times that are over for points that live so long; nil = none. A point is seen as long as its age is not above.
    func expired(after timeToLive: Int64?) -> TimeRange? {
        guard let now, let timeToLive else { return nil }
        let (limit, isOverflow) = now.subtractingReportingOverflow(timeToLive)
        guard !isOverflow, limit > .min else { return nil }
        return TimeRange(.min, limit - 1)
    }
}
