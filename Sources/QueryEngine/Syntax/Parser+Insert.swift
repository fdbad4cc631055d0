// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Parser {
    /// After INSERT.
    mutating func insert() throws(StatementError) -> InsertStatement {
        try expect("INTO")
        let device = try fullPath()
        try expect(symbol: "(")
        let hasTime = accept("TIMESTAMP") || accept("TIME")
        var measurements: [String] = []
        if !hasTime { measurements.append(try measurement()) }
        while accept(symbol: ",") { measurements.append(try measurement()) }
        try expect(symbol: ")")
        let isAligned = accept("ALIGNED")
        try expect("VALUES")
        let rows = try list { (parser) throws(StatementError) in
            try parser.row(hasTime: hasTime, width: measurements.count)
        }
        if !hasTime, rows.count > 1 {
            throw .semantic("rows without a time would all get the same; write one row, or name the times")
        }
        return InsertStatement(device: device, measurements: measurements, isAligned: isAligned, rows: rows)
    }

    /// A measurement's canonical name.
    mutating func measurement() throws(StatementError) -> String {
        let token = current
        let text = try identifier("a measurement name")
        if token.kind == .quotedWord { return PathNode.canonical(content: text) }
        if ["ROOT", "TIME", "TIMESTAMP"].contains(text.uppercased()) {
            throw error(at: token, "`\(text)` is a reserved word; a measurement called so is written in back quotes")
        }
        return text
    }

    private mutating func row(hasTime: Bool, width: Int) throws(StatementError) -> InsertStatement.Row {
        try expect(symbol: "(")
        var row = InsertStatement.Row(time: times.now, values: [])
        if hasTime {
            row.time = try time()
        } else if width > 0 {
            row.values.append(try literal())
        }
        while accept(symbol: ",") { row.values.append(try literal()) }
        try expect(symbol: ")")
        guard row.values.count == width else {
            throw .semantic("\(width) measurements are named, but a row has \(row.values.count) values")
        }
        return row
    }
}
