// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Testing
import TimeSeriesModel
import TsFile

@testable import apus

@Suite struct ExportTests {
    /// Rows of one INT32 series `root.a.d.s` at the times 0..<count, answered as a server pages them.
    private func server(count: Int64, failsAfter: Int64 = .max) -> ScriptedServer {
        ScriptedServer { sql throws(SQLClientError) in
            if sql.hasPrefix("SHOW VARIABLES") || sql.hasPrefix("show variables") { return .listing(["a", "b"], []) }
            if sql.hasPrefix("SHOW DEVICES") { return .listing(["Device", "IsAligned"], [["root.a.d", "false"]]) }
            if sql.hasPrefix("SHOW") { return .series([("root.a.d.s", "INT32")]) }
            if sql.contains("count(") {
                return .rows(
                    SQLRows(columns: [SQLColumn(name: "c", type: "INT64")], times: nil, values: [[.integer(count)]]))
            }
            let from = Self.number(behind: "time >= ", in: sql) ?? 0
            let limit = Self.number(behind: "LIMIT ", in: sql) ?? 0
            if from >= failsAfter { throw .unreachable("gone") }
            let times = Array(from..<min(count, from + limit))
            return .rows(
                SQLRows(
                    columns: [SQLColumn(name: "root.a.d.s", type: "INT32")], times: times,
                    values: [times.map { .integer($0) }]))
        }
    }

    private static func number(behind word: String, in sql: String) -> Int64? {
        guard let range = sql.range(of: word) else { return nil }
        return Int64(sql[range.upperBound...].prefix { $0.isNumber })
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("apus-export-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }

    private func run(
        _ server: ScriptedServer, _ output: String, _ format: String, resume: Bool = false
    ) async throws -> Int {
        let arguments = ["export", "root.**", "--output", output, "--format", format] + (resume ? ["--resume"] : [])
        let command = try #require(try Apus.parseAsRoot(arguments) as? ExportCommand)
        let run = ExportRun(command, server, from: nil, to: nil)
        let series = try await SeriesCatalog.series("root.**", server)
        return command.format == .tsfile ? try await run.writeTsFiles(series) : try await run.writeTexts(series)
    }

    private func lines(_ path: String) -> [Substring] {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self).split(separator: "\n")
    }

    @Test(arguments: ["csv", "line"])
    func allPagesAreWrittenOnce(_ format: String) async throws {
        try await withFolder { folder in
            let output = "\(folder)/out"
            let points = try await run(server(count: 120_000), output, format)
            #expect(points == 120_000)
            let lines = lines(output)
            #expect(lines.count == (format == "csv" ? 120_001 : 120_000))
            #expect(lines.last == (format == "csv" ? "119999,119999" : "root.a.d s=119999i 119999"))
            if format == "csv" { #expect(lines.first == "Time,root.a.d.s(INT32)") }
            #expect(!FileManager.default.fileExists(atPath: "\(output).export-state"))
            // What is there is not written over.
            await #expect(throws: FileTrouble.self) { _ = try await run(server(count: 1), output, format) }
        }
    }

    @Test(arguments: ["csv", "line"])
    func anInterruptedExportGoesOnBehindTheLastPage(_ format: String) async throws {
        try await withFolder { folder in
            let output = "\(folder)/", file = "\(folder)/root.a.d.\(format)"
            await #expect(throws: SQLClientError.unreachable("gone")) {
                _ = try await run(server(count: 120_000, failsAfter: 100_000), output, format)
            }
            // A page that was only half written.
            let handle = try #require(FileHandle(forWritingAtPath: file))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("100000,1".utf8))
            try handle.close()
            let points = try await run(server(count: 120_000), output, format, resume: true)
            #expect(points == 120_000)
            let lines = lines(file)
            #expect(Set(lines).count == lines.count)
            #expect(lines.count == (format == "csv" ? 120_001 : 120_000))
        }
    }

    @Test func aTsFileIsWrittenWhole() async throws {
        try await withFolder { folder in
            let points = try await run(server(count: 70_000), "\(folder)/all.tsfile", "tsfile")
            #expect(points == 70_000)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names == ["all.tsfile"])
        }
    }

    @Test func statementsNameTimesAndColumns() {
        let series = ["s", "`a b`"].map {
            ListedSeries(
                device: "root.a.d", measurement: $0, type: .int32, encoding: .plain, compressor: .lz4)
        }
        let pages = ExportPages(ExportUnit.devices(series)[0], from: -5, to: 10)
        #expect(
            pages.statement
                == "SELECT s, `a b` FROM root.a.d WHERE time >= -5 AND time < 10 ORDER BY TIME ASC LIMIT 50000")
        let whole = ExportUnit.whole(series)
        #expect(whole.source == "root" && whole.names == ["a.d.s", "a.d.`a b`"])
        #expect(ExportPages(whole, from: nil, to: nil).statement.contains("FROM root ORDER"))
    }

    @Test func cellsKeepTheirTypesInCSV() {
        #expect(RowText.csvField(.number(0.1), .double) == "0.1")
        #expect(RowText.csvField(.number(Double(Float(0.1))), .float) == "0.1")
        #expect(RowText.csvField(.number(.nan), .double) == "NaN")
        #expect(RowText.csvField(.text(""), .text) == "\"\"")
        #expect(RowText.csvField(.null, .text) == "")
        #expect(RowText.csvField(.text("a,\"b\"\r\n"), .text) == "\"a,\"\"b\"\"\r\n\"")
        #expect(RowText.csvField(.integer(.min), .int64) == "-9223372036854775808")
    }

    @Test func valuesOfAllTypesComeBackExactly() {
        #expect(Value(.integer(5), .int32) == .int32(5))
        #expect(Value(.integer(1 << 40), .int32) == nil)
        #expect(Value(.integer(.max), .int64) == .int64(.max))
        #expect(Value(.integer(7), .timestamp) == .timestamp(7))
        #expect(Value(.number(0.1), .float) == .float(0.1))
        #expect(Value(.text("Infinity"), .double) == .double(.infinity))
        #expect(Value(.text("2024-02-29"), .date) == .date(20_240_229))
        #expect(Value(.text("0x00ff"), .blob) == .blob([0, 255]))
        #expect(Value(.text("a"), .string) == .string([0x61]))
        #expect(Value(.boolean(true), .boolean) == .boolean(true))
        #expect(Value(.text("x"), .int32) == nil)
    }

    @Test func lineProtocolEscapesAndSkips() {
        let series = [("s 1", DataType.text), ("t", .double)].map {
            ListedSeries(
                device: "root.a.`d,1`", measurement: "`\($0.0)`", type: $0.1, encoding: .plain, compressor: .lz4)
        }
        var text = RowText(.line, ExportUnit.devices(series)[0])
        let rows = SQLRows(
            columns: [], times: [1, 2], values: [[.text("say \"hi\""), .null], [.number(1.5), .text("NaN")]])
        let (bytes, values) = text.lines(rows)
        #expect(String(decoding: bytes, as: UTF8.self) == "root.a.`d\\,1` s\\ 1=\"say \\\"hi\\\"\",t=1.5 1\n")
        #expect(values == 2 && text.skipped == 1)
    }

    @Test func namesOfFilesAreSafe() {
        #expect(ExportRun.fileName("root.a.`x/y`", number: 1) == "root.a.%60x%2Fy%60")
        #expect(ExportRun.fileName(String(repeating: "a", count: 300), number: 7).hasSuffix("%7"))
    }
}
