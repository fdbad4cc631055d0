// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension SchemaState {
    /// Finds or creates the series, and what they need above them. A device comes into being only with its first series.
    mutating func createSeries(
        device path: DevicePath, isAligned: Bool, _ requests: [SeriesRequest]
    ) throws(SchemaError) -> [Result<SeriesEntry, SchemaError>] {
        var device = devices[ByteKey(path.text)]
        var results: [Result<SeriesEntry, SchemaError>] = []
        results.reserveCapacity(requests.count)
        for request in requests {
            if let existing = device?.series(named: request.measurement) {
                results.append(.success(existing))
            } else if let refusal = refusal(of: request.measurement, in: path, isDeviceNew: device == nil) {
                results.append(.failure(refusal))
            } else {
                let parent = if let device { device } else { try createDevice(path, isAligned: isAligned) }
                device = parent
                results.append(.success(add(request, to: parent)))
            }
        }
        return results
    }

    private mutating func add(_ request: SeriesRequest, to device: DeviceEntry) -> SeriesEntry {
        let entry = SeriesEntry(
            id: SeriesID(rawValue: lastSeriesID + 1), device: device, measurement: request.measurement,
            type: request.type, encoding: request.encoding ?? settings.seriesDefaults.encoding(of: request.type),
            compressor: request.compressor ?? settings.seriesDefaults.compressor,
            isEncodingDeclared: request.encoding != nil, isCompressorDeclared: request.compressor != nil)
        insert(entry)
        unlogged.append(.definition(SchemaDefinition(entry)))
        return entry
    }

    private mutating func createDevice(_ path: DevicePath, isAligned: Bool) throws(SchemaError) -> DeviceEntry {
        let database =
            if let found = database(covering: path.nodes) { found } else {
                try createDatabase(DatabaseName.nodes(of: path, level: settings.databaseLevel))
            }
        let entry = DeviceEntry(
            id: DeviceID(rawValue: lastDeviceID + 1), database: database, path: path, isAligned: isAligned,
            timeToLive: timeToLives.timeToLive(of: path.nodes))
        insert(entry)
        unlogged.append(.definition(SchemaDefinition(entry)))
        return entry
    }

    /// Creates a database; names, conflicts and limits are checked first.
    mutating func createDatabase(_ nodes: [String]) throws(SchemaError) -> DatabaseEntry {
        try checkDatabase(nodes)
        let entry = DatabaseEntry(id: DatabaseID(rawValue: lastDatabaseID + 1), nodes: nodes)
        insert(entry)
        unlogged.append(.definition(SchemaDefinition(entry)))
        return entry
    }
}
