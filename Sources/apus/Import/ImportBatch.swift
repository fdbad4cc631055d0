// SPDX-License-Identifier: Apache-2.0

/// Rows of a CSV file on their way to the server.
struct ImportBatch {
    /// Characters of constants in a batch: a statement stays below the server's limit of 1 MiB.
    static let bytesMax = 400_000
    static let rowsMax = 5_000

    struct Row {
        var record: CSVRecord
        var time: Int64
        /// Constants by column; nil = no value.
        var values: [String?]
    }

    private(set) var rows: [Row] = []
    private var byteCount = 0

    var isFull: Bool { byteCount >= Self.bytesMax || rows.count >= Self.rowsMax }

    mutating func append(_ row: Row) {
        rows.append(row)
        byteCount += row.values.reduce(24) { $0 + ($1?.utf8.count ?? 4) + 2 }
    }

    /// The INSERT of a device's columns in some rows; nil where they have no value.
    static func statement(
        _ rows: ArraySlice<Row>, _ header: CSVHeader, device: String, columns: [Int], isAligned: Bool
    ) -> String? {
        let used = columns.filter { column in rows.contains { $0.values[column] != nil } }
        guard !used.isEmpty else { return nil }
        let names = used.map { header.columns[$0].measurement }.joined(separator: ", ")
        let lines = rows.compactMap { row -> String? in
            guard used.contains(where: { row.values[$0] != nil }) else { return nil }
            return "(\(row.time), \(used.map { row.values[$0] ?? "null" }.joined(separator: ", ")))"
        }
        return
            "INSERT INTO \(device)(time, \(names))\(isAligned ? " ALIGNED" : "") VALUES \(lines.joined(separator: ", "))"
    }
}
