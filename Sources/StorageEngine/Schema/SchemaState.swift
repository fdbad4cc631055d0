// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The tables of the schema; what ``SchemaStore`` keeps under its lock. Names are keys by their bytes.
struct SchemaState {
    let settings: StorageSettings
    var databases: [ByteKey: DatabaseEntry] = [:]
    var databasesByID: [UInt32: DatabaseEntry] = [:]
    var devices: [ByteKey: DeviceEntry] = [:]
    var devicesByID: [UInt32: DeviceEntry] = [:]
    /// By id.
    var series: [UInt32: SeriesEntry] = [:]
    /// Dropped, but the log may not say so yet: until it does their points must not be lost.
    var dying: [UInt32: SeriesEntry] = [:]
    /// Nodes above devices, with how many devices are below.
    var innerNodes: [ByteKey: Int] = [:]
    var timeToLives = TimeToLiveRules()
    // The highest ids ever given; what has a lower one and is not in the tables was dropped.
    var lastDatabaseID: UInt32 = 0
    var lastDeviceID: UInt32 = 0
    var lastSeriesID: UInt32 = 0
    /// Estimate of what everything takes.
    var byteCount = 0
    /// New and not yet handed to the log, in order.
    var unlogged: [SchemaChange] = []
    /// Changes of rules that hold already and are not durable yet.
    var pendingRules = 0
    /// The catalog has everything logged up to here.
    var savedThrough: LogSequence = 0
    /// In the log, not yet in the catalog; sequences rise.
    var unsaved: [(sequence: LogSequence, change: SchemaChange)] = []

    init(settings: StorageSettings) {
        self.settings = settings
        timeToLives.precision = settings.precision
        timeToLives.standard = settings.timeToLiveMilliseconds
    }

    /// The database that holds paths with these nodes.
    func database(covering nodes: [String]) -> DatabaseEntry? {
        var path = nodes.first ?? ""
        if let found = databases[ByteKey(path)] { return found }
        for node in nodes.dropFirst() {
            path += "."
            path += node
            if let found = databases[ByteKey(path)] { return found }
        }
        return nil
    }

    mutating func insert(_ database: DatabaseEntry) {
        databases[ByteKey(database.path)] = database
        databasesByID[database.id.rawValue] = database
        lastDatabaseID = max(lastDatabaseID, database.id.rawValue)
        byteCount += Self.byteCount(of: database)
    }

    mutating func insert(_ device: DeviceEntry) {
        devices[ByteKey(device.path.text)] = device
        devicesByID[device.id.rawValue] = device
        Self.forEachNode(above: device.path.nodes) { innerNodes[$0, default: 0] += 1 }
        lastDeviceID = max(lastDeviceID, device.id.rawValue)
        byteCount += Self.byteCount(ofDevice: device.path)
    }

    mutating func insert(_ entry: SeriesEntry) {
        series[entry.id.rawValue] = entry
        entry.device.insert(entry)
        lastSeriesID = max(lastSeriesID, entry.id.rawValue)
        byteCount += Self.byteCount(ofSeries: entry.measurement)
    }

    mutating func remove(_ entry: SeriesEntry) {
        guard series.removeValue(forKey: entry.id.rawValue) != nil else { return }
        entry.device.remove(entry)
        byteCount -= Self.byteCount(ofSeries: entry.measurement)
    }

    /// A device without series.
    mutating func remove(_ device: DeviceEntry) {
        guard devicesByID.removeValue(forKey: device.id.rawValue) != nil else { return }
        devices[ByteKey(device.path.text)] = nil
        Self.forEachNode(above: device.path.nodes) { node in
            let left = (innerNodes[node] ?? 1) - 1
            innerNodes[node] = left > 0 ? left : nil
        }
        byteCount -= Self.byteCount(ofDevice: device.path)
    }

    /// A database without devices.
    mutating func remove(_ database: DatabaseEntry) {
        guard databasesByID.removeValue(forKey: database.id.rawValue) != nil else { return }
        databases[ByteKey(database.path)] = nil
        byteCount -= Self.byteCount(of: database)
    }

    /// The paths above a path, `root` left out.
    private static func forEachNode(above nodes: [String], _ body: (ByteKey) -> Void) {
        var path = nodes.first ?? ""
        for node in nodes.dropFirst().dropLast() {
            path += "."
            path += node
            body(ByteKey(path))
        }
    }

    private static func byteCount(of database: DatabaseEntry) -> Int {
        SchemaLimits.databaseBytes + database.path.utf8.count
    }

    static func byteCount(ofDevice path: DevicePath) -> Int {
        SchemaLimits.deviceBytes + 3 * path.text.utf8.count + 16 * path.nodes.count
    }

    static func byteCount(ofSeries measurement: String) -> Int {
        SchemaLimits.seriesBytes + 2 * measurement.utf8.count
    }
}
