// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

/// Caches hold no series that was dropped.
@Suite("Writing after a drop")
struct DropTests {
    @Test("a dropped series is created again, with the type of the new value, and without its old points")
    func series() throws {
        let world = try World()
        try world.publish(row(#"["a","b"]"#, "[1,1]"))
        try world.publish(row(#"["a","b"]"#, "[2,2]", time: 2))
        #expect(try world.engine.dropSeries(matching: [PathPattern(parsing: "root.sg.d.a")]) == 1)
        #expect(try world.publish(row(#"["a","b"]"#, #"["x",3]"#, time: 3)).verdict.outcome == .stored)
        #expect(try world.stored() == ["root.sg.d.a TEXT 3=\"x\"", "root.sg.d.b DOUBLE 1=1.0 2=2.0 3=3.0"])
        let next = try world.restarted(crashing: true)
        #expect(try next.stored() == ["root.sg.d.a TEXT 3=\"x\"", "root.sg.d.b DOUBLE 1=1.0 2=2.0 3=3.0"])
    }

    @Test("a dropped database is created again, and its device may take another form")
    func database() throws {
        let world = try World()
        try world.publish(row(#"["a"]"#, "[1]"))
        #expect(try world.engine.dropDatabases(matching: [PathPattern(parsing: "root.sg")]) == 1)
        #expect(world.devices == [])
        try world.publish(
            row(
                ("device", #""root.sg.d""#), ("timestamp", "2"), ("measurements", #"["a"]"#), ("values", "[2]"),
                ("isAligned", "true")))
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 2=2.0"])
        #expect(world.engine.schema.device(at: "root.sg.d")?.isAligned == true)
    }
}
