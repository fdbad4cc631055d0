// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Which nodes may become a database (`mqtt-payloads.md` section 6.3).
enum DatabaseName {
    /// The database on the fly of a device: its first `level` nodes below `root`.
    static func nodes(of device: DevicePath, level: Int) throws(SchemaError) -> [String] {
        guard device.nodes.first == "root" else {
            throw SchemaError(.badPath, "device \(device.text) does not begin with root")
        }
        guard device.nodes.count > level else {
            throw SchemaError(
                .badPath,
                "device \(device.text) is too short: with default_database_level=\(level) it needs at least "
                    + "\(level) nodes below root")
        }
        let nodes = Array(device.nodes[0...level])
        try check(nodes)
        return nodes
    }

    /// Throws if the canonical nodes may not name a database.
    static func check(_ nodes: [String]) throws(SchemaError) {
        let path = nodes.joined(separator: ".")
        guard nodes.count >= 2, nodes[0] == "root" else {
            throw SchemaError(.badPath, "\(path) cannot be a database: it needs `root` and at least one node below it")
        }
        guard path.unicodeScalars.count <= SchemaLimits.databaseNameCharactersMax else {
            throw SchemaError(
                .badPath,
                "\(path) cannot be a database: its name has more than \(SchemaLimits.databaseNameCharactersMax) "
                    + "characters")
        }
        for node in nodes {
            guard let bad = node.unicodeScalars.first(where: { !isLegal($0) }) else { continue }
            throw SchemaError(
                .badPath,
                "\(path) cannot be a database: `\(bad)` is not allowed there (letters, digits, _ - . and U+2E80 to "
                    + "U+9FFF are)")
        }
    }

    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "`", "\u{2E80}"..."\u{9FFF}": true
        default: false
        }
    }
}
