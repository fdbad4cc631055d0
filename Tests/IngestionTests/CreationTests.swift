// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` sections 6.3 and 5.2.
@Suite("Databases, devices and series on the fly")
struct CreationTests {
    @Test("default_database_level decides where the database ends", arguments: [1, 2, 3])
    func databaseLevel(level: Int) throws {
        let world = try World { $0.storage.databaseLevel = level }
        try world.publish(row(#"["a"]"#, "[1]", device: "root.a.b.c.d"))
        #expect(world.databases == [["root.a"], ["root.a.b"], ["root.a.b.c"]][level - 1])
    }

    @Test("a device that is too short for the level is refused")
    func tooShort() throws {
        let world = try World { $0.storage.databaseLevel = 2 }
        let outcome = try world.publish(row(#"["a"]"#, "[1]", device: "root.a"))
        #expect(outcome.problems == ["bad_path column[-1,-1]"])
        #expect(outcome.verdict.refusedRows == 1)
        #expect(outcome.messages[0].contains("default_database_level=2"))
        #expect(world.databases.isEmpty)
        // The level's own nodes are enough.
        #expect(try world.publish(row(#"["a"]"#, "[1]", device: "root.a.b")).verdict.outcome == .stored)
    }

    @Test("a database may not hold or lie in another")
    func conflicts() throws {
        let world = try World { $0.storage.databaseLevel = 1 }
        try world.engine.schema.createDatabase(["root", "a", "b"])
        let outcome = try world.publish(row(#"["a"]"#, "[1]", device: "root.a.c"))
        #expect(outcome.problems == ["database_conflict column[-1,-1]"])
        #expect(outcome.verdict.outcome == .refusedBySchema)
        #expect(world.databases == ["root.a.b"])
        #expect(try world.publish(row(#"["a"]"#, "[1]", device: "root.a.b.c")).verdict.outcome == .stored)
        #expect(world.databases == ["root.a.b"])
    }

    @Test("names that a database may not have")
    func databaseNames() throws {
        let world = try World()
        let long = String(repeating: "x", count: 60)
        for device in ["root.`a b`.d", "root.a:b.d", "root.\(long).d"] {
            let outcome = try world.publish(row(#"["a"]"#, "[1]", device: device))
            #expect(outcome.problems == ["bad_path column[-1,-1]"], "\(device)")
        }
        #expect(world.databases.isEmpty)
        for device in ["root.`a-b`.d", "root.`a.b`.d", "root.\u{6c34}.d", "root.\(long.dropLast()).d"] {
            #expect(try world.publish(row(#"["a"]"#, "[1]", device: device)).verdict.outcome == .stored, "\(device)")
        }
    }

    @Test("database_limit_threshold")
    func databaseLimit() throws {
        let world = try World { $0.storage.databaseLimit = 2 }
        for name in ["a", "b"] {
            #expect(try world.publish(row(#"["a"]"#, "[1]", device: "root.\(name).d")).verdict.outcome == .stored)
        }
        let outcome = try world.publish(row(#"["a"]"#, "[1]", device: "root.c.d"))
        try Self.checkLimit(outcome, world, "database_limit_threshold")
        #expect(world.databases == ["root.a", "root.b"])
        #expect(world.devices == ["root.a.d", "root.b.d"])
    }

    @Test("without a value it is 1,000 databases")
    func defaultDatabaseLimit() throws {
        let world = try World()
        for number in 0..<1_000 { try world.engine.schema.createDatabase(["root", "d\(number)"]) }
        let outcome = try world.publish(row(#"["a"]"#, "[1]"))
        #expect(outcome.problems == ["path_limit column[-1,-1]"])
        #expect(world.databases.count == 1_000)
    }

    @Test("cluster_device_limit_threshold")
    func deviceLimit() throws {
        let world = try World { $0.storage.deviceLimit = 1 }
        try world.publish(row(#"["a"]"#, "[1]"))
        let outcome = try world.publish(row(#"["a"]"#, "[1]", device: "root.sg.d2"))
        try Self.checkLimit(outcome, world, "cluster_device_limit_threshold")
        #expect(world.devices == ["root.sg.d"])
        #expect(try world.publish(row(#"["b"]"#, "[1]")).verdict.outcome == .stored)
    }

    @Test("cluster_timeseries_limit_threshold: the column fails, the others are stored")
    func seriesLimit() throws {
        let world = try World { $0.storage.seriesLimit = 2 }
        let outcome = try world.publish(row(#"["a","b","c"]"#, "[1,2,3]"))
        #expect(outcome.problems == ["path_limit column[-1,-1]"])
        #expect(outcome.messages[0].contains("cluster_timeseries_limit_threshold=2"))
        #expect(outcome.verdict.outcome == .partlyStored)
        #expect(outcome.verdict.storedRows == 1)
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 1=1.0", "root.sg.d.b DOUBLE 1=2.0"])
        let elsewhere = try world.publish(row(#"["a"]"#, "[1]", device: "root.other.d"))
        try Self.checkLimit(elsewhere, world, "cluster_timeseries_limit_threshold")
        #expect(world.databases == ["root.sg"])
        #expect(world.devices == ["root.sg.d"])
    }

    @Test("schema_memory_max_bytes ends what payloads can create")
    func schemaMemory() throws {
        let world = try World { $0.storage.schemaBytesMax = 20_000 }
        var refused = 0
        for number in 0..<100 {
            let outcome = try world.publish(row(#"["a"]"#, "[1]", device: "root.sg.d\(number)"))
            if outcome.verdict.storedRows == 0 { refused += 1 }
        }
        #expect(refused > 50 && refused < 100)
        #expect(world.engine.schema.byteCount <= 20_000)
    }

    private static func checkLimit(_ outcome: Outcome, _ world: World, _ key: String) throws {
        #expect(outcome.problems == ["path_limit column[-1,-1]"])
        #expect(outcome.verdict.outcome == .refusedBySchema)
        #expect(outcome.verdict.refusedRows == 1)
        #expect(outcome.messages[0].contains(key))
    }

    @Test("without enable_auto_create_schema unknown series fail column by column")
    func notCreating() throws {
        let world = try World { $0.ingestion.createsSchema = false }
        let device = try DevicePath(parsing: "root.sg.d")
        _ = try world.engine.schema.createSeries(device: device, isAligned: false, measurements: [("a", .int32)])
        let outcome = try world.publish(row(#"["a","b"]"#, "[1,2]"))
        #expect(outcome.problems == ["unknown_series column[-1,-1]"])
        #expect(outcome.messages[0].contains("root.sg.d.b does not exist"))
        #expect(outcome.messages[0].contains("enable_auto_create_schema"))
        #expect(try world.stored() == ["root.sg.d.a INT32 1=1"])
        let elsewhere = try world.publish(row(#"["a"]"#, "[1]", device: "root.other.d"))
        #expect(elsewhere.problems == ["unknown_series column[-1,-1]"])
        #expect(elsewhere.verdict.outcome == .refusedBySchema)
        #expect(elsewhere.verdict.refusedRows == 1)
        #expect(world.databases == ["root.sg"])
        // Created by a statement meanwhile, it is found though the cache knew it as missing.
        _ = try world.engine.schema.createSeries(device: device, isAligned: false, measurements: [("b", .int32)])
        #expect(try world.publish(row(#"["a","b"]"#, "[1,2]")).verdict.outcome == .stored)
    }

    @Test("names are told apart after their canonical form only")
    func canonicalNames() throws {
        let world = try World()
        try world.publish(row(#"["`a`"]"#, "[1]", device: "root.`sg`.`d`"))
        try world.publish(
            row(("device", #""root.sg.d""#), ("timestamp", "2"), ("measurements", #"["a"]"#), ("values", "[2]")))
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 1=1.0 2=2.0"])
    }
}
