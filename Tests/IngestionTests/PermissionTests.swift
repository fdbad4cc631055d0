// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` section 1.7.
@Suite("Permissions")
struct PermissionTests {
    private static let create: [(Privilege, String)] = [
        (.writeData, "root.**"), (.writeSchema, "root.**"), (.manageDatabase, "root.**"),
    ]

    @Test("one forbidden series refuses the whole row, and nothing of it is stored")
    func oneSeries() throws {
        let world = try World()
        try world.publish(row(#"["a","b"]"#, "[0,0]"))
        let user = try world.user("writer", (.writeData, "root.sg.d.a"), (.writeSchema, "root.**"))
        let outcome = try world.publish(row(#"["a","b"]"#, "[1,2]"), as: user)
        #expect(outcome.problems == ["denied row[-1,-1]"])
        #expect(outcome.messages[0].contains("WRITE_DATA on [root.sg.d.b] to user writer"))
        #expect(outcome.verdict.outcome == .denied)
        #expect(outcome.verdict.refusedRows == 1)
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 1=0.0", "root.sg.d.b DOUBLE 1=0.0"])
    }

    @Test("other rows of the payload are judged on their own")
    func otherRows() throws {
        let world = try World()
        try world.publish(row(#"["a","b"]"#, "[0,0]"))
        let user = try world.user("writer", (.writeData, "root.sg.d.a"))
        let outcome = try world.publish(
            batch(
                ("device", #""root.sg.d""#), ("timestamps", "[2,3,4]"), ("measurements", #"["a","b"]"#),
                ("values", #"[[2,null],[3,3],[4,"null"]]"#)), as: user)
        #expect(outcome.problems == ["denied row[-1,1]"])
        #expect(outcome.verdict.outcome == .partlyStored)
        #expect(outcome.verdict.storedRows == 2)
        #expect(outcome.verdict.refusedRows == 1)
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 1=0.0 2=2.0 4=4.0", "root.sg.d.b DOUBLE 1=0.0"])
    }

    @Test("a series needs WRITE_SCHEMA to be created, and nothing is created without it")
    func creatingSeries() throws {
        let world = try World()
        try world.publish(row(#"["a"]"#, "[0]"))
        let user = try world.user("writer", (.writeData, "root.**"), (.manageDatabase, "root.**"))
        let outcome = try world.publish(row(#"["a","b"]"#, "[1,2]"), as: user)
        #expect(outcome.problems == ["denied row[-1,-1]"])
        #expect(outcome.messages[0].contains("WRITE_SCHEMA on [root.sg.d.b]"))
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 1=0.0"])
    }

    @Test("a database needs MANAGE_DATABASE to be created")
    func creatingDatabase() throws {
        let world = try World()
        try world.publish(row(#"["a"]"#, "[0]"))
        let user = try world.user("writer", (.writeData, "root.**"), (.writeSchema, "root.**"))
        let outcome = try world.publish(row(#"["a"]"#, "[1]", device: "root.other.d"), as: user)
        #expect(outcome.problems == ["denied row[-1,-1]"])
        #expect(outcome.messages[0].contains("MANAGE_DATABASE"))
        #expect(world.databases == ["root.sg"])
        // In a database that exists the same user may create devices.
        let inside = try world.publish(row(#"["a"]"#, "[1]", device: "root.sg.d2"), as: user)
        #expect(inside.verdict.outcome == .stored)
        try world.access.grant([.manageDatabase], onPattern: .all, to: "writer")
        #expect(try world.publish(row(#"["a"]"#, "[1]", device: "root.other.d"), as: user).verdict.outcome == .stored)
        #expect(world.databases == ["root.other", "root.sg"])
    }

    @Test("a user without any right is refused, and learns it by 0x87's outcome")
    func nobody() throws {
        let world = try World()
        let user = try world.user("writer")
        let outcome = try world.publish("[\(row()),\(row(#"["a"]"#, "[1]"))]", as: user)
        #expect(outcome.verdict.outcome == .denied)
        #expect(outcome.problems == ["denied row[0,-1]", "denied row[1,-1]"])
        #expect(world.databases.isEmpty)
        // Mixed with broken text it is not only a matter of rights.
        #expect(try world.publish("[\(row()),{}]", as: user).verdict.outcome == .refused)
    }

    @Test("an illegal column is refused alone, also beside a forbidden one")
    func illegalColumn() throws {
        let world = try World()
        try world.publish(row(#"["a","b"]"#, "[0,0]"))
        let user = try world.user("writer", (.writeData, "root.sg.d.a"))
        let outcome = try world.publish(row(#"["a","b c"]"#, "[1,2]"), as: user)
        #expect(outcome.problems == ["bad_path column[-1,-1]"])
        #expect(outcome.verdict.storedRows == 1)
    }

    @Test("after a revoke the next publish is denied, after a grant allowed: nothing old is remembered")
    func generations() throws {
        let world = try World()
        try world.publish(row(#"["a"]"#, "[0]"))
        let user = try world.user("writer", (.writeData, "root.sg.**"))
        let pattern = try PathPattern(parsing: "root.sg.**")
        for _ in 0..<2 {
            #expect(try world.publish(row(#"["a"]"#, "[1]"), as: user).verdict.outcome == .stored)
            #expect(try world.publish(row(#"["a"]"#, "[1]"), as: user).verdict.outcome == .stored)
            try world.access.revoke([.writeData], onPattern: pattern, from: "writer")
            #expect(try world.publish(row(#"["a"]"#, "[1]"), as: user).verdict.outcome == .denied)
            try world.access.grant([.writeData], onPattern: pattern, to: "writer")
        }
        try world.access.dropUser(named: "writer")
        #expect(try world.publish(row(#"["a"]"#, "[1]"), as: user).verdict.outcome == .denied)
    }

    @Test("what one user may write does not help another")
    func perUser() throws {
        let world = try World()
        try world.publish(row(#"["a"]"#, "[0]"))
        let other = try world.user("other")
        #expect(try world.publish(row(#"["a"]"#, "[1]"), as: other).verdict.outcome == .denied)
        #expect(try world.publish(row(#"["a"]"#, "[1]")).verdict.outcome == .stored)
        #expect(try world.publish(row(#"["a"]"#, "[1]"), as: other).verdict.outcome == .denied)
    }

    @Test("a series that another worker created needs no right to create it")
    func createdElsewhere() throws {
        let world = try World()
        try world.publish(row(#"["a"]"#, "[0]"))
        let user = try world.user("writer", (.writeData, "root.**"))
        let payload = row(#"["a","b"]"#, "[1,2]")
        #expect(try world.publish(payload, as: user).verdict.outcome == .denied)
        // Not through the ingestor of this world, whose cache remembers that the series was missing.
        let created = try world.engine.schema.createSeries(
            device: DevicePath(parsing: "root.sg.d"), isAligned: false, measurements: [("b", .int64)])
        #expect(created.count == 1)
        #expect(try world.publish(payload, as: user).verdict.outcome == .stored)
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 1=1.0", "root.sg.d.b INT64 1=2"])
    }
}
