// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The tables of the schema; what ``SchemaStore`` keeps under its lock.
struct SchemaState {
    let settings: StorageSettings
    var databases: [String: DatabaseEntry] = [:]
    var databasesByID: [UInt32: DatabaseEntry] = [:]
    var devices: [String: DeviceEntry] = [:]
    var devicesByID: [UInt32: DeviceEntry] = [:]
    /// By id.
    var series: [UInt32: SeriesEntry] = [:]
    var lastDatabaseID: UInt32 = 0
    var lastDeviceID: UInt32 = 0
    var lastSeriesID: UInt32 = 0
    /// Estimate of what everything takes.
    var byteCount = 0
    /// New and not yet handed to the log.
    var unlogged: [SchemaDefinition] = []
    /// In the log, not yet in the catalog; sequences rise.
    var unsaved: [(sequence: LogSequence, definition: SchemaDefinition)] = []

    init(settings: StorageSettings) { self.settings = settings }

    /// The database that holds paths with these nodes.
    func database(covering nodes: [String]) -> DatabaseEntry? {
        var path = nodes.first ?? ""
        if let found = databases[path] { return found }
        for node in nodes.dropFirst() {
            path += "."
            path += node
            if let found = databases[path] { return found }
        }
        return nil
    }

    mutating func insert(_ database: DatabaseEntry) {
        databases[database.path] = database
        databasesByID[database.id.rawValue] = database
        lastDatabaseID = max(lastDatabaseID, database.id.rawValue)
        byteCount += SchemaLimits.databaseBytes + database.path.utf8.count
    }

    mutating func insert(_ device: DeviceEntry) {
        devices[device.path.text] = device
        devicesByID[device.id.rawValue] = device
        lastDeviceID = max(lastDeviceID, device.id.rawValue)
        byteCount += Self.byteCount(ofDevice: device.path)
    }

    mutating func insert(_ entry: SeriesEntry) {
        series[entry.id.rawValue] = entry
        entry.device.insert(entry)
        lastSeriesID = max(lastSeriesID, entry.id.rawValue)
        byteCount += Self.byteCount(ofSeries: entry.measurement)
    }

    static func byteCount(ofDevice path: DevicePath) -> Int {
        SchemaLimits.deviceBytes + 3 * path.text.utf8.count + 16 * path.nodes.count
    }

    static func byteCount(ofSeries measurement: String) -> Int {
        SchemaLimits.seriesBytes + 2 * measurement.utf8.count
    }
}
