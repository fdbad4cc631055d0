// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
package import TimeSeriesModel

/// Databases, devices and series: who meets a series first takes the next id, under one lock (design section 4.3).
///
/// What is created is usable at once; the writer logs it ahead of the first rows that need it.
package final class SchemaStore: Sendable {
    let state: Mutex<SchemaState>
    private let currentGeneration = Atomic<UInt64>(1)
    private let onCreation = Mutex<(@Sendable () -> Void)?>(nil)

    init(settings: StorageSettings) { state = Mutex(SchemaState(settings: settings)) }

    deinit {
        state.withLock { for device in $0.devicesByID.values { device.removeAllSeries() } }
    }

    /// Rises when something that a cache may hold is gone (a drop); creation does not change it.
    package var generation: UInt64 { currentGeneration.load(ordering: .acquiring) }

    /// Whether anything was dropped since the start.
    var hasDropped: Bool { generation > 1 }

    /// Makes caches look everything up again.
    func advanceGeneration() { currentGeneration.wrappingAdd(1, ordering: .releasing) }

    /// Tells whoever logs changes that some wait though no rows follow.
    func onCreation(_ body: @escaping @Sendable () -> Void) { onCreation.withLock { $0 = body } }

    func tellOfChange() { onCreation.withLock { $0 }?() }

    /// The path of the database that holds the device; nil = none yet.
    package func databasePath(covering device: DevicePath) -> String? {
        state.withLock { $0.database(covering: device.nodes)?.path }
    }

    /// The device with this canonical path.
    package func device(at text: String) -> DeviceEntry? { state.withLock { $0.devices[ByteKey(text)] } }

    /// The series with this id.
    package func entry(of id: SeriesID) -> SeriesEntry? { state.withLock { $0.series[id.rawValue] } }

    /// The series whose points belong into files: those that are there, and those whose drop is not in the log yet.
    func storableEntry(of id: SeriesID) -> SeriesEntry? {
        state.withLock { $0.series[id.rawValue] ?? $0.dying[id.rawValue] }
    }

    /// Whether the id was ever given: rows that name it may be those of a series that was dropped.
    func wasGiven(_ id: SeriesID) -> Bool { state.withLock { id.rawValue <= $0.lastSeriesID && id.rawValue > 0 } }

    /// The database with this id.
    package func databaseEntry(of id: DatabaseID) -> DatabaseEntry? {
        state.withLock { $0.databasesByID[id.rawValue] }
    }

    /// Finds or creates series of a device, in order; also the device, and its database by `default_database_level`.
    ///
    /// A series that exists is a success whatever its type is: the type of the result counts. A device that exists keeps its
    /// form, whatever `isAligned` says. Throws where the device itself is impossible; a series over a limit fails alone,
    /// or, if it is to be `allOrNothing`, is thrown before anything is created.
    package func createSeries(
        device: DevicePath, isAligned: Bool, measurements: [(String, DataType)], allOrNothing: Bool = false
    ) throws(SchemaError) -> [Result<SeriesEntry, SchemaError>] {
        try state.withLock { state throws(SchemaError) in
            let requests = measurements.map { SeriesRequest(measurement: $0, type: $1) }
            if allOrNothing { try state.checkWhole(requests, of: device) }
            return try state.createSeries(device: device, isAligned: isAligned, requests)
        }
    }

    /// Creates series as a statement declares them: all or none. Throws ``ProblemCode/seriesExists``,
    /// ``ProblemCode/alignmentMismatch`` (the device exists and is not so), ``ProblemCode/pathConflict``, what a limit says, and
    /// ``ProblemCode/unsupportedType`` for an encoding that its type cannot have. They are logged soon;
    /// ``StorageEngine/sync()`` waits for that.
    package func createSeries(
        device: DevicePath, isAligned: Bool, declared: [SeriesRequest]
    ) throws(SchemaError) -> [SeriesEntry] {
        let entries = try state.withLock { state throws(SchemaError) in
            try state.checkDeclared(declared, of: device, isAligned: isAligned)
            try state.checkWhole(declared, of: device)
            var entries: [SeriesEntry] = []
            for result in try state.createSeries(device: device, isAligned: isAligned, declared) {
                entries.append(try result.get())
            }
            return entries
        }
        tellOfChange()
        return entries
    }

    /// Creates a database of canonical nodes. It is logged soon; ``StorageEngine/sync()`` waits for that.
    package func createDatabase(_ nodes: [String]) throws(SchemaError) {
        _ = try state.withLock { state throws(SchemaError) in try state.createDatabase(nodes) }
        tellOfChange()
    }
}
