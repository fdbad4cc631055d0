// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension SchemaState {
    /// Finds or creates the series, and what they need above them. A device comes into being only with its first series.
    mutating func createSeries(
        device path: DevicePath, measurements: [(String, DataType)]
    ) throws(SchemaError) -> [Result<SeriesEntry, SchemaError>] {
        var device = devices[path.text]
        var results: [Result<SeriesEntry, SchemaError>] = []
        results.reserveCapacity(measurements.count)
        for (measurement, type) in measurements {
            if let existing = device?.series(named: measurement) {
                results.append(.success(existing))
            } else if let refusal = seriesRefusal(measurement, needsDevice: device == nil ? path : nil) {
                results.append(.failure(refusal))
            } else {
                let parent = if let device { device } else { try createDevice(path) }
                device = parent
                results.append(.success(add(measurement, type, to: parent)))
            }
        }
        return results
    }

    private mutating func add(_ measurement: String, _ type: DataType, to device: DeviceEntry) -> SeriesEntry {
        let entry = SeriesEntry(
            id: SeriesID(rawValue: lastSeriesID + 1), device: device, measurement: measurement, type: type,
            encoding: settings.seriesDefaults.encoding(of: type), compressor: settings.seriesDefaults.compressor)
        insert(entry)
        unlogged.append(SchemaDefinition(entry))
        return entry
    }

    private mutating func createDevice(_ path: DevicePath) throws(SchemaError) -> DeviceEntry {
        let database =
            if let found = database(covering: path.nodes) { found } else {
                try createDatabase(DatabaseName.nodes(of: path, level: settings.databaseLevel))
            }
        let entry = DeviceEntry(
            id: DeviceID(rawValue: lastDeviceID + 1), database: database, path: path, isAligned: false)
        insert(entry)
        unlogged.append(SchemaDefinition(entry))
        return entry
    }

    /// Creates a database; names, conflicts and limits are checked first.
    mutating func createDatabase(_ nodes: [String]) throws(SchemaError) -> DatabaseEntry {
        try DatabaseName.check(nodes)
        let path = nodes.joined(separator: ".")
        if let above = database(covering: nodes) {
            throw SchemaError(
                .databaseConflict,
                above.path == path
                    ? "database \(path) already exists" : "\(path) lies in database \(above.path), which exists")
        }
        if let below = databases.values.map(\.path).filter({ $0.hasPrefix(path + ".") }).min() {
            throw SchemaError(.databaseConflict, "database \(path) would hold database \(below), which exists")
        }
        let limit = settings.databaseLimit < 0 ? SchemaLimits.databasesDefault : settings.databaseLimit
        guard databases.count < limit else {
            throw SchemaError(
                .pathLimit,
                "database \(path) is not created: there are \(limit), and database_limit_threshold allows "
                    + "no more")
        }
        guard lastDatabaseID < .max else {
            throw SchemaError(.pathLimit, "database \(path) is not created: the numbers for databases are used up")
        }
        let entry = DatabaseEntry(id: DatabaseID(rawValue: lastDatabaseID + 1), nodes: nodes)
        insert(entry)
        unlogged.append(SchemaDefinition(entry))
        return entry
    }

    /// Why a series may not be added; `needsDevice` is its device where that is new, too.
    private func seriesRefusal(_ measurement: String, needsDevice path: DevicePath?) -> SchemaError? {
        if settings.seriesLimit >= 0, series.count >= settings.seriesLimit {
            return SchemaError(
                .pathLimit,
                "series \(measurement) is not created: cluster_timeseries_limit_threshold="
                    + "\(settings.seriesLimit) is reached")
        }
        if let path, settings.deviceLimit >= 0, devices.count >= settings.deviceLimit {
            return SchemaError(
                .pathLimit,
                "device \(path.text) is not created: cluster_device_limit_threshold="
                    + "\(settings.deviceLimit) is reached")
        }
        var needed = Self.byteCount(ofSeries: measurement)
        if let path { needed += Self.byteCount(ofDevice: path) }
        guard byteCount + needed <= settings.schemaBytesMax, lastSeriesID < .max, lastDeviceID < .max else {
            return SchemaError(
                .pathLimit,
                "series \(measurement) is not created: cluster_timeseries_limit_threshold and "
                    + "cluster_device_limit_threshold are bounded by the memory of the schema, and "
                    + "schema_memory_max_bytes=\(settings.schemaBytesMax) is used up")
        }
        return nil
    }
}
