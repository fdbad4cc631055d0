// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Fields of CSV as the constants of a statement.
enum CSVLiteral {
    /// The constant for a value of this type; nil = no value. Throws what is wrong with it. `type` nil = the server finds one.
    static func text(
        _ field: CSVField, _ type: DataType?, _ precision: TimestampPrecision
    ) throws(FileTrouble) -> String? {
        if field.text.isEmpty {
            guard field.isQuoted, type == nil || type == .text || type == .string else { return nil }
            return "''"
        }
        guard let type else { return untyped(field) }
        guard let text = typed(field.text, type, precision) else {
            throw FileTrouble("`\(field.text.prefix(64))` is no \(type.name)")
        }
        return text
    }

    private static func untyped(_ field: CSVField) -> String {
        let text = field.text
        if !field.isQuoted {
            if ["true", "false"].contains(text.lowercased()) { return text.lowercased() }
            if let number = number(text) { return number }
        }
        return quoted(text)
    }

    private static func typed(_ text: String, _ type: DataType, _ precision: TimestampPrecision) -> String? {
        switch type {
        case .boolean:
            switch text.lowercased() {
            case "true", "t", "1": return "true"
            case "false", "f", "0": return "false"
            default: return nil
            }
        case .int32: return Int32(text).map(String.init)
        case .int64: return Int64(text).map(String.init)
        case .float, .double: return number(text) ?? notFinite(text)
        case .text, .string: return quoted(text)
        case .blob: return blob(text).map { "X'\(HexText.text($0))'" }
        case .date: return DateTimeText.date(Array(text.utf8).span) == nil ? nil : "'\(text)'"
        case .timestamp: return time(text, precision).map(String.init)
        }
    }

    /// A time: a number in the server's unit, or a date-time, UTC where it names no offset.
    static func time(_ text: String, _ precision: TimestampPrecision) -> Int64? {
        if let number = Int64(text) { return number }
        return DateTimeText.timestamp(Array(text.utf8).span, precision: precision, defaultOffsetSeconds: 0)
    }

    static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// Digits, a sign, a point, an exponent: what a statement and Swift read the same.
    private static func number(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
            let value = Double(text),
            value.isFinite
        else { return nil }
        return text
    }

    private static func notFinite(_ text: String) -> String? {
        switch text.lowercased() {
        case "nan": "NaN"
        case "infinity", "inf", "+infinity": "'Infinity'"
        case "-infinity", "-inf": "'-Infinity'"
        default: nil
        }
    }

    private static func blob(_ text: String) -> [UInt8]? {
        let digits = text.hasPrefix("0x") || text.hasPrefix("0X") ? String(text.dropFirst(2)) : text
        return HexText.bytes(Array(digits.utf8).span)
    }
}
