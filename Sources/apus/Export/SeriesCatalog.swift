// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// A series as a server lists it.
struct ListedSeries: Equatable {
    /// The canonical path of the device.
    var device: String
    /// Canonical, as a statement names it.
    var measurement: String
    var type: DataType
    var encoding: TsFileEncoding
    var compressor: TsFileCompressor

    var path: String { "\(device).\(measurement)" }
}

/// What a server knows of its series.
enum SeriesCatalog {
    /// Rows of a listing that are asked for at once.
    private static let pageRows = 20_000

    /// The series that a pattern names; a pattern of devices stands for all that they have.
    static func series(_ pattern: String, _ session: any SQLTransport) async throws(SQLClientError) -> [ListedSeries] {
        let exact = try await list(pattern, session)
        return exact.isEmpty && !pattern.hasSuffix("**") ? try await list("\(pattern).**", session) : exact
    }

    private static func list(
        _ pattern: String, _ session: any SQLTransport
    ) async throws(SQLClientError) -> [ListedSeries] {
        var result: [ListedSeries] = []
        while true {
            let sql = "SHOW TIMESERIES \(pattern) LIMIT \(pageRows) OFFSET \(result.count)"
            guard case .rows(let rows) = try await session.execute(sql, rowLimit: pageRows) else { break }
            let column = { (name: String) in rows.columns.firstIndex { $0.name == name } }
            guard let paths = column("Timeseries"), let types = column("DataType"),
                let encodings = column("Encoding"), let compressors = column("Compression")
            else { throw .unreadable("SHOW TIMESERIES has other columns than expected") }
            for row in 0..<rows.count {
                result.append(
                    try series(
                        path: rows.values[paths][row].plainText ?? "", type: rows.values[types][row].plainText ?? "",
                        encoding: rows.values[encodings][row].plainText,
                        compressor: rows.values[compressors][row].plainText))
            }
            if rows.count < pageRows { break }
        }
        return result
    }

    private static func series(
        path: String, type: String, encoding: String?, compressor: String?
    ) throws(SQLClientError) -> ListedSeries {
        guard let nodes = try? DevicePath(parsing: path).nodes, nodes.count >= 3, let type = DataType(name: type) else {
            throw .unreadable("the server lists the series `\(path)` of type \(type)")
        }
        let known = TsFileEncoding.allCases.first { $0.name == encoding }
        return ListedSeries(
            device: nodes.dropLast().joined(separator: "."), measurement: nodes[nodes.count - 1], type: type,
            encoding: known.flatMap { $0.isWritable(for: type) ? $0 : nil } ?? type.defaultTsFileEncoding,
            compressor: TsFileCompressor.allCases.first { $0.name == compressor } ?? .lz4)
    }

    /// Canonical paths of the aligned devices that a pattern of series may belong to.
    static func alignedDevices(_ session: any SQLTransport) async throws(SQLClientError) -> Set<String> {
        var result: Set<String> = []
        var offset = 0
        while true {
            let sql = "SHOW DEVICES root.** LIMIT \(pageRows) OFFSET \(offset)"
            guard case .rows(let rows) = try await session.execute(sql, rowLimit: pageRows),
                let devices = rows.columns.firstIndex(where: { $0.name == "Device" }),
                let aligned = rows.columns.firstIndex(where: { $0.name == "IsAligned" })
            else { return result }
            for row in 0..<rows.count where rows.values[aligned][row].plainText == "true" {
                if let device = rows.values[devices][row].plainText { result.insert(device) }
            }
            offset += rows.count
            if rows.count < pageRows { return result }
        }
    }
}
