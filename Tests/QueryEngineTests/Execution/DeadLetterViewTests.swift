// SPDX-License-Identifier: Apache-2.0

import Ingestion
import ServerMetrics
import StorageEngine
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import QueryEngine

@Suite struct DeadLetterViewTests {
    private final class Waiter: CommitCompletion {
        let done = Semaphore()

        func committed(through ticket: UInt64, result: Result<Void, StorageError>) { done.signal() }
    }

    private func keep(_ letters: [DeadLetter], in world: QueryWorld) throws {
        var batch = WriteBatch()
        for letter in letters { batch.append(participant: DeadLetterStore.participantID, letter.encoded().span) }
        let waiter = Waiter()
        try world.storage.append(&batch, ticket: 1, completion: waiter)
        waiter.done.wait()
    }

    private func letter(_ number: Int, payload: [UInt8]) -> DeadLetter {
        DeadLetter(
            time: Int64(number), clientID: "client\(number)", user: "root", topic: Array("t/\(number)".utf8),
            qualityOfService: 1, isRetained: false, formatter: "json",
            problems: [
                Problem(.typeMismatch, .column, element: 3, row: 1, device: "root.a", "value `x` is not a number"),
                Problem(.badTime, .row, "time"),
            ], payload: payload.span)
    }

    @Test func rowsSayWhatWhereAndWhy() async throws {
        let world = try QueryWorld()
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 255) + Array("é and more".utf8)
        try keep(
            [letter(1, payload: Array("{\"a\":1}".utf8)), letter(2, payload: [0, 255]), letter(3, payload: long)],
            in: world)
        let rows = try await world.run("show dead letters").rows
        let cells = rows.map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
        #expect(cells.map { $0[0] } == ["1", "2", "3"])
        #expect(cells.map { $0[2] } == ["client1", "client2", "client3"])
        #expect(
            Array(cells[0][3...])
                == [
                    "root", "t/1", "1", "json", "type_mismatch (614)", "root.a",
                    "element 3, row 1: value `x` is not a number", "2", "7", "true", "{\"a\":1}",
                ])
        #expect(cells[1].last == "0x00ff")
        #expect(cells[2].last == String(repeating: "a", count: 255) + "…", "no half character")
        #expect(Set(cells.map { $0[1] }).count == 3, "ids differ")

        // After a checkpoint they come from the catalog.
        try await world.run("flush")
        #expect(try await world.run("show dead letters").rows == rows)
        #expect(try await world.run("SHOW DEAD LETTERS LIMIT 1 OFFSET 1").rows == [rows[1]])
        try world.close()
    }

    @Test func moreThanAPage() async throws {
        let world = try QueryWorld()
        try keep((0..<600).map { letter($0, payload: [UInt8(ascii: "x")]) }, in: world)
        let rows = try await world.run("show dead letters").rows
        #expect(rows.count == 600)
        #expect(rows.last?.hasPrefix("599|") == true)
        try world.close()
    }

    @Test func metricsAreListed() async throws {
        let world = try QueryWorld()
        world.metrics.counter("apus_test_total", help: "test", labels: [("kind", "a")]).increment(by: 3)
        let rows = try await world.run("show metrics").rows
        #expect(rows.contains("apus_test_total|kind=\"a\"|3.0"))
        try world.close()
    }
}
