// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct TimeToLiveTests {
    private func pattern(_ text: String) throws -> PathPattern { try PathPattern(parsing: text) }

    private func timeToLive(_ world: LogWorld, _ device: String) throws -> Int64? {
        try #require(try world.engine().engine.schema.device(at: device)).timeToLive
    }

    @Test func theLongestPrefixWins() throws {
        let world = LogWorld()
        world.settings.timeToLiveMilliseconds = 1_000
        let schema = try world.engine().engine.schema
        try world.commit([("a", 1, 1), ("b", 1, 1)])
        #expect(try timeToLive(world, "root.sg.a") == 1_000)
        for (text, milliseconds) in [("root.**", 10), ("root.sg", 20), ("root.sg.a", 30)] as [(String, Int64)] {
            #expect(try schema.setTimeToLive(pattern(text), milliseconds: milliseconds))
        }
        #expect(try schema.setTimeToLive(pattern("root.sg.a"), milliseconds: 30) == false)
        #expect(try timeToLive(world, "root.sg.a") == 30 && timeToLive(world, "root.sg.b") == 20)
        // New devices, too.
        try world.commit([("c", 1, 1)])
        #expect(try timeToLive(world, "root.sg.c") == 20)
        // For ever is a rule like any other.
        #expect(try schema.setTimeToLive(pattern("root.sg.b.**"), milliseconds: .max))
        #expect(try timeToLive(world, "root.sg.b") == nil)
        let rules = ["root.**", "root.sg.**", "root.sg.a", "root.sg.b.**"]
        for isFlushed in [false, true] {
            #expect(try world.engine().settle())
            if isFlushed { #expect(try world.engine().flush()) }
            world.crash()
            let again = try world.engine().engine.schema
            #expect(again.timeToLives().map(\.pattern.text) == rules)
            #expect(again.timeToLives().map(\.milliseconds) == [10, 20, 30, .max])
            #expect(try timeToLive(world, "root.sg.a") == 30 && timeToLive(world, "root.sg.b") == nil)
        }
        let last = try world.engine().engine.schema
        for text in ["root.sg.a", "root.sg", "root.**"] {
            #expect(try last.setTimeToLive(pattern(text), milliseconds: nil))
        }
        #expect(try last.setTimeToLive(pattern("root.none"), milliseconds: nil) == false)
        #expect(try timeToLive(world, "root.sg.a") == 1_000 && timeToLive(world, "root.sg.b") == nil)
        #expect(try world.engine().flush())
        world.crash()
        #expect(try world.engine().engine.schema.timeToLives().map(\.pattern.text) == ["root.sg.b.**"])
    }

    @Test func itIsInTheServersPrecision() throws {
        var rules = TimeToLiveRules()
        rules.precision = .nanoseconds
        rules["root.a"] = 5
        rules["root.b"] = .max / 1_000
        #expect(rules.timeToLive(of: ["root", "a"]) == 5_000_000)
        #expect(rules.timeToLive(of: ["root", "b"]) == nil)
        #expect(rules.timeToLive(of: ["root", "c"]) == nil)
    }

    @Test(arguments: ["root.*.d", "root.**.d", "root.a*.**", "root.sg.nothing", "root.*"])
    func anythingElseIsRefused(text: String) throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        let schema = try world.engine().engine.schema
        #expect(throws: SchemaError.self) { try schema.setTimeToLive(pattern(text), milliseconds: 5) }
        #expect(schema.timeToLives().isEmpty && !schema.hasUnlogged)
    }

    @Test func rulesAreAboveZeroAndLimited() throws {
        let world = LogWorld()
        world.settings.timeToLiveRulesMax = 2
        let schema = try world.engine().engine.schema
        for bad in [0, -1, .min] as [Int64] {
            #expect(throws: SchemaError.self) { try schema.setTimeToLive(.all, milliseconds: bad) }
        }
        #expect(try schema.setTimeToLive(pattern("root.a.**"), milliseconds: 1))
        #expect(try schema.setTimeToLive(pattern("root.b.**"), milliseconds: 1))
        let error = #expect(throws: SchemaError.self) {
            try schema.setTimeToLive(pattern("root.c.**"), milliseconds: 1)
        }
        #expect(error?.code == .pathLimit && error?.message.contains("ttl_rule_capacity=2") == true)
        #expect(try schema.setTimeToLive(pattern("root.b.**"), milliseconds: 2))
    }
}
