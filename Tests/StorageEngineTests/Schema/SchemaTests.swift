// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

private func store(_ change: (inout StorageSettings) -> Void = { _ in }) -> SchemaStore {
    var settings = StorageSettings()
    change(&settings)
    return SchemaStore(settings: settings)
}

private func path(_ text: String) throws -> DevicePath { try DevicePath(parsing: text) }

extension SchemaStore {
    /// Creates one series; its refusal is thrown.
    @discardableResult
    fileprivate func create(_ device: String, _ measurement: String, _ type: DataType = .double) throws -> SeriesEntry {
        try createSeries(device: path(device), isAligned: false, measurements: [(measurement, type)])[0].get()
    }
}

@Suite struct SchemaTests {
    @Test func aSeriesBringsItsDeviceAndDatabase() throws {
        let schema = store()
        #expect(try schema.databasePath(covering: path("root.sg.d1")) == nil)
        let series = try schema.create("root.sg.d1", "s1", .int32)
        #expect(series.type == .int32 && series.encoding == .ts2diff && series.compressor == .lz4)
        #expect(series.device.path.text == "root.sg.d1" && series.device.database.path == "root.sg")
        #expect(schema.device(at: "root.sg.d1")?.series(named: "s1") === series)
        #expect(schema.entry(of: series.id) === series)
        #expect(schema.databaseEntry(of: series.device.database.id) === series.device.database)
        #expect(try schema.databasePath(covering: path("root.sg.other.d")) == "root.sg")
        #expect(try schema.databasePath(covering: path("root.sgx.d")) == nil)
    }

    @Test func whoComesSecondGetsTheSeriesThatExistsWhateverItsType() throws {
        let schema = store()
        let first = try schema.create("root.sg.d1", "s1", .int32)
        let second = try schema.create("root.sg.d1", "s1", .text)
        #expect(first === second && second.type == .int32)
        #expect(schema.seriesCount == 1)
    }

    @Test func idsRiseAndCachesStayValid() throws {
        let schema = store()
        let generation = schema.generation
        let ids = try ["a", "b", "c"].map { try schema.create("root.sg.\($0)", "s").id.rawValue }
        #expect(ids == [1, 2, 3])
        #expect(schema.generation == generation)
    }

    @Test(arguments: [
        (1, "root.sg.d1", "root.sg"), (1, "root.sg", "root.sg"), (2, "root.sg.d1", "root.sg.d1"),
        (2, "root.a.b.c", "root.a.b"), (1, "root.`a-b`.d", "root.`a-b`"), (1, "root.温度.d", "root.温度"),
    ]) func theDatabaseOfANewDeviceFollowsTheLevel(level: Int, device: String, database: String) throws {
        let schema = store { $0.databaseLevel = level }
        #expect(try schema.create(device, "s").device.database.path == database)
    }

    @Test func aDeviceThatIsTooShortIsRefusedAndLeavesNothing() throws {
        let schema = store { $0.databaseLevel = 2 }
        let error = #expect(throws: SchemaError.self) { try schema.create("root.sg", "s") }
        #expect(error?.code == .badPath && error?.message.contains("default_database_level=2") == true)
        #expect(schema.databaseCount == 0 && schema.deviceCount == 0 && schema.seriesCount == 0)
        #expect(!schema.hasUnlogged)
    }

    @Test(arguments: ["root.`a b`.d", "root.a#.d", "root.`a/b`.d", "root.a@b.d"])
    func charactersThatADatabaseMustNotHaveAreRefused(device: String) throws {
        let schema = store()
        let error = #expect(throws: SchemaError.self) { try schema.create(device, "s") }
        #expect(error?.code == .badPath)
        #expect(schema.databaseCount == 0)
    }

    @Test func aDatabaseNameHas64CharactersAtMost() throws {
        let schema = store()
        let longest = "root." + String(repeating: "x", count: 59)
        #expect(try schema.create(longest + ".d", "s").device.database.path == longest)
        let error = #expect(throws: SchemaError.self) { try schema.create(longest + "x.d", "s") }
        #expect(error?.code == .badPath && error?.message.contains("64") == true)
    }

    @Test func databasesDoNotLieInEachOther() throws {
        let schema = store()
        try schema.createDatabase(["root", "a", "b"])
        for nodes in [["root", "a"], ["root", "a", "b"], ["root", "a", "b", "c"]] {
            let error = #expect(throws: SchemaError.self) { try schema.createDatabase(nodes) }
            #expect(error?.code == .databaseConflict)
        }
        let error = #expect(throws: SchemaError.self) { try schema.create("root.a.x", "s") }
        #expect(error?.code == .databaseConflict)
        try schema.createDatabase(["root", "ab"])
        #expect(try schema.create("root.a.b.d", "s").device.database.path == "root.a.b")
        #expect(throws: SchemaError.self) { try schema.createDatabase(["root"]) }
        #expect(throws: SchemaError.self) { try schema.createDatabase(["roof", "a"]) }
    }

    @Test(arguments: [(-1, 1_000), (3, 3), (0, 0)]) func databasesAreLimited(threshold: Int, limit: Int) throws {
        let schema = store { $0.databaseLimit = threshold }
        for number in 0..<limit { try schema.createDatabase(["root", "d\(number)"]) }
        let error = #expect(throws: SchemaError.self) { try schema.create("root.more.d", "s") }
        #expect(error?.code == .pathLimit && error?.message.contains("database_limit_threshold") == true)
        #expect(schema.deviceCount == 0)
    }

    @Test func devicesAreLimited() throws {
        let schema = store { $0.deviceLimit = 2 }
        try schema.create("root.sg.a", "s")
        try schema.create("root.sg.b", "s")
        let error = #expect(throws: SchemaError.self) { try schema.create("root.sg.c", "s") }
        #expect(error?.code == .pathLimit && error?.message.contains("cluster_device_limit_threshold=2") == true)
        try schema.create("root.sg.a", "t")
    }

    @Test func seriesAreLimitedOneByOne() throws {
        let schema = store { $0.seriesLimit = 2 }
        let results = try schema.createSeries(
            device: path("root.sg.a"), isAligned: false, measurements: [("s", .text), ("t", .text), ("u", .text)])
        #expect((try? results[1].get()) != nil)
        let error = #expect(throws: SchemaError.self) { try results[2].get() }
        #expect(error?.code == .pathLimit && error?.message.contains("cluster_timeseries_limit_threshold=2") == true)
        #expect(schema.seriesCount == 2)
        // No device without a series.
        #expect(throws: SchemaError.self) { try schema.create("root.sg.b", "s") }
        #expect(schema.deviceCount == 1)
    }

    @Test func withoutALimitMemoryIsTheLimit() throws {
        let schema = store { $0.schemaBytesMax = 20_000 }
        var created = 0
        let error = #expect(throws: SchemaError.self) {
            for number in 0..<1_000 {
                try schema.create("root.sg.d\(number)", "s")
                created += 1
            }
        }
        #expect(error?.code == .pathLimit && error?.message.contains("schema_memory_max_bytes=20000") == true)
        #expect(created > 10 && schema.byteCount <= 20_000)
    }

    @Test func aNewDeviceIsAsAlignedAsAsked() throws {
        let schema = store()
        let created = try schema.createSeries(
            device: path("root.sg.a"), isAligned: true, measurements: [("s", .text)])[0].get()
        #expect(created.device.isAligned)
        // What exists keeps its form.
        let more = try schema.createSeries(
            device: path("root.sg.a"), isAligned: false, measurements: [("t", .text)])[0].get()
        #expect(more.device === created.device && more.device.isAligned)
        #expect(schema.takeUnlogged().contains(.definition(SchemaDefinition(created.device))))
    }

    @Test func listingsAreSortedNodeByNode() throws {
        let schema = store()
        for device in ["root.b.d", "root.a.d2", "root.a.d.x", "root.a.d", "root.`a-b`.d"] {
            try schema.create(device, "t")
            try schema.create(device, "s")
        }
        #expect(schema.databases().map(\.path) == ["root.`a-b`", "root.a", "root.b"])
        #expect(
            schema.devices(matching: .all).map(\.path.text)
                == ["root.`a-b`.d", "root.a.d", "root.a.d.x", "root.a.d2", "root.b.d"])
        let pattern = PathPattern(nodes: ["root", "a", "**"])
        #expect(
            schema.series(matching: pattern).map { "\($0.device.path.text).\($0.measurement)" }
                == [
                    "root.a.d.s", "root.a.d.t", "root.a.d.x.s", "root.a.d.x.t", "root.a.d2.s", "root.a.d2.t",
                ])
        #expect(schema.series(matching: PathPattern(nodes: ["root", "a", "d", "s"])).count == 1)
        #expect(schema.series(matching: PathPattern(nodes: ["root", "a", "*", "s"])).count == 2)
        #expect(schema.devices(matching: PathPattern(nodes: ["root", "a", "d2"])).count == 1)
        #expect(schema.devices(matching: PathPattern(nodes: ["root", "a", "none"])).isEmpty)
    }

    @Test func aCheckpointTakesWhatWasLoggedUpToItsSequence() throws {
        let schema = store()
        try schema.create("root.sg.a", "s")
        schema.logged(schema.takeUnlogged(), sequence: 5)
        try schema.create("root.sg.b", "s")
        schema.logged(schema.takeUnlogged(), sequence: 9)
        try schema.create("root.sg.c", "s")
        var transaction = CheckpointTransaction()
        schema.addChanges(through: 8, to: &transaction)
        #expect(transaction.databases.map(\.path) == ["root.sg"])
        #expect(transaction.devices.map(\.path) == ["root.sg.a"] && transaction.series.count == 1)
        schema.checkpointed(through: 8)
        transaction = CheckpointTransaction()
        schema.addChanges(through: 20, to: &transaction)
        #expect(transaction.databases.isEmpty && transaction.devices.map(\.path) == ["root.sg.b"])
        #expect(schema.hasUnlogged)
    }

    @Test func aCatalogThatContradictsItselfIsRefused() throws {
        let database = DatabaseRecord(id: 1, path: "root.sg")
        let device = DeviceRecord(id: 1, databaseID: 1, path: "root.sg.d", isAligned: false)
        let series = SeriesRecord(id: 1, deviceID: 1, measurement: "s", type: 4, encoding: 8, compressor: 7)
        var bad: [CatalogState] = [CatalogState(), CatalogState(), CatalogState(), CatalogState(), CatalogState()]
        bad[0].devices = [device]
        bad[1].databases = [database, database]
        bad[2].databases = [database]
        bad[2].series = [series]
        bad[3].databases = [DatabaseRecord(id: 1, path: "root..x")]
        bad[4].databases = [database]
        bad[4].devices = [device]
        bad[4].series = [series]
        bad[4].series[0].type = 99
        for state in bad {
            let error = #expect(throws: StorageError.self) { try store().load(state) }
            #expect(error?.code == .catalog)
        }
    }

    @Test func idsGoOnAfterThoseOfTheCatalog() throws {
        var state = CatalogState()
        state.databases = [DatabaseRecord(id: 4, path: "root.sg")]
        state.devices = [DeviceRecord(id: 7, databaseID: 4, path: "root.sg.d", isAligned: false)]
        state.series = [SeriesRecord(id: 9, deviceID: 7, measurement: "s", type: 4, encoding: 8, compressor: 7)]
        let schema = store()
        try schema.load(state)
        #expect(try schema.create("root.sg.e", "s").id.rawValue == 10)
        #expect(schema.device(at: "root.sg.e")?.id.rawValue == 8)
        #expect(!schema.takeUnlogged().contains(.definition(.database(state.databases[0]))))
    }
}
