// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import StorageEngine
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import Ingestion

/// B15: payloads without a time.
@Suite("Arrival times")
struct ArrivalTimeTests {
    private static let timeless = row(("timestamp", nil), ("measurements", #"["a"]"#), ("values", "[1]"))
    private static let start: Int64 = 1_767_225_600_000

    private static func world(_ configure: (inout World.Setup) -> Void = { _ in }) throws -> World {
        try World {
            $0.json.missingTimestamp = .arrival
            configure(&$0)
        }
    }

    @Test(
        "a row without a time gets the arrival time in the server's precision", arguments: TimestampPrecision.allCases)
    func precision(_ precision: TimestampPrecision) throws {
        let world = try Self.world {
            $0.json.precision = precision
            $0.ingestion.precision = precision
            $0.storage.precision = precision
        }
        try world.publish(Self.timeless)
        let time = Self.start / 1_000 * precision.unitsPerSecond
        #expect(try world.stored() == ["root.sg.d1.a DOUBLE \(time)=1.0"])
    }

    @Test("two values of one tick do not overwrite each other")
    func sameTick() throws {
        let world = try Self.world()
        try world.publish("[\(Self.timeless),\(Self.timeless)]")
        try world.publish(Self.timeless)
        world.clock.advance(milliseconds: 10)
        try world.publish(Self.timeless)
        let times = [Int64]([0, 1, 2, 10]).map { " \(Self.start + $0)=1.0" }.joined()
        #expect(try world.stored() == ["root.sg.d1.a DOUBLE" + times])
    }

    @Test("a clock that is set back gives no time twice")
    func setBack() throws {
        let world = try Self.world()
        try world.publish(Self.timeless)
        world.clock.advance(milliseconds: -5_000)
        try world.publish(Self.timeless)
        let times = [Int64]([0, 1]).map { " \(Self.start + $0)=1.0" }.joined()
        #expect(try world.stored() == ["root.sg.d1.a DOUBLE" + times])
    }

    @Test("devices have their own times, and both spellings of a path are one device")
    func devices() throws {
        let world = try Self.world()
        for device in ["root.sg.x", "root.sg.y", "root.sg.`x`"] {
            try world.publish(
                row(
                    ("device", "\"\(device)\""), ("timestamp", nil), ("measurements", #"["a"]"#), ("values", "[1]")))
        }
        #expect(
            try world.stored() == [
                "root.sg.x.a DOUBLE \(Self.start)=1.0 \(Self.start + 1)=1.0", "root.sg.y.a DOUBLE \(Self.start)=1.0",
            ])
    }

    @Test("what is remembered is bounded, and forgetting gives no time twice")
    func bounded() {
        var times = ArrivalTimes(devicesMax: 4)
        var given: [String: Set<Timestamp>] = [:]
        for round in 0..<5 {
            for number in 0..<10 {
                let device = "d\(number)"
                // The clock runs back all the time.
                let time = times.next(for: device, now: Timestamp(100 - round * 7 - number))
                #expect(given[device, default: []].insert(time).inserted)
            }
        }
        #expect(given.values.allSatisfy { $0.count == 5 })
    }

    @Test("ingestion_arrival_devices_max reaches the service")
    func setting() throws {
        let world = try Self.world { $0.ingestion.arrivalDevicesMax = 1 }
        for _ in 0..<2 {
            for device in ["root.sg.x", "root.sg.y"] {
                try world.publish(
                    row(
                        ("device", "\"\(device)\""), ("timestamp", nil), ("measurements", #"["a"]"#),
                        ("values", "[1]")))
            }
        }
        let expected = [("x", [0, 1]), ("y", [0, 1])].map { name, offsets in
            "root.sg.\(name).a DOUBLE" + offsets.map { " \(Self.start + Int64($0))=1.0" }.joined()
        }
        #expect(try world.stored() == expected)
    }

    @Test("rows that have a time keep it")
    func mixed() throws {
        let world = try Self.world()
        try world.publish("[\(row(#"["a"]"#, "[1]", device: "root.sg.d1", time: 5)),\(Self.timeless)]")
        #expect(try world.stored() == ["root.sg.d1.a DOUBLE 5=1.0 \(Self.start)=1.0"])
    }
}
