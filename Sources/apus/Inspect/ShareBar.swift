// SPDX-License-Identifier: Apache-2.0

/// Shares of a whole, drawn.
enum ShareBar {
    static let width = 24

    /// `########................  33.3 %`.
    static func text(_ part: Int, of whole: Int) -> String {
        let share = whole > 0 ? min(1, max(0, Double(part) / Double(whole))) : 0
        // Whatever is there at all is seen.
        let filled = part > 0 ? max(1, Int((share * Double(width)).rounded())) : 0
        let tenths = Int((share * 1_000).rounded())
        let percent = "\(tenths / 10).\(tenths % 10) %"
        return String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "  "
            + String(repeating: " ", count: max(0, 7 - percent.count)) + percent
    }
}

/// Columns of text, padded; the first is flush left, as are those that are told.
struct AlignedText {
    private var rows: [[String]] = []
    private let leftColumns: Set<Int>

    init(left: Set<Int>) { leftColumns = left.union([0]) }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// The lines, each with `indent` blanks before it.
    func text(indent: Int = 2) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? TableText.displayWidth($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = String(repeating: " ", count: indent)
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: max(0, widths[column] - TableText.displayWidth(cell)))
                let isLast = column == row.count - 1
                line += leftColumns.contains(column) ? cell + (isLast ? "" : padding) : padding + cell
                if !isLast { line += "  " }
            }
            return line + "\n"
        }.joined()
    }
}
