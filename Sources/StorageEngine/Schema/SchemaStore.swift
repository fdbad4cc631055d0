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

    /// Tells whoever logs definitions that some wait though no rows follow.
    func onCreation(_ body: @escaping @Sendable () -> Void) { onCreation.withLock { $0 = body } }

    /// The path of the database that holds the device; nil = none yet.
    package func databasePath(covering device: DevicePath) -> String? {
        state.withLock { $0.database(covering: device.nodes)?.path }
    }

    /// The device with this canonical path.
    package func device(at text: String) -> DeviceEntry? { state.withLock { $0.devices[text] } }

    /// The series with this id.
    package func entry(of id: SeriesID) -> SeriesEntry? { state.withLock { $0.series[id.rawValue] } }

    /// The database with this id.
    package func databaseEntry(of id: DatabaseID) -> DatabaseEntry? {
        state.withLock { $0.databasesByID[id.rawValue] }
    }

    /// Finds or creates series of a device, in order; also the device, and its database by `default_database_level`.
    ///
    /// A series that exists is a success whatever its type is: the type of the result counts. Throws where the device
    /// itself is impossible; a series over a limit fails alone.
    package func createSeries(
        device: DevicePath, isAligned: Bool, measurements: [(String, DataType)]
    ) throws(SchemaError) -> [Result<SeriesEntry, SchemaError>] {
        guard !isAligned else {
            throw SchemaError(
                .alignmentMismatch, "device \(device.text) cannot be aligned: aligned devices are not supported yet")
        }
        return try state.withLock { state throws(SchemaError) in
            try state.createSeries(device: device, measurements: measurements)
        }
    }

    /// Creates a database of canonical nodes. It is logged soon; ``StorageEngine/sync()`` waits for that.
    package func createDatabase(_ nodes: [String]) throws(SchemaError) {
        _ = try state.withLock { state throws(SchemaError) in try state.createDatabase(nodes) }
        onCreation.withLock { $0 }?()
    }
}
