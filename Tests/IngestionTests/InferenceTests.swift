// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` section 3.2, through the formatter, into series that do not exist.
@Suite("Types that are inferred")
struct InferenceTests {
    /// A JSON value and the type that the series gets by default; nil = none.
    static let table: [(String, DataType?)] = [
        ("true", .boolean), ("\"true\"", .boolean), ("\"True\"", .boolean), ("\"FALSE\"", .boolean),
        ("1", .double), ("-7", .double), ("\"+5\"", .double), ("\"007\"", .double), ("\" 7112324 \"", .double),
        ("9223372036854775807", .double), ("9223372036854775808", .double), ("1.0", .double), ("1e5", .double),
        ("\"4.9387406015404442E17\"", .double), ("\"0x1p3\"", .double),
        ("\"4F\"", .text), ("\"4f\"", .text), ("\"1d\"", .text), ("\"4L\"", .text), ("\"1_000\"", .text),
        ("\"0x10\"", .text), ("\"\"", .text), ("\"t\"", .text), ("\"yes\"", .text), ("\"'1'\"", .text),
        ("\"X'ab'\"", .blob), ("\"nan\"", .text), ("\"Null\"", .text), ("\"nUll\"", .text),
        ("NaN", .double), ("\"NaN\"", .double), ("null", nil), ("\"null\"", nil), ("\"NULL\"", nil),
    ]

    @Test("by default", arguments: table)
    func byDefault(_ value: String, _ type: DataType?) throws {
        #expect(try Self.inferred(value) == type)
    }

    @Test("a number that overflows counts as a number and then fails", arguments: ["1e400", "\"1e400\"", "-Infinity"])
    func overflow(_ value: String) throws {
        #expect(try Self.inferred(value) == nil)
    }

    @Test("text that begins like a blob but is not hexadecimal creates nothing")
    func brokenBlob() throws {
        #expect(try Self.inferred("\"X'zz'\"") == nil)
        #expect(try Self.inferred("\"X'abc'\"") == nil)
    }

    @Test("the keys: integers", arguments: [DataType.int32, .int64, .float, .double, .text])
    func integers(_ type: DataType) throws {
        #expect(try Self.inferred("7") { $0.ingestion.integerType = type } == type)
        #expect(try Self.inferred("\" 7 \"") { $0.ingestion.integerType = type } == type)
        #expect(try Self.inferred("7.5") { $0.ingestion.integerType = type } == .double)
    }

    @Test("the keys: other numbers", arguments: [DataType.float, .double, .text])
    func floating(_ type: DataType) throws {
        #expect(try Self.inferred("7.5") { $0.ingestion.floatingType = type } == type)
        #expect(try Self.inferred("9223372036854775808") { $0.ingestion.floatingType = type } == type)
        #expect(try Self.inferred("NaN") { $0.ingestion.floatingType = type } == .double)
        #expect(try Self.inferred("7") { $0.ingestion.floatingType = type } == .double)
    }

    @Test("the keys: not a number", arguments: [DataType.float, .double, .text])
    func notANumber(_ type: DataType) throws {
        #expect(try Self.inferred("NaN") { $0.ingestion.notANumberType = type } == type)
        #expect(try Self.inferred("\"NaN\"") { $0.ingestion.notANumberType = type } == type)
    }

    @Test("the keys: booleans", arguments: [DataType.boolean, .text])
    func booleans(_ type: DataType) throws {
        #expect(try Self.inferred("true") { $0.ingestion.booleanType = type } == type)
        #expect(try Self.inferred("\"False\"") { $0.ingestion.booleanType = type } == type)
    }

    @Test("an INT32 that the integer does not fit creates nothing")
    func tooLongForInt32() throws {
        #expect(try Self.inferred("2147483648") { $0.ingestion.integerType = .int32 } == nil)
    }

    @Test("literals stored as TEXT stay as they were written")
    func literals() throws {
        let world = try World {
            $0.ingestion.integerType = .text
            $0.ingestion.floatingType = .text
            $0.ingestion.booleanType = .text
        }
        try world.publish(row(#"["a","b","c"]"#, "[-0,1.50,true]"))
        #expect(
            try world.stored() == [
                "root.sg.d.a TEXT 1=\"-0\"", "root.sg.d.b TEXT 1=\"1.50\"", "root.sg.d.c TEXT 1=\"true\"",
            ])
    }

    @Test("mqtt_json_string_as_text: strings are TEXT, null among them")
    func stringsAsText() throws {
        let world = try World { $0.json.keepsStringsAsText = true }
        try world.publish(row(#"["a","b","c","d"]"#, #"["1","true","X'ab'",2]"#))
        #expect(
            try world.stored() == [
                "root.sg.d.a TEXT 1=\"1\"", "root.sg.d.b TEXT 1=\"true\"", "root.sg.d.c TEXT 1=\"X'ab'\"",
                "root.sg.d.d DOUBLE 1=2.0",
            ])
    }

    @Test("the first row whose value can be stored decides, for all rows of the payload")
    func firstRowDecides() throws {
        let world = try World()
        let outcome = try world.publish(
            batch(
                ("timestamps", "[1,2,3,4]"), ("measurements", #"["a"]"#), ("values", #"[[null],[true],[1],[2.5]]"#)))
        #expect(try world.stored() == ["root.sg.d1.a BOOLEAN 2=true 3=true"])
        #expect(outcome.problems == ["type_mismatch column[-1,3]"])
        #expect(outcome.verdict.refusedRows == 1)
        #expect(outcome.verdict.storedRows == 2)
    }

    @Test("elements of one list see what the elements before them created")
    func firstElementDecides() throws {
        let world = try World()
        let outcome = try world.publish(
            "[\(row(#"["a"]"#, "[true]")),\(row(#"["a","b"]"#, "[2.5,1]"))]")
        #expect(try world.stored() == ["root.sg.d.a BOOLEAN 1=true", "root.sg.d.b DOUBLE 1=1.0"])
        #expect(outcome.problems == ["type_mismatch column[1,-1]"])
    }

    private static func inferred(
        _ value: String, _ configure: (inout World.Setup) -> Void = { _ in }
    ) throws -> DataType? {
        let world = try World(configure)
        try world.publish(row(#"["a"]"#, "[\(value)]"))
        return world.engine.schema.device(at: "root.sg.d")?.series(named: "a")?.type
    }
}
