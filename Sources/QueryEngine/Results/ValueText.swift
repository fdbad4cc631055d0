// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Values as text, as IoTDB (that is, Java) prints them.
package enum ValueText {
    /// For SELECT LAST and clients that print: `1.0`, `1.0E10`, `true`, `2024-01-31`, `0x01ff`; invalid UTF-8 is replaced.
    package static func text(of value: Value) -> String {
        switch value {
        case .boolean(let value): value ? "true" : "false"
        case .int32(let value): "\(value)"
        case .int64(let value), .timestamp(let value): "\(value)"
        case .float(let value): number(value.description, isNegative: value.sign == .minus)
        case .double(let value): number(value.description, isNegative: value.sign == .minus)
        case .text(let bytes), .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .blob(let bytes): "0x" + HexText.text(bytes)
        case .date(let day): date(day)
        }
    }

    /// `yyyy-MM-dd`.
    package static func date(_ day: Int32) -> String {
        let (year, rest) = day.quotientAndRemainder(dividingBy: 10_000)
        return "\(padded(year, 4))-\(padded(rest / 100, 2))-\(padded(rest % 100, 2))"
    }

    private static func padded(_ number: Int32, _ width: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    /// Java's form of a shortest decimal as Swift describes it: plain from 10^-3 up to 10^7, else `d.dE±n`.
    private static func number(_ description: String, isNegative: Bool) -> String {
        switch description {
        case "nan", "-nan": return "NaN"
        case "inf": return "Infinity"
        case "-inf": return "-Infinity"
        default: break
        }
        let sign = isNegative ? "-" : ""
        let (digits, exponent) = parts(description)
        guard !digits.isEmpty else { return sign + "0.0" }
        // The value is 0.d1d2d3… × 10^exponent.
        switch exponent {
        case -2...0: return sign + "0." + String(repeating: "0", count: -exponent) + digits
        case 1...7:
            let padded = digits + String(repeating: "0", count: max(0, exponent - digits.utf8.count))
            let fraction = padded.dropFirst(exponent)
            return sign + padded.prefix(exponent) + "." + (fraction.isEmpty ? "0" : fraction)
        default:
            let fraction = digits.dropFirst()
            return sign + digits.prefix(1) + "." + (fraction.isEmpty ? "0" : fraction) + "E\(exponent - 1)"
        }
    }

    /// The significant digits without zeros at either end, and the exponent of 0.digits.
    private static func parts(_ description: String) -> (digits: String, exponent: Int) {
        let mantissaAndExponent = description.split(separator: "e")
        let mantissa = mantissaAndExponent.first ?? "0"
        let written = mantissaAndExponent.count > 1 ? Int(mantissaAndExponent[1]) ?? 0 : 0
        let unsigned = mantissa.hasPrefix("-") ? mantissa.dropFirst() : mantissa
        let halves = unsigned.split(separator: ".", omittingEmptySubsequences: false)
        let whole = halves.first.map(String.init) ?? "", fraction = halves.count > 1 ? String(halves[1]) : ""
        let all = whole + fraction
        let leading = all.prefix { $0 == "0" }.count
        var digits = String(all.dropFirst(leading))
        while digits.hasSuffix("0") { digits.removeLast() }
        return (digits, written + whole.utf8.count - leading)
    }
}
