// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel
import TsFile

@testable import QueryEngine

@Suite struct SeriesParserTests {
    private let device = PathText(nodes: ["root", "a", "b"])

    private func series(
        _ type: DataType, _ encoding: TsFileEncoding? = nil, _ compressor: TsFileCompressor? = nil, name: String = "s"
    ) -> CreateSeriesStatement.Series {
        CreateSeriesStatement.Series(measurement: name, type: type, encoding: encoding, compressor: compressor)
    }

    @Test(arguments: [
        "create timeseries root.a.b.s with datatype=INT32", "create timeseries root.a.b.s INT32",
        "CREATE TIMESERIES root.a.b.s WITH int32", "create timeseries root.a.b.s datatype = int32;",
    ])
    func types(_ sql: String) throws {
        #expect(try parse(sql) == .createSeries(CreateSeriesStatement(device: device, series: [series(.int32)])))
    }

    @Test(arguments: [
        "create timeseries root.a.b.s with datatype=FLOAT, encoding=RLE, compressor=SNAPPY",
        "create timeseries root.a.b.s FLOAT encoding=rle compression=snappy",
        "create timeseries root.a.b.s FLOAT compression=SNAPPY, ENCODING=RLE",
        "create timeseries root.a.b.s with datatype=FLOAT encoding='RLE', compressor='SNAPPY'",
    ])
    func encodingsAndCompressors(_ sql: String) throws {
        let wanted = CreateSeriesStatement(device: device, series: [series(.float, .rle, .snappy)])
        #expect(try parse(sql) == .createSeries(wanted))
    }

    @Test func everyNameIsKnown() throws {
        for encoding in TsFileEncoding.allCases {
            let statement = try parse("create timeseries root.a.b.s INT32 encoding=\(encoding.name)")
            #expect(
                statement == .createSeries(CreateSeriesStatement(device: device, series: [series(.int32, encoding)])))
        }
        for compressor in TsFileCompressor.allCases {
            let statement = try parse("create timeseries root.a.b.s INT32 compressor=\(compressor.name)")
            let wanted = series(.int32, nil, compressor)
            #expect(statement == .createSeries(CreateSeriesStatement(device: device, series: [wanted])))
        }
    }

    @Test func alignedSeries() throws {
        let sql = """
            create aligned timeseries root.a.b(latitude FLOAT encoding=PLAIN compressor=SNAPPY, longitude FLOAT,
            encoding INT32 encoding=RLE, `x y` with datatype=TEXT, compression=ZSTD)
            """
        let wanted = [
            series(.float, .plain, .snappy, name: "latitude"), series(.float, name: "longitude"),
            series(.int32, .rle, name: "encoding"), series(.text, nil, .zstd, name: "`x y`"),
        ]
        #expect(
            try parse(sql) == .createSeries(CreateSeriesStatement(device: device, isAligned: true, series: wanted)))
    }

    @Test(arguments: [
        ("create timeseries root.a.b.s(alias) int32", 300), ("create timeseries root.a.b.s vector", 700),
        ("create timeseries root.a.b.s int32 encoding=FAST", 701),
        ("create timeseries root.a.b.s int32 compressor=RAR", 701),
        ("create timeseries root.a.b.s int32 tags(a=b)", 300),
        ("create timeseries root.a.b.s int32 attributes('a'='b')", 300),
        ("create timeseries root.a.b.s float 'max_point_number'='3'", 300),
        ("create timeseries root.a.b.s float loss=SDT", 300), ("create timeseries root.a.b.s float speed=3", 700),
        ("create timeseries root.a.*.s int32", 700), ("create aligned timeseries root.a.b", 700),
        ("create aligned timeseries root.a.b()", 700), ("create aligned timeseries root.a.b(s INT32,)", 700),
        ("create aligned timeseries root.a.b(time INT32)", 700),
    ])
    func refusals(_ sql: String, _ code: Int) {
        #expect(parseError(sql)?.code == code, "\(sql): \(parseError(sql)?.message ?? "accepted")")
    }
}
