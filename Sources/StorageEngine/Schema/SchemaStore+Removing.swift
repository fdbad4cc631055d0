// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TimeSeriesModel

/// Drops: what goes is gone at once for whoever looks, and is in the log soon.
extension SchemaStore {
    /// Has points deleted; the series stay.
    func request(_ points: [SchemaRemoval.Points]) {
        state.withLock { $0.unlogged.append(.removal(SchemaRemoval(points: points))) }
        tellOfChange()
    }

    /// Drops these of the series that are still there, and devices that have none left. Returns how many series went.
    func drop(_ entries: [SeriesEntry], points: [SchemaRemoval.Points]) -> Int {
        let dropped = state.withLock { state in
            var removal = SchemaRemoval(points: points)
            state.drop(entries, &removal)
            return state.finish(removal) ? removal.series.count : 0
        }
        if dropped > 0 { tellOfDrop() }
        return dropped
    }

    /// Drops these of the databases that are still there, and all that is in them. Returns how many went.
    func drop(_ databases: [DatabaseEntry], points: [SchemaRemoval.Points]) -> Int {
        let dropped = state.withLock { state in
            var removal = SchemaRemoval(points: points)
            state.drop(databases, &removal)
            return state.finish(removal) ? removal.databases.count : 0
        }
        if dropped > 0 { tellOfDrop() }
        return dropped
    }

    private func tellOfDrop() {
        advanceGeneration()
        tellOfChange()
    }
}

extension SchemaState {
    /// Removes series, and devices that are empty then; notes what went.
    fileprivate mutating func drop(_ entries: [SeriesEntry], _ removal: inout SchemaRemoval) {
        for entry in entries where series[entry.id.rawValue] === entry {
            remove(entry)
            dying[entry.id.rawValue] = entry
            removal.series.append(entry.id.rawValue)
            if entry.device.seriesCount == 0, devicesByID[entry.device.id.rawValue] === entry.device {
                remove(entry.device)
                removal.devices.append(entry.device.id.rawValue)
            }
        }
    }

    fileprivate mutating func drop(_ entries: [DatabaseEntry], _ removal: inout SchemaRemoval) {
        let databases = entries.filter { databasesByID[$0.id.rawValue] === $0 }
        let ids = Set(databases.map(\.id))
        let devices = devicesByID.values.filter { ids.contains($0.database.id) }.sorted { $0.id < $1.id }
        for device in devices { drop(device.allSeries(), &removal) }
        for database in databases {
            remove(database)
            removal.databases.append(database.id.rawValue)
        }
    }

    /// Hands the removal to the log, if anything went.
    fileprivate mutating func finish(_ removal: SchemaRemoval) -> Bool {
        if removal.hasIDs { unlogged.append(.removal(removal)) }
        return removal.hasIDs
    }

    /// Takes in a removal that the log holds; ids that are not there are no error.
    mutating func replay(_ removal: SchemaRemoval) {
        for case let entry? in removal.series.map({ series[$0] }) { remove(entry) }
        for case let device? in removal.devices.map({ devicesByID[$0] }) where device.seriesCount == 0 {
            remove(device)
        }
        for case let database? in removal.databases.map({ databasesByID[$0] }) { remove(database) }
    }
}
