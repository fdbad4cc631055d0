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
                for record in catalog.databases { try state.add(record) }
                for record in catalog.devices { try state.add(record) }
                for record in catalog.series { try state.add(record) }
            } catch {
                throw StorageError(.catalog, "the catalog contradicts itself: \(error.reason)")
            }
        }
    }

    /// Takes in a definition that the log holds and the catalog does not.
    func replay(_ definition: SchemaDefinition, sequence: LogSequence) throws(DefinitionError) {
        try state.withLock { state throws(DefinitionError) in
            switch definition {
            case .database(let record): try state.add(record)
            case .device(let record): try state.add(record)
            case .series(let record): try state.add(record)
            }
            state.unsaved.append((sequence, definition))
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
        guard databasesByID[record.id] == nil, databases[record.path] == nil else {
            throw DefinitionError(reason: "database \(record.path) (id \(record.id)) is defined twice")
        }
        insert(DatabaseEntry(id: DatabaseID(rawValue: record.id), nodes: nodes))
    }

    mutating func add(_ record: DeviceRecord) throws(DefinitionError) {
        guard let database = databasesByID[record.databaseID] else {
            throw DefinitionError(reason: "device \(record.path) names the unknown database \(record.databaseID)")
        }
        guard devicesByID[record.id] == nil, devices[record.path] == nil else {
            throw DefinitionError(reason: "device \(record.path) (id \(record.id)) is defined twice")
        }
        insert(
            DeviceEntry(
                id: DeviceID(rawValue: record.id), database: database, path: try Self.path(record.path),
                isAligned: record.isAligned))
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
                encoding: encoding, compressor: compressor))
    }

    private static func path(_ text: String) throws(DefinitionError) -> DevicePath {
        do throws(PathError) {
            return try DevicePath(parsing: text)
        } catch {
            throw DefinitionError(reason: "`\(text)` is not a path: \(error.message)")
        }
    }
}
