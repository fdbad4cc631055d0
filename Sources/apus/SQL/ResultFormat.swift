// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TimeSeriesModel

/// How rows are printed.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
    /// Aligned columns for people, times as dates.
    case table
    /// RFC 4180 with a header line; times as numbers, nulls empty.
    case csv
    /// One array of objects; times as numbers.
    case json
}

/// Prints answers in one format.
struct ResultPrinter {
    let format: ResultFormat
    /// The unit of the server's times, for dates.
    let precision: TimestampPrecision

    /// The text of a result, with its last line break.
    func text(_ rows: SQLRows) -> String {
        switch format {
        case .table: TableText(rows, precision: precision).text
        case .csv: csv(rows)
        case .json: json(rows)
        }
    }

    private func csv(_ rows: SQLRows) -> String {
        var text = ((rows.times == nil ? [] : ["Time"]) + rows.columns.map { csvField($0.name) }).joined(separator: ",")
        text += "\n"
        for row in 0..<rows.count {
            var fields = rows.times.map { [String($0[row])] } ?? []
            for column in rows.values { fields.append(csvField(column[row].plainText ?? "")) }
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    private func csvField(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r\r\n".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private func json(_ rows: SQLRows) -> String {
        var text = "["
        for row in 0..<rows.count {
            var members = rows.times.map { ["\"Time\":\($0[row])"] } ?? []
            for (index, column) in rows.columns.enumerated() {
                members.append("\(JSONString.quoted(column.name)):\(rows.values[index][row].json)")
            }
            text += (row == 0 ? "\n" : ",\n") + "{" + members.joined(separator: ",") + "}"
        }
        return text + (rows.count == 0 ? "]\n" : "\n]\n")
    }
}

extension SQLCell {
    /// The cell for tables and CSV; nil = null.
    var plainText: String? {
        switch self {
        case .null: nil
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): value.description
        case .text(let value): value
        }
    }

    var json: String {
        switch self {
        case .null: "null"
        case .number(let value) where !value.isFinite: JSONString.quoted(value.description)
        case .text(let value): JSONString.quoted(value)
        case .boolean, .integer, .number: plainText ?? "null"
        }
    }
}

/// JSON strings.
enum JSONString {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
