// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TimeSeriesModel

/// Writes JSON text; the mapping of values is that of `iotdb-rest.md` section 2.
extension ByteBuffer {
    /// A string with its quotes. Bytes that are no UTF-8 become U+FFFD.
    mutating func writeJSON(string text: String) {
        writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): writeStaticString("\\\"")
            case UInt8(ascii: "\\"): writeStaticString("\\\\")
            case 0x0a: writeStaticString("\\n")
            case 0x0d: writeStaticString("\\r")
            case 0x09: writeStaticString("\\t")
            case 0..<0x20:
                writeStaticString("\\u00")
                writeHexDigits(of: byte)
            default: writeInteger(byte)
            }
        }
        writeInteger(UInt8(ascii: "\""))
    }

    /// A list of strings.
    mutating func writeJSON(strings texts: some Sequence<String>) {
        writeInteger(UInt8(ascii: "["))
        var isFirst = true
        for text in texts {
            if !isFirst { writeInteger(UInt8(ascii: ",")) }
            isFirst = false
            writeJSON(string: text)
        }
        writeInteger(UInt8(ascii: "]"))
    }

    /// One value of a result. Infinities and NaN are strings, as Jackson writes them.
    mutating func writeJSON(_ value: Value) {
        switch value {
        case .boolean(let value): writeString(value ? "true" : "false")
        case .int32(let value): writeString(String(value))
        case .int64(let value), .timestamp(let value): writeString(String(value))
        case .float(let value):
            if value.isFinite { writeString(value.description) } else { writeNonFinite(Double(value)) }
        case .double(let value):
            if value.isFinite { writeString(value.description) } else { writeNonFinite(value) }
        case .text(let bytes), .string(let bytes): writeJSON(string: String(decoding: bytes, as: UTF8.self))
        case .blob(let bytes):
            writeStaticString("\"0x")
            for byte in bytes { writeHexDigits(of: byte) }
            writeInteger(UInt8(ascii: "\""))
        case .date(let day): writeJSON(string: DateText.text(ofPackedDay: day))
        }
    }

    private mutating func writeNonFinite(_ value: Double) {
        writeString(value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }

    private mutating func writeHexDigits(of byte: UInt8) {
        for digit in [byte >> 4, byte & 15] {
            writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

/// DATE values as text.
enum DateText {
    /// `yyyy-MM-dd` of year * 10000 + month * 100 + day.
    static func text(ofPackedDay day: Int32) -> String {
        func padded(_ number: Int32, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(padded(day / 10_000, 4))-\(padded(day / 100 % 100, 2))-\(padded(day % 100, 2))"
    }
}
