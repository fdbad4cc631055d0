// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Rows as text: CSV or line protocol.
struct RowText {
    let format: ExportFormat
    let unit: ExportUnit
    /// Values that the format cannot say.
    private(set) var skipped = 0

    init(_ format: ExportFormat, _ unit: ExportUnit) {
        self.format = format
        self.unit = unit
    }

    /// The first line.
    var head: [UInt8] {
        guard format == .csv else { return [] }
        let names = unit.series.map { Self.csvField("\($0.path)(\($0.type.name))") }
        return Array((["Time"] + names).joined(separator: ",").utf8) + [UInt8(ascii: "\n")]
    }

    /// The lines of a page, and how many values it has.
    mutating func lines(_ rows: SQLRows) -> (bytes: [UInt8], values: Int) {
        var text = ""
        var values = 0
        for (row, time) in (rows.times ?? []).enumerated() {
            switch format {
            case .line: values += appendLine(rows, row, time, to: &text)
            case .csv, .tsfile:
                text += String(time)
                for (column, series) in unit.series.enumerated() {
                    text += ","
                    let cell = rows.values[column][row]
                    if cell != .null { values += 1 }
                    text += Self.csvField(cell, series.type)
                }
                text += "\n"
            }
        }
        return (Array(text.utf8), values)
    }

    // MARK: CSV

    /// Empty = no value; an empty text is two quotes.
    static func csvField(_ cell: SQLCell, _ type: DataType) -> String {
        switch cell {
        case .null: return ""
        case .number(let value) where type == .float: return number(Float(value).description)
        case .number(let value): return number(value.description)
        case .text(let text):
            // A text that looks like none stays one: quotes tell an empty text from no value.
            return text.isEmpty ? "\"\"" : csvField(text)
        case .boolean, .integer: return cell.plainText ?? ""
        }
    }

    private static func number(_ description: String) -> String {
        switch description {
        case "nan", "-nan": "NaN"
        case "inf": "Infinity"
        case "-inf": "-Infinity"
        default: description
        }
    }

    static func csvField(_ text: String) -> String {
        // Bytes, not characters: \r\n is one character.
        guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) || text.first == " " || text.last == " " else {
            return text
        }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    // MARK: Line protocol

    private mutating func appendLine(_ rows: SQLRows, _ row: Int, _ time: Int64, to text: inout String) -> Int {
        var fields: [String] = []
        for (column, series) in unit.series.enumerated() {
            let cell = rows.values[column][row]
            guard cell != .null else { continue }
            guard let value = Self.field(cell, series.type) else {
                skipped += 1
                continue
            }
            fields.append("\(Self.escaped(PathNode.content(series.measurement), ",= "))=\(value)")
        }
        guard !fields.isEmpty else { return 0 }
        text += "\(Self.escaped(unit.source, ", ")) \(fields.joined(separator: ",")) \(time)\n"
        return fields.count
    }

    /// nil = a number that is none.
    private static func field(_ cell: SQLCell, _ type: DataType) -> String? {
        switch cell {
        case .null: return nil
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return "\(number)i"
        case .number(let value):
            return value.isFinite ? (type == .float ? Float(value).description : value.description) : nil
        case .text(let text):
            // Infinities and NaN come as texts.
            guard type != .float, type != .double else { return nil }
            return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
    }

    private static func escaped(_ text: String, _ special: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if special.unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
