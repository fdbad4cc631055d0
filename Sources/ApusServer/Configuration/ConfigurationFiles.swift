// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds and reads the configuration files (`mqtt-payloads.md` section 5.3).
struct ConfigurationFiles {
    /// The names in a folder, the newest IoTDB's first; of 1.0 to 1.3.2 two files belong together, the first over the
    /// second.
    static let names = [
        ["iotdb-system.properties"], ["iotdb-datanode.properties", "iotdb-common.properties"],
        ["iotdb-engine.properties"],
    ]
    /// A file larger than this is none of ours.
    static let sizeMax = 4 << 20

    /// What `--config` names: a file or a folder; nil = not given.
    var flag: String?
    /// IOTDB_CONF and IOTDB_HOME are read.
    var environment: [String: String]
    var workingFolder: String

    /// The files to read, the first wins; empty = there is none and none was asked for.
    func find() throws(ConfigurationError) -> [String] {
        if let flag { return try named(flag, by: "--config") }
        if let path = environment["IOTDB_CONF"], !path.isEmpty { return try named(path, by: "IOTDB_CONF") }
        if let home = environment["IOTDB_HOME"], !home.isEmpty {
            let found = Self.files(in: absolute(home) + "/conf")
            if !found.isEmpty { return found }
        }
        return Self.files(in: workingFolder + "/conf")
    }

    /// A file or folder that somebody named: it has to be there.
    private func named(_ path: String, by source: String) throws(ConfigurationError) -> [String] {
        let place = absolute(path)
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw ConfigurationError("\(source): \(place) does not exist")
        }
        guard isFolder.boolValue else { return [place] }
        let found = Self.files(in: place)
        guard !found.isEmpty else {
            let names = Self.names.flatMap { $0 }
            throw ConfigurationError("\(source): the folder \(place) has no file named \(listing(names))")
        }
        return found
    }

    private static func files(in folder: String) -> [String] {
        for group in names {
            let found = group.map { folder + "/" + $0 }.filter { FileManager.default.fileExists(atPath: $0) }
            if !found.isEmpty { return found }
        }
        return []
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : workingFolder + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }

    /// The entries of one file.
    static func read(_ path: String) throws(ConfigurationError) -> ConfigurationSource {
        let content: Data
        do {
            content = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ConfigurationError("\(path): cannot be read: \(reason(error))")
        }
        guard content.count <= sizeMax else {
            throw ConfigurationError("\(path): \(content.count) bytes are too many for a configuration file")
        }
        do throws(PropertiesError) {
            return ConfigurationSource(file: path, try PropertiesParser.parse([UInt8](content)))
        } catch {
            throw ConfigurationError("\(path):\(error.line): \(error.message)")
        }
    }

    /// The system's words behind a Foundation error.
    private static func reason(_ error: any Error) -> String {
        let outer = error as NSError
        guard let inner = outer.userInfo[NSUnderlyingErrorKey] as? POSIXError else { return outer.localizedDescription }
        return unsafe String(cString: strerror(inner.code.rawValue))
    }
}
