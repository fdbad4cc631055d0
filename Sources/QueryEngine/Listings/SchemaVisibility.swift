// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

/// What the user may know of the schema; the rest is silently left out.
extension StatementContext {
    func visibleSeries(_ pattern: PathText) -> [SeriesEntry] {
        let all = schema.series(matching: PathPattern(nodes: pattern.nodes))
        return isAdministrator ? all : all.filter { mayKnow($0.nodes) }
    }

    /// A device is visible if it is named by a right, or one of its series is.
    func visibleDevices(_ pattern: PathText) -> [DeviceEntry] {
        let all = schema.devices(matching: PathPattern(nodes: pattern.nodes))
        guard !isAdministrator else { return all }
        return all.filter { device in
            mayKnow(device.path.nodes) || device.allSeries().contains { mayKnow($0.nodes) }
        }
    }

    /// A database is visible if it is named by a right, or something in it is.
    func visibleDatabases(_ pattern: PathText) -> [DatabaseEntry] {
        let pattern = PathPattern(nodes: pattern.nodes)
        return schema.databases().filter { pattern.matches($0.nodes) && isVisible($0) }
    }

    func isVisible(_ database: DatabaseEntry) -> Bool {
        if isAdministrator || service.access.allows(principal, .manageDatabase) || mayKnow(database.nodes) {
            return true
        }
        let series = schema.series(matching: PathPattern(nodes: database.nodes + ["**"]))
        return series.contains { mayKnow($0.nodes) }
    }

    var isAdministrator: Bool { principal == .root }
}
