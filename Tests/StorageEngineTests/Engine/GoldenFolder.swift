// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

@testable import StorageEngine

/// One of the folders in `Golden`: a data folder of an older version as a killed server left it, and what is in it.
struct GoldenFolder {
    struct Unreadable: Error { let line: String }

    typealias Points = [String: [Int64: Value]]

    let name: String
    private let files: POSIXFileSystem

    init(_ name: String) {
        self.name = name
        var nodes = #filePath.split(separator: "/")
        nodes.removeLast(2)
        files = POSIXFileSystem(folder: "/" + nodes.joined(separator: "/") + "/Golden/" + name)
    }

    /// A copy of the data folder that may be written.
    func copy() throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        try copy("data", to: POSIXFileSystem(folder: folder.path))
        return folder
    }

    private func copy(_ folder: String, to target: POSIXFileSystem) throws {
        try target.makeFolder(folder)
        for name in try files.list(folder) {
            let path = folder + "/" + name
            if isFolder(path) {
                try copy(path, to: target)
            } else {
                try copyFile(path, to: target)
            }
        }
    }

    private func isFolder(_ path: String) -> Bool { (try? files.list(path)) != nil }

    private func copyFile(_ path: String, to target: POSIXFileSystem) throws {
        let bytes = try content(path)
        let copy = try target.createFile(path)
        try copy.append(bytes.span)
        copy.close()
    }

    private func content(_ path: String) throws -> [UInt8] {
        let file = try files.openFile(path)
        let bytes = try file.read(at: 0, count: file.byteCount)
        file.close()
        return bytes
    }

    /// `expected.tsv`: the points of each series, by `device<tab>measurement<tab>type`.
    func expected() throws -> Points {
        var points: Points = [:]
        var series = ""
        for line in String(decoding: try content("expected.tsv"), as: UTF8.self).split(separator: "\n") {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if cells.count == 4, cells[0] == "series" {
                series = cells[1...].joined(separator: "\t")
                points[series] = [:]
                continue
            }
            guard cells.count == 2, let time = Int64(cells[0]), let type = series.split(separator: "\t").last,
                let value = Self.value(Self.unescaped(cells[1]), String(type))
            else { throw Unreadable(line: String(line)) }
            points[series]?[time] = value
        }
        return points
    }

    /// What an engine holds, in the same form.
    static func points(in engine: StorageEngine) throws -> Points {
        var points: Points = [:]
        let snapshot = engine.snapshot()
        for series in engine.schema.series(matching: .all) {
            var found: [Int64: Value] = [:]
            var cursor = snapshot.points(of: series, in: .all, order: .ascending)
            while let block = try cursor.next() {
                for index in block.times.indices { found[block.times[index]] = block.values[index] }
            }
            points["\(series.device.path.text)\t\(series.measurement)\t\(series.type.name)"] = found
        }
        return points
    }

    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "t" ? "\t" : character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }

    private static func value(_ text: String, _ type: String) -> Value? {
        switch type {
        case "BOOLEAN": return text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
        case "INT32": return Int32(text).map(Value.int32)
        case "INT64": return Int64(text).map(Value.int64)
        case "FLOAT": return Float(text).map(Value.float)
        case "DOUBLE": return Double(text).map(Value.double)
        case "TEXT": return .text(Array(text.utf8))
        case "STRING": return .string(Array(text.utf8))
        case "TIMESTAMP": return Int64(text).map(Value.timestamp)
        case "DATE": return Int32(text.filter { $0 != "-" }).map(Value.date)
        case "BLOB": return bytes(text).map(Value.blob)
        default: return nil
        }
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Substring(hexadecimal)
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
