// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import QueryEngine

/// A result holds its snapshot, and with it files, no longer than it is of use.
@Suite struct ReleaseTests {
    private final class Source: BlockSource, Sendable {
        private let blocks: Atomic<Int>
        private let fails: Bool

        init(blocks: Int, fails: Bool = false) {
            self.blocks = Atomic(blocks)
            self.fails = fails
        }

        func next() throws(StatementError) -> ResultBlock? {
            guard blocks.wrappingSubtract(1, ordering: .relaxed).oldValue > 0 else {
                if fails { throw .failed("at the end") }
                return nil
            }
            return ResultBlock(rowCount: 1, times: [], columns: [])
        }
    }

    private struct Held {
        let threads = QueryThreads(count: 1, queueMax: 10)
        weak var source: Source?

        mutating func result(_ source: Source) -> ResultSet {
            self.source = source
            return ResultSet(columns: [], hasTime: false, kind: .select, threads: threads, source: source)
        }
    }

    @Test func aDroppedResultIsReleased() async throws {
        var held = Held()
        var result: ResultSet? = held.result(Source(blocks: 3))
        #expect(try await result?.next()?.rowCount == 1)
        #expect(held.source != nil)
        result = nil
        // The thread may still be letting go of the call.
        while held.source != nil { await Task.yield() }
        held.threads.close()
    }

    @Test(arguments: [false, true])
    func anEndedResultIsReleased(_ fails: Bool) async throws {
        var held = Held()
        let result = held.result(Source(blocks: 1, fails: fails))
        #expect(try await result.next() != nil)
        #expect((try? await result.next()) ?? nil == nil)
        while held.source != nil { await Task.yield() }
        #expect(try await result.next() == nil)
        held.threads.close()
    }

    @Test func filesOfADroppedDatabaseGoWithTheLastResult() async throws {
        let world = try QueryWorld()
        let rows = (0..<6_000).map { "(\($0), \($0))" }.joined(separator: ",")
        try await world.run("insert into root.s.d(time, v) values \(rows)")
        try await world.run("flush")
        guard case .rows(let open) = try await world.session().execute("select v from root.s.d") else {
            Issue.record("no rows")
            return
        }
        var count = try await open.next()?.rowCount ?? 0
        try await world.run("drop database root.s")
        while let block = try await open.next() { count += block.rowCount }
        #expect(count == 6_000, "a snapshot is what it was")
        #expect(try await world.run("select * from root.s.**").rows.isEmpty)
        try world.close()
    }
}
