// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel
import TsFile

/// Whether the rows of a catalog fit each other.
struct CatalogCrossCheck {
    /// Findings of one kind that are listed at most.
    static let findingsMax = 100

    private(set) var findings: [CheckFinding] = []

    init(_ state: CatalogState) {
        let databases = check(state.databases, "database", \.id, name: \.path)
        let devices = check(state.devices, "device", \.id, name: \.path)
        var measurements: [UInt32: Set<ByteKey>] = [:]
        for device in state.devices where !databases.contains(device.databaseID) {
            add("device \(device.path) belongs to database \(device.databaseID), which is not there")
        }
        var ids: Set<UInt32> = []
        for series in state.series {
            let name = "series \(series.measurement) (\(series.id))"
            if !ids.insert(series.id).inserted { add("\(name) has a number that another one has") }
            if !devices.contains(series.deviceID) {
                add("\(name) belongs to device \(series.deviceID), which is not there")
            }
            if !measurements[series.deviceID, default: []].insert(ByteKey(series.measurement)).inserted {
                add("\(name) of device \(series.deviceID) is there twice")
            }
            if DataType(rawValue: series.type) == nil { add("\(name) has the unknown type \(series.type)") }
            if TsFileEncoding(rawValue: series.encoding) == nil {
                add("\(name) has the unknown encoding \(series.encoding)")
            }
            if TsFileCompressor(rawValue: series.compressor) == nil {
                add("\(name) has the unknown compressor \(series.compressor)")
            }
        }
        checkFiles(state)
        for deletion in state.deletions where deletion.sequence > state.flushedThrough {
            add("the deletion of \(deletion.pattern) has sequence \(deletion.sequence), above the checkpoint's")
        }
    }

    private mutating func checkFiles(_ state: CatalogState) {
        var orders: Set<UInt64> = []
        for file in state.files {
            if !orders.insert(file.order).inserted { add("\(file.name) has the order \(file.order) of another file") }
            if file.order > file.version { add("\(file.name) has the order \(file.order), above its version") }
            // A merge has applied deletions that only the log holds yet: its file may reach beyond the checkpoint.
            if zip(file.partitions, file.partitions.dropFirst()).contains(where: { $0 >= $1 }) {
                add("the partitions of \(file.name) do not rise")
            }
            if !file.sha256.isEmpty, file.sha256.count != 32 { add("the SHA-256 of \(file.name) is not 32 bytes") }
            if FileName(parsing: String(file.name.split(separator: "/").last ?? "")) == nil
                || file.name.split(separator: "/", omittingEmptySubsequences: false).count != 3
                || file.name.split(separator: "/").contains("..")
            {
                add("\(file.name) is no name of a TsFile")
            }
        }
    }

    /// Numbers and names are unique; returns the numbers.
    private mutating func check<Record>(
        _ records: [Record], _ kind: String, _ id: KeyPath<Record, UInt32>, name: KeyPath<Record, String>
    ) -> Set<UInt32> {
        var ids: Set<UInt32> = []
        var names: Set<ByteKey> = []
        for record in records {
            if !ids.insert(record[keyPath: id]).inserted {
                add("\(kind) \(record[keyPath: name]) has the number \(record[keyPath: id]) of another one")
            }
            if !names.insert(ByteKey(record[keyPath: name])).inserted {
                add("\(kind) \(record[keyPath: name]) is there twice")
            }
        }
        return ids
    }

    private mutating func add(_ message: String) {
        guard findings.count < Self.findingsMax else { return }
        findings.append(
            CheckFinding(
                .damage, .catalog, path: FolderCheck.catalogName, message,
                remedy: "Restore the data folder from a backup"))
    }
}
