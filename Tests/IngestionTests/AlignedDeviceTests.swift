// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` B16.
@Suite("Aligned devices")
struct AlignedDeviceTests {
    private static func isAligned(_ world: World, _ path: String = "root.sg.d1") -> Bool? {
        world.engine.schema.device(at: path)?.isAligned
    }

    @Test(
        "a new device gets the form that the payload asks for",
        arguments: [("true", true), ("false", false), (nil, false)])
    func newDevice(_ wish: String?, _ isAligned: Bool) throws {
        let world = try World()
        let outcome = try world.publish(row(("isAligned", wish)))
        #expect(outcome.verdict.outcome == .stored)
        #expect(outcome.count(.alignmentIgnored) == 0)
        #expect(Self.isAligned(world) == isAligned)
        #expect(try world.stored() == storedRow)
    }

    @Test(
        "a device that exists keeps its form, and the wish is counted",
        arguments: [("true", "false"), ("false", "true")])
    func knownDevice(_ first: String, _ second: String) throws {
        let world = try World()
        try world.publish(row(("isAligned", first)))
        #expect(try world.publish(row(("isAligned", first))).count(.alignmentIgnored) == 0)
        #expect(try world.publish(row()).count(.alignmentIgnored) == 0)
        let outcome = try world.publish(row(("isAligned", second), ("measurements", #"["s1","new"]"#)))
        #expect(outcome.verdict.outcome == .stored)
        #expect(outcome.problems.isEmpty)
        #expect(outcome.count(.alignmentIgnored) == 1)
        #expect(Self.isAligned(world) == (first == "true"))
        #expect(try world.stored().count == 3, "the new column is written in the form of the device")
    }

    @Test("columns with gaps come back from memory, from files, and after a restart")
    func gaps() throws {
        let world = try World()
        try world.publish(
            batch(("isAligned", "true"), ("timestamps", "[1,2,3]"), ("values", "[[1,null],[null,2],[3,3]]")))
        let expected = ["root.sg.d1.s1 DOUBLE 1=1.0 3=3.0", "root.sg.d1.s2 DOUBLE 2=2.0 3=3.0"]
        #expect(try world.stored() == expected)
        try world.engine.flush()
        #expect(try world.stored() == expected)
        let next = try world.restarted(crashing: true)
        #expect(try next.stored() == expected)
        #expect(Self.isAligned(next) == true)
        try next.publish(row(("timestamp", "2"), ("measurements", #"["s1"]"#), ("values", "[2]")))
        try next.engine.flush()
        #expect(try next.stored() == ["root.sg.d1.s1 DOUBLE 1=1.0 2=2.0 3=3.0", expected[1]])
    }
}
