// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A result as a table with aligned columns, like the one of IoTDB's command line.
struct TableText {
    let text: String

    init(_ rows: SQLRows, precision: TimestampPrecision) {
        var columns: [[String]] = []
        if let times = rows.times {
            columns.append(["Time"] + times.map { Self.date($0, precision) })
        }
        for (index, column) in rows.columns.enumerated() {
            let isTime = column.type == "TIMESTAMP"
            columns.append(
                [Self.shown(column.name)]
                    + rows.values[index].map { cell in
                        if isTime, case .integer(let time) = cell { return Self.date(time, precision) }
                        return Self.shown(cell.plainText ?? "null")
                    })
        }
        text = Self.draw(columns) + Self.summary(rows.count)
    }

    private static func summary(_ count: Int) -> String {
        count == 0 ? "Empty set.\n" : "Total line number = \(count)\n"
    }

    private static func draw(_ columns: [[String]]) -> String {
        guard let height = columns.first?.count else { return "" }
        let widths = columns.map { column in column.map(displayWidth).max() ?? 0 }
        let rule = "+" + widths.map { String(repeating: "-", count: $0) + "+" }.joined() + "\n"
        var text = rule
        for row in 0..<height {
            text += "|"
            for (column, width) in zip(columns, widths) {
                text += String(repeating: " ", count: width - displayWidth(column[row])) + column[row] + "|"
            }
            text += "\n"
            if row == 0 { text += rule }
        }
        return height > 1 ? text + rule : text
    }

    /// Control characters would break the table, or the terminal: they are shown as their escapes.
    private static func shown(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) }) else {
            return text
        }
        return text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? scalar.escaped(asASCII: true) : String(scalar)
        }.joined()
    }

    /// Cells of a terminal: East Asian wide characters and emoji take two, combining marks none.
    static func displayWidth(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let scalar = character.unicodeScalars.first else { return sum }
            switch scalar.value {
            case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
                0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
                return sum + 2
            default: return sum + 1
            }
        }
    }

    /// ISO 8601 in UTC with as many fraction digits as the precision has.
    static func date(_ time: Int64, _ precision: TimestampPrecision) -> String {
        let unit = precision.unitsPerSecond
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: unit)
        let seconds = remainder < 0 ? quotient - 1 : quotient
        let fraction = remainder < 0 ? remainder + unit : remainder
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - day * 86_400
        let date = CivilDate(daysSinceEpoch: Int(day))
        return "\(padded(Int64(date.year), 4))-\(padded(Int64(date.month), 2))-\(padded(Int64(date.day), 2))"
            + "T\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
            + ".\(padded(fraction, String(unit).count - 1))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
