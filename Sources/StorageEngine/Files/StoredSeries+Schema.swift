// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel
import TsFile

extension StoredSeries {
    init(_ entry: SeriesEntry) {
        self.init(
            id: entry.id, database: entry.device.database.id, databasePath: entry.device.database.path,
            device: TsFileDeviceID(path: entry.device.path.nodes), measurement: entry.measurement, type: entry.type,
            encoding: entry.encoding, compressor: entry.compressor, deviceNodes: entry.device.path.nodes,
            isAligned: entry.device.isAligned, isEncodingDeclared: entry.isEncodingDeclared,
            timeToLive: entry.device.timeToLive)
    }
}

extension Snapshot {
    /// The points of a series in a time range, in either order: one a time, the newest. Nothing is read yet.
    package func points(of series: SeriesEntry, in range: TimeRange, order: TimeOrder) -> SeriesCursor {
        points(of: StoredSeries(series), in: range, order: order)
    }

    /// The newest point of a series in a time range; nil if there is none. Reads from the newest end; blocks.
    package func last(
        of series: SeriesEntry, in range: TimeRange
    ) throws(StorageError) -> (time: Timestamp, value: Value)? {
        try last(of: StoredSeries(series), in: range)
    }

    /// The points of a series in a time range, rising, as statistics where those say it all; for aggregates. Nothing is read yet.
    package func pieces(of series: SeriesEntry, in range: TimeRange) -> PieceCursor {
        pieces(of: StoredSeries(series), in: range)
    }

    /// Fixes what is seen of several series, so that no commit is seen in part.
    package func pin(_ series: [SeriesEntry]) { pin(series.lazy.map(\.id)) }
}
