// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// Something new in the schema, on its way to the log and to the catalog.
enum SchemaDefinition: Equatable, Sendable {
    case database(DatabaseRecord)
    case device(DeviceRecord)
    case series(SeriesRecord)
}

extension SchemaDefinition {
    init(_ entry: DatabaseEntry) {
        self = .database(DatabaseRecord(id: entry.id.rawValue, path: entry.path))
    }

    init(_ entry: DeviceEntry) {
        self = .device(
            DeviceRecord(
                id: entry.id.rawValue, databaseID: entry.database.id.rawValue, path: entry.path.text,
                isAligned: entry.isAligned))
    }

    init(_ entry: SeriesEntry) {
        self = .series(
            SeriesRecord(
                id: entry.id.rawValue, deviceID: entry.device.id.rawValue, measurement: entry.measurement,
                type: entry.type.rawValue, encoding: entry.encoding.rawValue, compressor: entry.compressor.rawValue,
                isEncodingDeclared: entry.isEncodingDeclared, isCompressorDeclared: entry.isCompressorDeclared))
    }
}
