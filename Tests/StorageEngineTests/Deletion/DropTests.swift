// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

@Suite struct DropTests {
    @Test func aDroppedSeriesTakesItsPointsAndItsDeviceWithIt() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("b", 1, 1)])
        let generation = try world.engine().engine.schema.generation
        #expect(try world.requestDrop("root.sg.a.*") == 1)
        let schema = try world.engine().engine.schema
        #expect(schema.generation > generation)
        #expect(schema.device(at: "root.sg.a") == nil && schema.deviceCount == 1 && schema.seriesCount == 1)
        #expect(try world.requestDrop("root.sg.a.*") == 0)
        #expect(try world.engine().settle())
        for isFlushed in [false, true] {
            if isFlushed { #expect(try world.engine().flush()) }
            world.crash()
            let again = try world.engine().engine.schema
            #expect(again.device(at: "root.sg.a") == nil && again.seriesCount == 1)
            #expect(try world.points("b").count == 1)
        }
        let state = try world.catalog.load()
        #expect(state.series.count == 1 && state.devices.map(\.path) == ["root.sg.b"])
    }

    @Test func theBytesOfWhatWasDroppedAreFree() throws {
        let world = LogWorld()
        let schema = try world.engine().engine.schema
        let before = schema.byteCount
        try world.append([("a", 1, 1), ("b", 1, 1)])
        #expect(try world.engine().engine.requestDropOfDatabases([try PathPattern(parsing: "root.*")]) == 1)
        #expect(schema.byteCount == before && schema.databaseCount == 0 && schema.deviceCount == 0)
        #expect(schema.state.withLock { $0.innerNodes.isEmpty && $0.series.isEmpty })
        #expect(try world.engine().settle())
        #expect(schema.state.withLock { $0.dying.isEmpty })
    }

    @Test(arguments: [false, true]) func aSeriesThatIsCreatedAgainBeginsEmptyAndMayHaveAnotherType(
        isFlushed: Bool
    ) throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("a", 2, 2)])
        if isFlushed { #expect(try world.engine().flush()) }
        try world.requestDrop("root.sg.a.s")
        let series = try world.create("a", .text)
        // Before the log has it: the name is new, and nothing of its predecessor is seen.
        #expect(try world.points("a").isEmpty)
        try world.append(series, 2, .text(Array("x".utf8)))
        #expect(try world.engine().settle())
        for step in 0..<4 {
            #expect(try world.points("a") == [2: .text(Array("x".utf8))], "step \(step)")
            if step == 1 { #expect(try world.engine().flush()) }
            world.crash()
        }
    }

    @Test func rowsOnTheirWayToADroppedSeriesAreIgnored() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let old = try #require(try world.engine().engine.schema.series(matching: .all).first)
        try world.requestDrop("root.sg.a.s")
        // In the commit of the drop, and later.
        try world.append(old, 5, .double(5))
        #expect(try world.engine().settle())
        try world.append(old, 6, .double(6))
        #expect(try world.engine().settle())
        #expect(try world.memtables.active.hasColumn(old.id) == false || world.points("a").isEmpty)
        world.crash()
        try world.commit([("a", 7, 7)])
        #expect(try world.points("a") == [7: .double(7)])
        world.crash()
        #expect(try world.points("a") == [7: .double(7)])
        #expect(try world.engine().flush())
        #expect(try world.points("a") == [7: .double(7)])
    }

    @Test func rowsThatNameAnIDThatWasNeverGivenAreDamage() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let series = try #require(try world.engine().engine.schema.series(matching: .all).first)
        let stranger = SeriesEntry(
            id: SeriesID(rawValue: 77), device: series.device, measurement: "x", type: .double, encoding: .plain,
            compressor: .lz4)
        try world.append(stranger, 1, .double(1))
        #expect(try world.engine().settle())
        world.kill()
        let error = #expect(throws: StorageError.self) { try world.engine() }
        #expect(error?.code == .corrupt && error?.message.contains("unknown series 77") == true)
    }

    /// What was acknowledged before a drop is there again if the drop never became durable.
    @Test func aFlushBeforeTheLogHasTheDropLosesNothing() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        try world.requestDrop("root.sg.a.s")
        let stepped = try world.engine()
        try stepped.writer.freeze()
        #expect(stepped.engine.flusher.flushOldest())
        #expect(try world.catalog.load().series.count == 1)
        world.crash()
        #expect(try world.points("a") == [1: .double(1)])
    }

    @Test func idsAreNeverGivenAgain() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("b", 1, 1)])
        #expect(try world.engine().engine.requestDropOfDatabases([try PathPattern(parsing: "root.**")]) == 1)
        #expect(try world.engine().settle())
        for isFlushed in [true, true] {
            if isFlushed { #expect(try world.engine().flush()) }
            world.crash()
        }
        let state = try world.catalog.load()
        #expect(state.series.isEmpty && state.devices.isEmpty && state.databases.isEmpty)
        let series = try world.create("a", .double)
        #expect(series.id.rawValue == 3 && series.device.id.rawValue == 3 && series.device.database.id.rawValue == 2)
    }

    @Test func aDatabaseIsDroppedWithAllThatIsInIt() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("b", 1, 1)])
        #expect(try world.engine().flush())
        try world.engine().engine.schema.createDatabase(["root", "other"])
        #expect(try world.engine().engine.requestDropOfDatabases([try PathPattern(parsing: "root.sg")]) == 1)
        #expect(try world.engine().engine.requestDropOfDatabases([try PathPattern(parsing: "root.sg")]) == 0)
        // The same name, at once.
        try world.append([("a", 2, 2)])
        #expect(try world.engine().settle())
        for _ in 0..<2 {
            #expect(try world.engine().contents().points == ["root.sg.a.s": [2: .double(2)]])
            world.crash()
            #expect(try world.engine().flush())
        }
        #expect(try world.catalog.load().databases.map(\.path).sorted() == ["root.other", "root.sg"])
    }

    /// Crash after every operation of the disk: what is there afterwards is what some point in time had, and nothing acknowledged
    /// is missing.
    @Test(arguments: 0..<60) func everyMomentIsAWholeOne(operations: Int) throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1), ("b", 1, 1)])
        var states: [Model] = [try world.engine().contents()]
        var acknowledged = 0
        world.disk.cutPower(afterOperations: operations)
        let steps: [() throws -> Bool] = [
            { try world.engine().flush() },
            {
                try world.requestDelete("root.sg.b.s"); return try world.engine().settle()
            },
            {
                try world.requestDrop("root.sg.a.s"); return try world.engine().settle()
            },
            {
                try world.append(world.create("a", .int64), 1, .int64(9)); return try world.engine().settle()
            },
            {
                _ = try world.engine().engine.schema.setTimeToLive(
                    try PathPattern(parsing: "root.sg.a"), milliseconds: 5)
                return try world.engine().settle()
            },
            { try world.engine().flush() },
            {
                try world.requestDrop("root.**"); return try world.engine().settle()
            },
            {
                try world.append([("b", 3, 3)])
                return try world.engine().settle()
            },
            { try world.engine().flush() },
        ]
        for step in steps {
            guard !world.disk.isDown, (try? step()) == true else { break }
            states.append(try expected(after: states.count))
            acknowledged = states.count - 1
        }
        world.crash()
        let seen = try world.engine().contents()
        let later = acknowledged + 1 <= steps.count ? [try expected(after: acknowledged + 1)] : []
        #expect([states[acknowledged]].contains(seen) || later.contains(seen), "after \(acknowledged): \(seen)")
        #expect(try world.engine().flush())
        #expect(try world.engine().contents() == seen)
    }

    private func expected(after steps: Int) throws -> Model {
        var model = Model()
        let one: [Int64: Value] = [1: .double(1)]
        switch steps {
        case 0, 1: model.points = ["root.sg.a.s": one, "root.sg.b.s": one]
        case 2: model.points = ["root.sg.a.s": one]
        case 3: break
        case 4: model.points = ["root.sg.a.s": [1: .int64(9)]]
        case 5, 6: model.rules = ["root.sg.a": 5]
        case 7: model.rules = ["root.sg.a": 5]
        default:
            model.rules = ["root.sg.a": 5]
            model.points = ["root.sg.b.s": [3: .double(3)]]
        }
        return model
    }
}
