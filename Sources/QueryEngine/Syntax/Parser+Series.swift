// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

extension Parser {
    /// After CREATE TIMESERIES.
    mutating func createSeries() throws(StatementError) -> CreateSeriesStatement {
        let path = try fullPath()
        let device = PathText(nodes: Array(path.nodes.dropLast()))
        return CreateSeriesStatement(device: device, series: [try seriesAttributes(path.nodes.last ?? "")])
    }

    /// After CREATE ALIGNED TIMESERIES.
    mutating func createAlignedSeries() throws(StatementError) -> CreateSeriesStatement {
        let device = try fullPath()
        try expect(symbol: "(")
        let series = try list { (parser) throws(StatementError) in
            try parser.seriesAttributes(try parser.measurement())
        }
        try expect(symbol: ")")
        return CreateSeriesStatement(device: device, isAligned: true, series: series)
    }

    /// `[WITH] [DATATYPE =] type {[,] key = value}` of the measurement.
    private mutating func seriesAttributes(_ measurement: String) throws(StatementError) -> CreateSeriesStatement.Series
    {
        if isSymbol("(") { throw .unsupported("an alias of a series") }
        _ = accept("WITH")
        if accept("DATATYPE") { try expect(symbol: "=") }
        let token = current
        let name = try identifier("a data type")
        guard let type = DataType(name: name.uppercased()) else { throw error(at: token, "`\(name)` is no data type") }
        var series = CreateSeriesStatement.Series(measurement: measurement, type: type)
        while try acceptAttribute(of: &series) {}
        for key in ["TAGS", "ATTRIBUTES"] where isKeyword(key) { throw .unsupported("CREATE TIMESERIES with \(key)") }
        return series
    }

    /// Takes one `[,] key = value` if it comes next. A comma without one belongs to the list around.
    private mutating func acceptAttribute(of series: inout CreateSeriesStatement.Series) throws(StatementError) -> Bool
    {
        let distance = isSymbol(",") ? 1 : 0
        let key = peek(distance)
        guard key.kind == .word || key.kind == .string, isSymbol("=", peek(distance + 1)) else { return false }
        for _ in 0..<distance + 2 { advance() }
        let value = current
        let name = value.kind == .string ? try string("a value") : try attributeValue()
        switch (key.kind, key.text.uppercased()) {
        case (.word, "ENCODING"): series.encoding = try Self.encoding(name)
        case (.word, "COMPRESSOR"), (.word, "COMPRESSION"): series.compressor = try Self.compressor(name)
        case (.word, "TAGS"), (.word, "ATTRIBUTES"), (.word, "LOSS"), (.string, _):
            throw .unsupported("the property \(key.text.prefix(64)) of a series")
        default: throw error(at: key, "`\(key.text.prefix(64))` is no property of a series")
        }
        return true
    }

    /// A name, or a number, which some properties have.
    private mutating func attributeValue() throws(StatementError) -> String {
        let token = current
        guard token.kind == .integer || token.kind == .decimal else { return try identifier("a value") }
        advance()
        return token.text
    }

    private static func encoding(_ name: String) throws(StatementError) -> TsFileEncoding {
        if let found = TsFileEncoding.allCases.first(where: { $0.name == name.uppercased() }) { return found }
        let known = TsFileEncoding.allCases.map(\.name).joined(separator: ", ")
        throw .semantic("unsupported encoding: \(name.prefix(64)); known are \(known)")
    }

    private static func compressor(_ name: String) throws(StatementError) -> TsFileCompressor {
        if let found = TsFileCompressor.allCases.first(where: { $0.name == name.uppercased() }) { return found }
        let known = TsFileCompressor.allCases.map(\.name).joined(separator: ", ")
        throw .semantic("unsupported compression: \(name.prefix(64)); known are \(known)")
    }
}
