// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel
import TsFile

/// Taking in what the catalog and the log say, at start.
extension SchemaStore {
    /// Takes in the catalog's tables.
    func load(_ catalog: CatalogState) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            do throws(DefinitionError) {
                state.savedThrough = catalog.flushedThrough
                for record in catalog.databases { try state.add(record) }
                for record in catalog.devices { try state.add(record) }
                for record in catalog.series { try state.add(record) }
                try state.loadFacts(catalog.facts)
                try state.loadRules(catalog.timeToLives)
            } catch {
                throw StorageError(.catalog, "the catalog contradicts itself: \(error.reason)")
            }
        }
    }

    /// Takes in a change that the log holds and the catalog does not.
    func replay(_ change: SchemaChange, sequence: LogSequence) throws(DefinitionError) {
        try state.withLock { state throws(DefinitionError) in
            switch change {
            case .definition(.database(let record)): try state.add(record)
            case .definition(.device(let record)): try state.add(record)
            case .definition(.series(let record)): try state.add(record)
            case .removal(let removal): state.replay(removal)
            case .timeToLive(let pattern, let milliseconds):
                try Self.check(pattern, milliseconds)
                state.apply(timeToLive: milliseconds, pattern: pattern)
            }
            state.unsaved.append((sequence, change))
        }
    }

    fileprivate static func check(_ pattern: String, _ milliseconds: Int64?) throws(DefinitionError) {
        guard milliseconds ?? 1 > 0, (try? PathPattern(parsing: pattern)) != nil else {
            throw DefinitionError(reason: "`\(pattern)` cannot have a time to live of \(milliseconds ?? 0) ms")
        }
    }
}

/// A definition that cannot be true.
struct DefinitionError: Error {
    var reason: String
}

extension SchemaState {
    mutating func add(_ record: DatabaseRecord) throws(DefinitionError) {
        let nodes = try Self.path(record.path).nodes
        guard databasesByID[record.id] == nil, databases[ByteKey(record.path)] == nil else {
            throw DefinitionError(reason: "database \(record.path) (id \(record.id)) is defined twice")
        }
        insert(DatabaseEntry(id: DatabaseID(rawValue: record.id), nodes: nodes))
    }

    mutating func add(_ record: DeviceRecord) throws(DefinitionError) {
        guard let database = databasesByID[record.databaseID] else {
            throw DefinitionError(reason: "device \(record.path) names the unknown database \(record.databaseID)")
        }
        guard devicesByID[record.id] == nil, devices[ByteKey(record.path)] == nil else {
            throw DefinitionError(reason: "device \(record.path) (id \(record.id)) is defined twice")
        }
        let path = try Self.path(record.path)
        insert(
            DeviceEntry(
                id: DeviceID(rawValue: record.id), database: database, path: path, isAligned: record.isAligned,
                timeToLive: timeToLives.timeToLive(of: path.nodes)))
    }

    mutating func add(_ record: SeriesRecord) throws(DefinitionError) {
        guard let device = devicesByID[record.deviceID] else {
            throw DefinitionError(reason: "series \(record.measurement) names the unknown device \(record.deviceID)")
        }
        guard let type = DataType(rawValue: record.type), let encoding = TsFileEncoding(rawValue: record.encoding),
            let compressor = TsFileCompressor(rawValue: record.compressor)
        else {
            throw DefinitionError(
                reason:
                    "series \(device.path.text).\(record.measurement) has the unknown type \(record.type), encoding "
                    + "\(record.encoding) or compressor \(record.compressor)")
        }
        guard series[record.id] == nil, device.series(named: record.measurement) == nil else {
            throw DefinitionError(
                reason: "series \(device.path.text).\(record.measurement) (id \(record.id)) is defined twice")
        }
        insert(
            SeriesEntry(
                id: SeriesID(rawValue: record.id), device: device, measurement: record.measurement, type: type,
                encoding: encoding, compressor: compressor, isEncodingDeclared: record.isEncodingDeclared,
                isCompressorDeclared: record.isCompressorDeclared))
    }

    /// Ids of what was dropped are not given again.
    fileprivate mutating func loadFacts(_ facts: [String: String]) throws(DefinitionError) {
        func number(_ name: String) throws(DefinitionError) -> UInt32 {
            guard let text = facts[name] else { return 0 }
            guard let number = UInt32(text) else { throw DefinitionError(reason: "\(name) is `\(text)`") }
            return number
        }
        lastDatabaseID = max(lastDatabaseID, try number(SchemaFacts.lastDatabase))
        lastDeviceID = max(lastDeviceID, try number(SchemaFacts.lastDevice))
        lastSeriesID = max(lastSeriesID, try number(SchemaFacts.lastSeries))
    }

    fileprivate mutating func loadRules(_ records: [TimeToLiveRecord]) throws(DefinitionError) {
        for record in records {
            try SchemaStore.check(record.pattern, record.milliseconds)
            timeToLives[record.pattern] = record.milliseconds
        }
        for device in devicesByID.values { device.setTimeToLive(timeToLives.timeToLive(of: device.path.nodes)) }
    }

    private static func path(_ text: String) throws(DefinitionError) -> DevicePath {
        do throws(PathError) {
            return try DevicePath(parsing: text)
        } catch {
            throw DefinitionError(reason: "`\(text)` is not a path: \(error.message)")
        }
    }
}
