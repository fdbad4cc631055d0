// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import TimeSeriesModel

@testable import StorageEngine

/// What a life asks for.
extension CrashScenario {
    private static let types: [DataType] = [
        .double, .int64, .text, .boolean, .int32, .float, .string, .blob, .timestamp, .date,
    ]

    mutating func append() {
        guard let engine else { return }
        lastTicket += 1
        var planned = PlannedBatch(ticket: lastTicket)
        // A small limit makes batches of several records.
        var batch = random.chance(30) ? WriteBatch(recordBytesMax: 150 + random.below(300)) : WriteBatch()
        for _ in 0..<1 + random.below(3) { appendTablet(engine, &batch, &planned) }
        if random.chance(20) {
            let change: [UInt8] = [UInt8(random.below(5)), UInt8(random.below(256))]
            batch.append(participant: 9, change.span)
            planned.changes.append((change[0], change[1]))
        }
        do throws(StorageError) {
            try engine.engine.append(&batch, ticket: lastTicket, completion: completion)
            note("append \(planned)")
            inFlight.append(.batch(planned))
        } catch {
            // Closed: nothing was taken.
        }
    }

    private mutating func appendTablet(
        _ engine: SteppedEngine, _ batch: inout WriteBatch, _ planned: inout PlannedBatch
    ) {
        let device = DevicePath(canonical: ["root", "db\(random.below(2))", "d\(random.below(3))"])
        let offset = random.below(Self.types.count)
        let measurements = (0..<1 + random.below(3)).map {
            ("s\($0)", Self.types[(offset + $0) % Self.types.count])
        }
        guard
            let created = try? engine.engine.schema.createSeries(
                device: device, isAligned: random.chance(40), measurements: measurements)
        else { return }
        var tablet = Tablet()
        let rows = 1 + random.below(4)
        // Mostly what is new, sometimes rows for days and partitions long gone.
        let range = random.chance(70) ? 40 : 4_000
        let newest = (now / 60_000) * 60_000
        for _ in 0..<rows { tablet.times.append(newest - Int64(random.below(range)) * 360_000) }
        for case .success(let series) in created {
            tablet.addColumn(series: series.id, type: series.type)
            let slot = tablet.columnCount - 1
            let hasGaps = random.chance(30)
            if hasGaps { tablet.columns[slot].presence = [0] }
            for row in 0..<rows where !hasGaps || random.chance(60) {
                let value = nextValue(series.type)
                tablet.columns[slot].values.append(value)
                if hasGaps { tablet.columns[slot].presence[0] |= 1 << UInt64(row) }
                planned.points.append(
                    .init(
                        series: "\(device.text).\(series.measurement)", id: series.id.rawValue,
                        time: tablet.times[row], value: value))
            }
        }
        batch.append(tablet)
    }

    private mutating func nextValue(_ type: DataType) -> Value {
        lastValue += 1
        switch type {
        case .double: return .double(Double(lastValue) / 4)
        case .float: return .float(Float(lastValue) / 2)
        case .int64: return .int64(-lastValue)
        case .timestamp: return .timestamp(lastValue << 20)
        case .int32: return .int32(Int32(lastValue) - 50)
        case .date: return .date(20_260_101 + Int32(lastValue % 28))
        case .boolean: return .boolean(random.chance(50))
        case .text: return .text(nextText())
        case .string: return .string(nextText())
        case .blob: return .blob(nextText())
        }
    }

    private mutating func nextText() -> [UInt8] {
        Array(String(repeating: "x\(lastValue)", count: random.below(12)).utf8)
    }

    // MARK: Taking away

    mutating func takeAway() {
        guard let engine else { return }
        do {
            guard let change = try requestChange(engine.engine) else { return }
            note("request \(change)")
            insert(change, engine.writer)
        } catch {
            note("refused: \(error)")
        }
    }

    private mutating func requestChange(_ engine: StorageEngine) throws -> PlannedChange? {
        switch random.below(10) {
        case 0..<5:
            let deletions = (0..<1 + random.below(2)).map { _ in (pattern: seriesPattern(), range: range()) }
            try engine.requestDeletions(deletions.map { SchemaRemoval.Points(pattern: $0.pattern, range: $0.range) })
            return .delete(deletions)
        case 5..<7:
            let pattern = seriesPattern()
            let ids = engine.schema.series(matching: pattern).map(\.id.rawValue)
            guard try engine.requestDropOfSeries([pattern]) > 0 else { return nil }
            return .drop(patterns: [pattern], ids: Set(ids))
        case 7:
            let nodes = ["root", "db\(random.below(2))"]
            let below = PathPattern(nodes: nodes + ["**"])
            let ids = engine.schema.series(matching: below).map(\.id.rawValue)
            guard try engine.requestDropOfDatabases([PathPattern(nodes: nodes)]) > 0 else { return nil }
            return .drop(patterns: [below], ids: Set(ids))
        default:
            let nodes = ["root", "db\(random.below(2))", random.chance(50) ? "**" : "d\(random.below(3))"]
            let hours = [1, 10, 100, 400][random.below(4)]
            let milliseconds = random.chance(25) ? nil : random.chance(15) ? Int64.max : Int64(hours) * Self.hour
            let pattern = PathPattern(nodes: nodes)
            guard try engine.schema.setTimeToLive(pattern, milliseconds: milliseconds) else { return nil }
            return .timeToLive(pattern: pattern.text, milliseconds: milliseconds)
        }
    }

    private mutating func seriesPattern() -> PathPattern {
        let nodes = [
            ["root", "db\(random.below(2))", "d\(random.below(3))", "s\(random.below(3))"],
            ["root", "db\(random.below(2))", "*", "s\(random.below(3))"],
            ["root", "db\(random.below(2))", "d\(random.below(3))", "*"],
            ["root", "db\(random.below(2))", "**"],
            ["root", "**", "s\(random.below(3))"],
        ]
        return PathPattern(nodes: nodes[random.below(nodes.count)])
    }

    mutating func range() -> TimeRange {
        guard random.chance(85) else { return .all }
        let hours = random.chance(70) ? 4 : 400
        let end = now - Int64(random.below(hours)) * Self.hour - Int64(random.below(10)) * 360_000
        return TimeRange(end - Int64(random.below(hours * 10)) * 360_000, end)
    }

    /// In the log, a change comes before the batches that the writer has not taken yet.
    private mutating func insert(_ change: PlannedChange, _ writer: LogWriter) {
        let taken = writer.inFlight.filter { $0.completion != nil }.map(\.ticket).max() ?? completion.acknowledged
        let place = inFlight.firstIndex { event in
            if case .batch(let batch) = event { batch.ticket > taken } else { false }
        }
        inFlight.insert(.change(change), at: place ?? inFlight.count)
    }
}
