// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// The flusher on its own thread.
@Suite struct FlusherThreadTests {
    @Test func `who waits for a flush gets its end or its failure, and the flusher goes on`() throws {
        var settings = StorageSettings()
        // Nothing may depend on the pause: a waiter wakes the flusher.
        settings.flushRetryMilliseconds = 3_600_000
        var random = SeededRandom(seed: 1)
        var world = try FilesWorld(settings: settings)
        try world.flusher.start()
        defer { world.flusher.stop() }
        let series = testSeries(.int64)
        world.write(series, random.points(.int64, count: 10, from: 0, step: 1...1))
        world.freeze()
        try world.flusher.waitUntilFlushed(through: 1)
        #expect(world.memtables.files.all().count == 1)

        world.disk.failWrites(after: 0)
        world.write(series, random.points(.int64, count: 10, from: 0, step: 1...1))
        world.freeze()
        let error = #expect(throws: StorageError.self) { try world.flusher.waitUntilFlushed(through: 2) }
        #expect(error?.code == .io)
        world.disk.failWrites(after: nil)
        try world.flusher.waitUntilFlushed(through: 2)
        #expect(world.memtables.files.all().count == 2)
        try world.flusher.waitUntilFlushed(through: 1)
    }

    @Test func `stopping tells those who wait`() throws {
        let world = try FilesWorld()
        try world.flusher.start()
        world.flusher.stop()
        let error = #expect(throws: StorageError.self) { try world.flusher.waitUntilFlushed(through: 1) }
        #expect(error?.code == .closed)
        #expect(!world.flusher.isRunning)
    }

    /// One writer, the flusher, and readers that must see every commit in order while memtables become files.
    @Test func `readers beside writer and flusher never miss a point`() throws {
        let world = try FilesWorld()
        try world.flusher.start()
        let commits = 300
        let published = Published()
        let done = SharedFlag()
        let readers = try [TimeOrder.ascending, .descending].map { order in
            try WorkerThread(name: "reader") {
                repeat { Self.check(world, order, atLeast: published.count) } while !done.isSet
            }
        }
        let writer = try WorkerThread(name: "writer") {
            Self.write(world, commits, published)
            done.set()
        }
        for thread in readers + [writer] { thread.join() }
        try world.flusher.waitUntilFlushed(through: LogSequence(commits))
        world.flusher.stop()
        #expect(try world.reopened().points(testSeries(.int64)).count == commits)
    }

    private static func write(_ start: FilesWorld, _ commits: Int, _ published: Published) {
        var world = start
        for commit in 0..<commits {
            var points = PointColumn(.int64)
            points.times = commit == 0 ? [0] : [Int64(commit), 0]
            for _ in points.times { points.values.append(.int64(Int64(commit + 1))) }
            world.write(testSeries(.int64), points)
            published.set(commit + 1)
            if commit % 20 == 19 {
                world.freeze()
                world.flusher.wake()
            }
        }
    }

    private static func check(_ world: FilesWorld, _ order: TimeOrder, atLeast least: Int) {
        let points = (try? world.points(testSeries(.int64), in: .all, order)) ?? []
        #expect(points.count >= least)
        let times = order == .ascending ? points.map(\.time) : points.map(\.time).reversed()
        #expect(times == Array(0..<Int64(points.count)))
        // Time 0 is overwritten by every commit.
        guard let zero = order == .ascending ? points.first : points.last else { return }
        #expect(zero.value == .int64(Int64(points.count)))
    }
}

private final class Published: Sendable {
    private let value = Atomic<Int>(0)

    var count: Int { value.load(ordering: .acquiring) }
    func set(_ count: Int) { value.store(count, ordering: .releasing) }
}
