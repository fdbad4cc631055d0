// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

extension IngestionService {
    /// The oldest time that points of a device may have, and the time to live that says so; nil = any time.
    ///
    /// `device` is the device where it exists.
    func oldestTime(
        of path: DevicePath, _ device: DeviceEntry?
    ) -> (time: Timestamp, timeToLive: Int64)? {
        let found = if let device { device.timeToLive } else { storage.schema.timeToLive(covering: path) }
        guard let timeToLive = found else { return nil }
        // Longer than there are times before now: nothing is too old.
        let (oldest, overflowed) = now().subtractingReportingOverflow(timeToLive)
        return overflowed ? nil : (oldest, timeToLive)
    }
}

extension Ingestor {
    /// Refuses rows that are older than the device's time to live: they would be gone at once, and nothing vanishes silently.
    /// Returns the rows refused.
    func refuseExpiredRows(
        _ group: IncomingGroup, _ resolved: ResolvedGroup, in rows: inout IncomingRows
    ) -> Set<Int> {
        guard let (oldest, timeToLive) = service.oldestTime(of: resolved.path, resolved.device) else { return [] }
        var expired: Set<Int> = []
        for row in 0..<group.rows.count where rows.times[group.rows.lowerBound + row] < oldest {
            guard hasValue(row, group, rows) else { continue }
            expired.insert(row)
            let time = rows.times[group.rows.lowerBound + row]
            refuseRow(row, of: group, Self.expired(time, timeToLive, service.settings), in: &rows)
        }
        return expired
    }

    private static func expired(_ time: Timestamp, _ timeToLive: Int64, _ settings: IngestionSettings) -> Refusal {
        let milliseconds = timeToLive / (settings.precision.unitsPerSecond / 1_000)
        return Refusal(
            .outOfTimeToLive,
            "the time \(time) is older than the time to live of the device (\(milliseconds) ms); see SHOW TTL")
    }
}
