// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import TimeSeriesModel
import TsFile

@testable import StorageEngine

/// Whether an engine shows what the model says, however it is asked.
extension CrashScenario {
    /// Nothing is shown that a crash could take back, and nothing acknowledged is hidden.
    mutating func check(_ engine: SteppedEngine) throws {
        // A drop is seen before it is durable.
        let hasChanges = inFlight.contains { if case .change = $0 { true } else { false } }
        guard !hasChanges else { return }
        do {
            let seen = try engine.contents()
            if let difference = model.difference(seen, now: now) {
                throw Failure.contents("visible is not what was acknowledged: \(difference)")
            }
            let all = engine.engine.schema.series(matching: .all)
            guard !all.isEmpty else { return }
            let series = all[random.below(all.count)]
            let name = "\(series.device.path.text).\(series.measurement)"
            let points = (seen.points[name] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            try check(series, points, engine.engine.snapshot())
        } catch let error as StorageError where error.code == .io {
            note("not checked: \(error)")
        }
    }

    private mutating func check(_ series: SeriesEntry, _ points: [(Int64, Value)], _ snapshot: Snapshot) throws {
        let range = self.range()
        let inside = points.filter { range.contains($0.0) }
        let name = "\(series.device.path.text).\(series.measurement)"
        for order in [TimeOrder.ascending, .descending] {
            var cursor = snapshot.points(of: series, in: range, order: order)
            var found: [(Int64, Value)] = []
            while let block = try cursor.next() {
                for index in 0..<block.count { found.append((block.times[index], block.values[index])) }
            }
            if order == .descending { found.reverse() }
            guard found.elementsEqual(inside, by: ==) else {
                throw Failure.contents("\(name) in \(range) \(order): \(found) instead of \(inside)")
            }
        }
        let last = try snapshot.last(of: series, in: range)
        guard last?.time == inside.last?.0, last?.value == inside.last?.1 else {
            throw Failure.contents("the last of \(name) in \(range) is \(last as Any), not \(inside.last as Any)")
        }
        try checkPieces(series, inside, snapshot.pieces(of: series, in: range))
    }

    private mutating func checkPieces(
        _ series: SeriesEntry, _ points: [(Int64, Value)], _ start: PieceCursor
    ) throws {
        var pieces = start
        var rest = points[...]
        let percent = [0, 50, 100][random.below(3)]
        var generator = random
        defer { random = generator }
        while let piece = try pieces.next(acceptsStatistics: { _ in generator.chance(percent) }) {
            switch piece {
            case .points(let column):
                for index in 0..<column.count {
                    let point = rest.popFirst()
                    guard let point, point == (column.times[index], column.values[index]) else {
                        throw Failure.contents("a piece of \(series.measurement) has \(column), not \(point as Any)")
                    }
                }
            case .statistics(let statistics, let range):
                let covered = rest.prefix { $0.0 <= range.upper }
                rest = rest.dropFirst(covered.count)
                var wanted = PointColumn(series.type)
                for (time, value) in covered {
                    wanted.times.append(time)
                    wanted.values.append(value)
                }
                let isRight =
                    statistics.count == covered.count && statistics.startTime == covered.first?.0
                    && statistics.endTime == covered.last?.0 && covered.allSatisfy { range.contains($0.0) }
                    && (statistics.values.last(of: series.type).map { $0 == covered.last?.1 } ?? true)
                guard isRight else {
                    throw Failure.contents(
                        "statistics of \(series.measurement) in \(range): \(statistics), not \(wanted)")
                }
            }
        }
        guard rest.isEmpty else { throw Failure.contents("pieces of \(series.measurement) lack \(rest)") }
    }
}
