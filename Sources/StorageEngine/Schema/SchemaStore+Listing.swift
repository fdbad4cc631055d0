// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TimeSeriesModel

extension SchemaStore {
    package var databaseCount: Int { state.withLock { $0.databases.count } }
    package var deviceCount: Int { state.withLock { $0.devices.count } }
    package var seriesCount: Int { state.withLock { $0.series.count } }
    /// Estimate of the memory that the schema takes.
    package var byteCount: Int { state.withLock { $0.byteCount } }

    /// All databases, node by node in lexicographic order.
    package func databases() -> [DatabaseEntry] {
        state.withLock { Array($0.databases.values) }.sorted { $0.nodes.lexicographicallyPrecedes($1.nodes) }
    }

    /// Devices whose path the pattern matches, node by node in lexicographic order.
    package func devices(matching pattern: PathPattern) -> [DeviceEntry] {
        if pattern.isExact { return device(at: pattern.text).map { [$0] } ?? [] }
        return allDevices().filter { pattern.matches($0.path.nodes) }.sorted(by: Self.precedes)
    }

    /// Series whose path (device and measurement) the pattern matches, node by node in lexicographic order.
    package func series(matching pattern: PathPattern) -> [SeriesEntry] {
        if pattern.isExact, let measurement = pattern.nodes.last {
            let device = device(at: pattern.nodes.dropLast().joined(separator: "."))
            return device?.series(named: measurement).map { [$0] } ?? []
        }
        var found: [SeriesEntry] = []
        for device in allDevices() where pattern.mayMatchBelow(device.path.nodes) {
            found += device.allSeries().filter { pattern.matches(device.path.nodes + [$0.measurement]) }
        }
        return found.sorted { left, right in
            left.device === right.device
                ? left.measurement < right.measurement
                : (left.device.path.nodes + [left.measurement]).lexicographicallyPrecedes(
                    right.device.path.nodes + [right.measurement])
        }
    }

    private func allDevices() -> [DeviceEntry] { state.withLock { Array($0.devicesByID.values) } }

    private static func precedes(_ left: DeviceEntry, _ right: DeviceEntry) -> Bool {
        left.path.nodes.lexicographicallyPrecedes(right.path.nodes)
    }
}
