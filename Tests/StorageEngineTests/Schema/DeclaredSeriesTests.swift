// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

/// What statements declare, and what a node may be.
@Suite struct DeclaredSeriesTests {
    private let device = DevicePath(canonical: ["root", "sg", "d"])

    private func store(_ change: (inout StorageSettings) -> Void = { _ in }) -> SchemaStore {
        var settings = StorageSettings()
        change(&settings)
        return SchemaStore(settings: settings)
    }

    private func create(_ schema: SchemaStore, _ nodes: [String], _ measurement: String) throws {
        _ = try schema.createSeries(
            device: DevicePath(canonical: nodes), isAligned: false, measurements: [(measurement, .double)])[0].get()
    }

    @Test func whatIsDeclaredIsKeptAndTheRestIsTheDefault() throws {
        let schema = store()
        let created = try schema.createSeries(
            device: device, isAligned: true,
            declared: [
                SeriesRequest(measurement: "a", type: .int32, encoding: .rle),
                SeriesRequest(measurement: "b", type: .double, compressor: .zstd),
                SeriesRequest(measurement: "c", type: .text),
            ])
        #expect(created.map(\.encoding) == [.rle, .gorilla, .plain])
        #expect(created.map(\.compressor) == [.lz4, .zstd, .lz4])
        #expect(created.map(\.isEncodingDeclared) == [true, false, false])
        #expect(created.map(\.isCompressorDeclared) == [false, true, false])
        #expect(created[0].device.isAligned)
        var batch = WriteBatch()
        for change in schema.takeUnlogged() { batch.append(change) }
        // They come back from the log as they were.
        let again = store()
        let bytes = batch.buffer.bytes
        var sections = SectionCursor(bytes)
        while try sections.next() {
            let change = try SchemaChange(sections.kind, detail: sections.detail, decoding: sections.bytes)
            try again.replay(try #require(change), sequence: 1)
        }
        let back = try #require(again.device(at: "root.sg.d"))
        #expect(back.isAligned)
        #expect(back.allSeries().map { SchemaDefinition($0) } == created.map { SchemaDefinition($0) })
    }

    @Test func allAreCreatedOrNone() throws {
        let schema = store { $0.seriesLimit = 3 }
        try create(schema, ["root", "sg", "d"], "a")
        let requests = ["b", "c", "e"].map { SeriesRequest(measurement: $0, type: .double) }
        let limit = #expect(throws: SchemaError.self) {
            try schema.createSeries(device: device, isAligned: false, declared: requests)
        }
        #expect(limit?.code == .pathLimit)
        let same = requests[..<1] + [SeriesRequest(measurement: "a", type: .double)]
        let exists = #expect(throws: SchemaError.self) {
            try schema.createSeries(device: device, isAligned: false, declared: Array(same))
        }
        #expect(exists?.code == .seriesExists && exists?.code.statusCode == 503)
        let twice = #expect(throws: SchemaError.self) {
            try schema.createSeries(device: device, isAligned: false, declared: [requests[0], requests[0]])
        }
        #expect(twice?.code == .seriesExists)
        let form = #expect(throws: SchemaError.self) {
            try schema.createSeries(device: device, isAligned: true, declared: requests)
        }
        #expect(form?.code == .alignmentMismatch)
        #expect(schema.seriesCount == 1)
        // The same for rows, where it is asked for.
        let rows = #expect(throws: SchemaError.self) {
            try schema.createSeries(
                device: device, isAligned: false, measurements: requests.map { ($0.measurement, .double) },
                allOrNothing: true)
        }
        #expect(rows?.code == .pathLimit && schema.seriesCount == 1)
        let fitting = try schema.createSeries(
            device: device, isAligned: false, measurements: [("a", .double), ("b", .double), ("c", .double)],
            allOrNothing: true)
        #expect(fitting.count == 3 && schema.seriesCount == 3)
    }

    @Test func allOrNothingLooksAtTheDatabaseToo() throws {
        let schema = store { $0.databaseLimit = 0 }
        #expect(throws: SchemaError.self) {
            try schema.createSeries(
                device: device, isAligned: false, measurements: [("a", .double)], allOrNothing: true)
        }
        #expect(!schema.hasUnlogged)
    }

    @Test func aTypeHasOnlyItsEncodings() throws {
        let valid: [(DataType, [TsFileEncoding])] = [
            (.boolean, [.plain, .rle]), (.blob, [.plain]), (.text, [.plain, .dictionary]),
            (.string, [.plain, .dictionary]),
            (.int32, [.plain, .rle, .ts2diff, .gorilla, .zigzag, .chimp, .sprintz, .rlbe]),
            (.int64, [.plain, .rle, .ts2diff, .gorilla, .zigzag, .chimp, .sprintz, .rlbe]),
            (.timestamp, [.plain, .rle, .ts2diff, .gorilla, .zigzag, .chimp, .sprintz, .rlbe]),
            (.date, [.plain, .rle, .ts2diff, .gorilla, .zigzag, .chimp, .sprintz, .rlbe]),
            (.float, [.plain, .rle, .ts2diff, .gorilla, .chimp, .sprintz, .rlbe]),
            (.double, [.plain, .rle, .ts2diff, .gorilla, .chimp, .sprintz, .rlbe]),
        ]
        let schema = store()
        for (type, encodings) in valid {
            for encoding in TsFileEncoding.allCases {
                let request = SeriesRequest(measurement: "\(type)\(encoding)", type: type, encoding: encoding)
                do throws(SchemaError) {
                    _ = try schema.createSeries(device: device, isAligned: false, declared: [request])
                    #expect(encodings.contains(encoding), "\(type) \(encoding)")
                } catch {
                    #expect(!encodings.contains(encoding), "\(type) \(encoding)")
                    #expect(error.message.contains(type.name) && error.message.contains(encoding.name))
                }
            }
        }
        #expect(valid.count == DataType.allCases.count)
    }

    @Test func aNodeIsASeriesOrHasSomethingBelow() throws {
        let schema = store()
        try create(schema, ["root", "sg", "d"], "s")
        try create(schema, ["root", "sg", "x", "y"], "s")
        for (nodes, measurement) in [
            (["root", "sg", "d", "s"], "t"), (["root", "sg", "d", "s", "deep"], "t"), (["root", "sg", "x"], "y"),
            (["root", "sg"], "x"), (["root", "sg"], "d"),
        ] {
            let error = #expect(throws: SchemaError.self) { try create(schema, nodes, measurement) }
            #expect(error?.code == .pathConflict && error?.code.statusCode == 506, "\(nodes).\(measurement)")
        }
        try create(schema, ["root", "sg", "d"], "t")
        try create(schema, ["root", "sg", "d", "other"], "s")
        // Once the series is gone its name may be a node.
        let gone = try #require(schema.device(at: "root.sg.d")?.series(named: "s"))
        #expect(schema.drop([gone], points: []) == 1)
        try create(schema, ["root", "sg", "d", "s"], "t")
    }

    @Test func namesOfOtherBytesAreOtherNames() throws {
        // Equal for `String`: é in one scalar and in two.
        let one = "`\u{E9}`", two = "`e\u{301}`"
        #expect(one == two)
        let schema = store()
        try create(schema, ["root", "sg", "d"], one)
        try create(schema, ["root", "sg", "d"], two)
        try create(schema, ["root", "sg", one], "s")
        try create(schema, ["root", "sg", two], "s")
        #expect(schema.seriesCount == 4 && schema.deviceCount == 3)
        let found = try #require(schema.device(at: "root.sg.d")?.series(named: two))
        #expect(Array(found.measurement.utf8) == Array(two.utf8))
        #expect(schema.series(matching: PathPattern(nodes: ["root", "sg", "d", one])).count == 1)
    }
}
