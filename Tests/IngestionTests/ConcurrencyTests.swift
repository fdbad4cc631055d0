// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import Synchronization
import Testing
import TimeSeriesModel

@testable import Ingestion

@Suite("Several workers at once")
struct ConcurrencyTests {
    @Test("workers that create the same series agree on one id and one type")
    func sameSeries() async throws {
        let world = try World()
        // Every worker would give the series another type.
        let values = ["1", "true", "\"x\"", "\"X'00'\""]
        let types: [DataType] = [.double, .boolean, .text, .blob]
        let service = world.service
        let groups = 200
        let payloads = values.map { value in
            (0..<groups).map { world.formatted(row(#"["a"]"#, "[\(value)]", device: "root.sg.d\($0)")) }
        }
        let outcomes = try await withThrowingTaskGroup(of: (Int, [Bool]).self) { group in
            for worker in values.indices {
                let rows = payloads[worker]
                group.addTask {
                    let ingestor = Ingestor(service: service)
                    var stored: [Bool] = []
                    for var message in rows {
                        var batch = WriteBatch()
                        let verdict = ingestor.ingest(&message, as: .root, into: &batch)
                        stored.append(verdict.storedRows == 1)
                        if !batch.isEmpty {
                            try service.storage.append(&batch, ticket: 1, completion: Ignored())
                        }
                    }
                    return (worker, stored)
                }
            }
            var outcomes = [[Bool]](repeating: [], count: values.count)
            for try await (worker, stored) in group { outcomes[worker] = stored }
            return outcomes
        }
        try await world.engine.sync()
        let series = world.engine.schema.series(matching: .all)
        #expect(series.count == groups)
        #expect(Set(series.map(\.id)).count == groups)
        #expect(world.devices.count == groups)
        for number in 0..<groups {
            let entry = try #require(world.engine.schema.device(at: "root.sg.d\(number)")?.series(named: "a"))
            // Whoever has that type stored its value; TEXT takes every text.
            let winner = try #require(types.firstIndex(of: entry.type))
            #expect(outcomes[winner][number])
            if entry.type == .text { #expect((0..<values.count).allSatisfy { outcomes[$0][number] }) }
            if entry.type == .boolean { #expect(!outcomes[2][number]) }
        }
    }

    @Test("arrival times of one device differ over all workers")
    func arrivalTimes() async throws {
        let world = try World()
        let service = world.service
        let device = try DevicePath(parsing: "root.sg.d")
        let times = await withTaskGroup(of: [Timestamp].self) { group in
            for _ in 0..<4 { group.addTask { (0..<500).map { _ in service.arrivalTime(for: device) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(times).count == 2_000)
    }

    private final class Ignored: CommitCompletion {
        func committed(through ticket: UInt64, result: Result<Void, StorageError>) {}
    }
}
