// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct DamagedInputTests {
    @Test func `a file that is found to be damaged is set aside, named, and the rest is served and merged`() throws {
        var random = SeededRandom(seed: 1)
        let world = try CompactionWorld()
        for round in 0..<7 as Range<Int64> {
            let times = (0..<500).map { CompactionWorld.start + round + $0 * 1_000 }
            try world.write("d0", [("a", .double)], times: times, &random)
            #expect(try world.flush())
        }
        let victim = try world.files[3].path
        var content = try #require(world.disk.content(of: victim))
        for index in 40..<min(4_000, content.count / 2) { content[index] ^= 0x5a }
        world.disk.overwrite(victim, with: content)
        try world.engine.files.readers.closeAll()
        while try world.compact() {}
        try world.settle()
        let facts = try world.engine.facts().files
        #expect(facts.filter { $0.problem != nil }.map { "tsfiles/\($0.record.name)" } == [victim])
        #expect(try world.engine.compactionFacts().failures == 1)
        // Three before it and three after it became two files.
        #expect(facts.count == 3)
        let series = try #require(try world.engine.schema.device(at: "root.sg.d0")?.series(named: "a"))
        let snapshot = try world.engine.snapshot()
        let error = #expect(throws: StorageError.self) {
            try readAll(snapshot.points(of: series, in: .all, order: .ascending))
        }
        #expect(error?.message.contains(victim) == true)
        #expect(error?.message.contains("apus check") == true)
    }
}
