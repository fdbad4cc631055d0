// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import QueryEngine

/// Random points in memtables and files, late and overwritten: SQL answers what a dictionary answers.
@Suite struct ModelTests {
    /// Series name to time to value, of root.m.d<digit>.s<digit>.
    private typealias Model = [String: [Int64: Double]]

    private static let devices = 2, measurements = 3

    private func fill(_ world: QueryWorld, _ random: inout SeededGenerator) async throws -> Model {
        var model: Model = [:]
        for _ in 0..<12 {
            let device = "root.m.d\(random.below(Self.devices))"
            var rows: [String] = []
            for _ in 0...random.below(40) {
                let time = Int64(random.below(120))
                var cells: [String] = []
                for measurement in 0..<Self.measurements {
                    guard random.chance(70) else {
                        cells.append("null")
                        continue
                    }
                    let value = Double(random.below(21) - 10)
                    cells.append("\(Int(value))")
                    model["\(device).s\(measurement)", default: [:]][time] = value
                }
                rows.append("(\(time), \(cells.joined(separator: ", ")))")
            }
            try await world.run("insert into \(device)(time, s0, s1, s2) values \(rows.joined(separator: ", "))")
            if random.chance(30) { try await world.run("flush") }
        }
        return model
    }

    /// The rows of some series over some times, as RenderedResult shows them.
    private func rows(
        _ names: [String], _ model: Model, descending: Bool, where holds: (Int64) -> Bool
    ) -> [String] {
        let times = Set(names.flatMap { (model[$0] ?? [:]).keys }).filter(holds).sorted()
        return (descending ? times.reversed() : times).map { time in
            (["\(time)"] + names.map { model[$0]?[time].map { "\($0)" } ?? "null" }).joined(separator: "|")
        }
    }

    @Test(arguments: UInt64(1)...6)
    func answersAreThoseOfTheModel(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let world = try QueryWorld()
        let model = try await fill(world, &random)
        let names = model.keys.sorted()

        let all = try await world.run("select ** from root.m")
        #expect(all.rows == rows(names, model, descending: false) { _ in true })

        for _ in 0..<8 {
            let low = Int64(random.below(120)), high = low + Int64(random.below(60)), gap = Int64(random.below(120))
            let descending = random.chance(50)
            let expected = rows(names, model, descending: descending) { (low...high).contains($0) && $0 != gap }
            let offset = random.below(10), limit = random.below(30)
            let sql = "select * from root.m.* where time >= \(low) and time <= \(high) and time != \(gap)"
            let order = descending ? " order by time desc" : ""
            #expect(try await world.run(sql + order).rows == expected)
            #expect(
                try await world.run("\(sql)\(order) limit \(limit) offset \(offset)").rows
                    == Array(expected.dropFirst(offset).prefix(limit)))
        }
        for name in names { try await checkAggregates(of: name, model, world, &random) }
        try await checkCondition(model, world)
        try world.close()
    }

    private func checkAggregates(
        of name: String, _ model: Model, _ world: QueryWorld, _ random: inout SeededGenerator
    ) async throws {
        let low = Int64(random.below(60)), high = low + 1 + Int64(random.below(60))
        func expected(_ range: Range<Int64>) -> String {
            let points = (model[name] ?? [:]).filter { range.contains($0.key) }.sorted { $0.key < $1.key }
            guard let first = points.first, let last = points.last else { return "0|null|null|null|null|null|null" }
            let values = points.map(\.value), sum = values.reduce(0, +)
            return "\(values.count)|\(sum)|\(ValueText.text(of: .double(sum / Double(values.count))))|"
                + "\(values.min() ?? 0)|\(values.max() ?? 0)|"
                + "\(first.value)|\(last.key)"
        }
        let list = ["count", "sum", "avg", "min_value", "max_value", "first_value", "max_time"]
            .map { "\($0)(\(name))" }.joined(separator: ", ")
        let whole = try await world.run("select \(list) from root.m where time >= \(low) and time < \(high)")
        #expect(whole.rows == [expected(low..<high)])
        // Behind a condition that is always true the same is computed row by row.
        let rowByRow = try await world.run(
            "select \(list) from root.m where time >= \(low) and time < \(high) and (\(name) < 100 or \(name) is null)")
        #expect(rowByRow.rows == [expected(low..<high)])
        let interval = Int64(1 + random.below(20)), step = Int64(1 + random.below(20))
        let windows = try await world.run(
            "select \(list) from root.m group by ([\(low), \(high)), \(interval)ms, \(step)ms)")
        let starts = stride(from: low, to: high, by: Int(step))
        #expect(windows.rows == starts.map { "\($0)|" + expected($0..<min($0 + interval, high)) })
    }

    private func checkCondition(_ model: Model, _ world: QueryWorld) async throws {
        let condition = "s1 > 0 or s2 <= s0"
        for device in ["root.m.d0", "root.m.d1"] {
            func value(_ name: String, _ time: Int64) -> Double? { model["\(device).\(name)"]?[time] }
            let expected = rows(["\(device).s0"], model, descending: false) { time in
                if let first = value("s1", time), first > 0 { return true }
                if let second = value("s2", time), let zeroth = value("s0", time) { return second <= zeroth }
                return false
            }
            #expect(try await world.run("select s0 from \(device) where \(condition)").rows == expected)
        }
    }
}
