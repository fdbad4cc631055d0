// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The layers of one flush as sources of merged points.
struct LayerSources {
    /// The oldest first.
    let layers: [Memtable]
    let readers: FileReaders
    let visibility: Visibility

    /// The points of a series in some partitions, all in the range; deletions of older layers applied.
    func cursor(of series: StoredSeries, in range: TimeRange, partitions: [Int64]) -> SeriesCursor {
        let plan = MergePlan(
            series: series, range: range, order: .ascending, readers: readers, visibility: visibility,
            partitions: partitions.count > 1 ? partitions : nil)
        var sources: [PointSource] = []
        for (rank, layer) in layers.enumerated() {
            guard let slice = layer.slice(of: series.id),
                let source = PointSource(slice, plan, rank: rank, lastSequence: layer.lastSequence)
            else { continue }
            sources.append(source)
        }
        return SeriesCursor(plan, sources)
    }
}
