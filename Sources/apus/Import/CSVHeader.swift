// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The first record of a CSV file: the series of its columns.
struct CSVHeader: Equatable {
    struct Column: Equatable {
        /// Of the device, canonical.
        var device: String
        /// Canonical.
        var measurement: String
        /// What the file says, or the server knows; nil = the server will find one.
        var type: DataType?
        /// Whether the file says it.
        var isDeclared: Bool

        var path: String { "\(device).\(measurement)" }
    }

    var columns: [Column]
    /// Of the file, with its line break: the first line of what is rejected.
    var bytes: [UInt8]

    init(_ record: CSVRecord) throws(FileTrouble) {
        if let problem = record.problem { throw FileTrouble("line \(record.line): \(problem)") }
        var names = record.fields.map(\.text)
        // A byte order mark is no part of the first name.
        if names[0].hasPrefix("\u{feff}") { names[0].removeFirst() }
        guard names.count > 1, ["time", "timestamp"].contains(names[0].lowercased()) else {
            throw FileTrouble(
                "the first line is no header `Time,root.a.b.c,...`: it begins with `\(names[0].prefix(64))`")
        }
        bytes = record.bytes
        columns = []
        for (index, name) in names.enumerated().dropFirst() {
            columns.append(try Self.column(name, number: index + 1))
        }
        for (index, column) in columns.enumerated() where columns[..<index].contains(where: { $0.path == column.path })
        {
            throw FileTrouble("the header names \(column.path) twice")
        }
    }

    private static func column(_ name: String, number: Int) throws(FileTrouble) -> Column {
        var path = name, type: DataType?
        if path.hasSuffix(")"), let open = path.lastIndex(of: "(") {
            let word = path[path.index(after: open)...].dropLast().uppercased()
            guard let known = DataType(name: word) else {
                throw FileTrouble("column \(number) of the header: `\(word)` is no data type")
            }
            type = known
            path = String(path[..<open])
        }
        let nodes: [String]
        do throws(PathError) {
            nodes = try DevicePath(parsing: path).nodes
        } catch {
            throw FileTrouble("column \(number) of the header: `\(path)` is no path: \(error.message)")
        }
        guard nodes.count >= 3 else {
            throw FileTrouble("column \(number) of the header: `\(path)` is no series: root, a device, a measurement")
        }
        return Column(
            device: nodes.dropLast().joined(separator: "."), measurement: nodes[nodes.count - 1], type: type,
            isDeclared: type != nil)
    }

    /// Devices in order of their first column, with the indexes of their columns.
    var devices: [(device: String, columns: [Int])] {
        var result: [(device: String, columns: [Int])] = []
        for (index, column) in columns.enumerated() {
            if let known = result.firstIndex(where: { $0.device == column.device }) {
                result[known].columns.append(index)
            } else {
                result.append((column.device, [index]))
            }
        }
        return result
    }

    /// Takes over the types of series that the server has, and creates those that it lacks and the file declares.
    mutating func resolve(_ session: any SQLTransport, isAligned: Bool) async throws {
        for (device, indexes) in devices {
            var known: [String: DataType] = [:]
            for series in try await SeriesCatalog.series("\(device).*", session) where series.device == device {
                known[series.measurement] = series.type
            }
            var missing: [Column] = []
            for index in indexes {
                guard let type = known[columns[index].measurement] else {
                    if columns[index].isDeclared { missing.append(columns[index]) }
                    continue
                }
                if columns[index].isDeclared, columns[index].type != type {
                    throw FileTrouble(
                        "\(columns[index].path) is \(type.name) in the server and \(columns[index].type?.name ?? "") in the file"
                    )
                }
                columns[index].type = type
            }
            for statement in Self.creations(missing, device: device, isAligned: isAligned) {
                _ = try await session.execute(statement, rowLimit: 1)
            }
        }
    }

    /// The statements that create series.
    static func creations(_ columns: [Column], device: String, isAligned: Bool) -> [String] {
        guard isAligned, !columns.isEmpty else {
            return columns.map { "CREATE TIMESERIES \($0.path) WITH DATATYPE=\($0.type?.name ?? "")" }
        }
        let list = columns.map { "\($0.measurement) \($0.type?.name ?? "")" }.joined(separator: ", ")
        return ["CREATE ALIGNED TIMESERIES \(device)(\(list))"]
    }
}
