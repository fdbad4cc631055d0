// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

extension SchemaChange {
    /// What it says, for a person.
    var text: String {
        switch self {
        case .definition(.database(let record)): return "database \(record.id): \(record.path)"
        case .definition(.device(let record)):
            return
                "device \(record.id): \(record.path)\(record.isAligned ? ", aligned" : "") (database \(record.databaseID))"
        case .definition(.series(let record)):
            let type = DataType(rawValue: record.type)?.name ?? "type \(record.type)"
            let encoding = TsFileEncoding(rawValue: record.encoding)?.name ?? "encoding \(record.encoding)"
            let compressor = TsFileCompressor(rawValue: record.compressor)?.name ?? "compressor \(record.compressor)"
            return
                "series \(record.id): \(record.measurement) \(type) \(encoding) \(compressor) (device \(record.deviceID))"
        case .removal(let removal): return removal.text
        case .timeToLive(let pattern, let milliseconds):
            return milliseconds.map { "time to live of \(pattern): \($0) ms" }
                ?? "no time to live of \(pattern) any more"
        }
    }
}

extension SchemaRemoval {
    fileprivate var text: String {
        var parts = points.map { "points of \($0.pattern) from \($0.range.lower) to \($0.range.upper)" }
        for (name, ids) in [("series", series), ("devices", devices), ("databases", databases)] where !ids.isEmpty {
            parts.append(
                "\(name) \(ids.prefix(20).map(String.init).joined(separator: ", "))\(ids.count > 20 ? ", ..." : "")")
        }
        return "deletes " + parts.joined(separator: "; ")
    }
}
