// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StorageEngine

private let mebibyte: UInt64 = 1 << 20
private let hour: Int64 = 3_600_000

@Suite struct PlannerTests {
    /// Weeks of a server whose memtable fills up every ten minutes, and of a gateway that flushes by age.
    @Test(arguments: [(10 * mebibyte, hour / 6), (mebibyte / 10, hour), (3 * mebibyte, hour)])
    func `write amplification stays below four for data in order, and partitions have few files`(
        _ bytes: UInt64, _ pause: Int64
    ) {
        var world = PlannerWorld()
        var random = SeededRandom(seed: 1)
        var most = 0
        for _ in 0..<1_200 {
            world.pass(milliseconds: pause)
            let jitter = UInt64.random(in: 50...150, using: &random)
            let partition = world.now / (168 * hour)
            world.flush(partition, bytes: bytes * jitter / 100)
            world.settle()
            most = max(most, world.fileCount(of: partition))
        }
        #expect(world.writeAmplification < 4)
        #expect(most <= 40 + 20)
        // What is over is in few files: those of half the target size and more, and the rest.
        let full = Int(bytes * UInt64(168 * hour / pause) / (512 * mebibyte))
        for partition in 0..<world.now / (168 * hour) - 1 {
            #expect(world.fileCount(of: partition) <= full + 4, "\(partition)")
            let history = world.history(of: partition)
            #expect(isRising(history))
        }
    }

    @Test func `ten thousand flushes into one partition`() {
        var world = PlannerWorld()
        for _ in 0..<1_500 {
            world.pass(milliseconds: 1_000)
            world.flush(0, bytes: 12 * mebibyte)
            world.settle()
        }
        #expect(world.writeAmplification < 4)
        let small = world.files.count { $0.bytes < 512 * mebibyte }
        #expect(small <= 27)
        #expect(world.files.count - small <= 18_000 / 512)
        #expect(isRising(world.history(of: 0)))
    }

    /// Late rows go to old partitions all the time; in each flush the youngest partition gets most.
    @Test func `late data stays bounded in files and in what is written`() {
        var world = PlannerWorld()
        var random = SeededRandom(seed: 2)
        var most = 0
        for _ in 0..<350 {
            world.pass(milliseconds: hour)
            let newest = world.now / (168 * hour)
            world.flush(newest, bytes: 10 * mebibyte)
            for _ in 0..<3 {
                let late = max(0, newest - Int64.random(in: 1...5, using: &random))
                world.flush(late, bytes: UInt64.random(in: 1_000...200_000, using: &random))
            }
            let scattered = (0..<20).map { _ in max(0, newest - Int64.random(in: 1...300, using: &random)) }
            world.flush(Array(Set(scattered + [-1])), bytes: 100_000)
            world.settle()
            most = max(most, (0...newest).map(world.fileCount).max() ?? 0)
        }
        #expect(most <= 40 + 20)
        #expect(world.writeAmplification < 7)
        for partition in -1...world.now / (168 * hour) {
            let history = world.history(of: partition)
            #expect(isRising(history), "\(partition)")
        }
    }

    private func isRising(_ history: [UInt64]) -> Bool { zip(history, history.dropFirst()).allSatisfy { $0 < $1 } }

    /// Whatever is merged, a flush never gets behind a later one, and none is lost.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `the order of writes survives every task`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var world = PlannerWorld()
        world.settings.fanIn = Int.random(in: 2...4, using: &random)
        world.settings.spanningFanIn = Int.random(in: 2...4, using: &random)
        world.settings.partitionFilesMax = Int.random(in: 1...6, using: &random)
        world.settings.targetBytes = 100_000
        var expected: [Int64: [UInt64]] = [:]
        for _ in 0..<150 {
            world.pass(milliseconds: Int64.random(in: 0...hour, using: &random))
            let count = Int.random(in: 1...3, using: &random) == 1 ? Int.random(in: 2...6, using: &random) : 1
            let partitions = Set((0..<count).map { _ in Int64.random(in: -2...5, using: &random) })
            world.flush(Array(partitions), bytes: UInt64.random(in: 10...20_000, using: &random))
            let version = world.files.last?.version ?? 0
            for partition in partitions { expected[partition, default: []].append(version) }
            if Int.random(in: 0..<20, using: &random) == 0 {
                let victim = world.files[Int.random(in: 0..<world.files.count, using: &random)].version
                world.change(victim) { $0.isDamaged = true }
            }
            if Int.random(in: 0..<20, using: &random) == 0 {
                let victim = world.files[Int.random(in: 0..<world.files.count, using: &random)].version
                world.change(victim) { $0.hiddenPercent = 50 }
            }
            world.settle(atMost: Int.random(in: 0...3, using: &random))
        }
        world.settle()
        for (partition, flushes) in expected { #expect(world.history(of: partition) == flushes, "\(partition)") }
    }

    @Test func `damaged files are no inputs, and block only their neighbours`() {
        var world = PlannerWorld()
        for _ in 0..<9 { world.flush(0, bytes: mebibyte) }
        let middle = world.files[4].version
        world.change(middle) { $0.isDamaged = true }
        for _ in 0..<9 { world.flush(0, bytes: mebibyte) }
        world.flush(1, bytes: mebibyte)
        #expect(world.settle() == 1)
        // Four are before it; of the thirteen after it ten are merged.
        #expect(world.fileCount(of: 0) == 4 + 1 + 4)
        #expect(world.files.contains { $0.version == middle })
        #expect(world.history(of: 0) == Array(1...18))
    }

    @Test func `what is hidden makes a file be written again, and settles`() {
        var world = PlannerWorld()
        world.flush(0, bytes: mebibyte)
        world.change(1) { $0.hiddenPercent = 19 }
        #expect(world.settle() == 0)
        world.change(1) { $0.hiddenPercent = 20 }
        #expect(world.settle() == 1)
        world.change(2) { $0.holdsOldDeletion = true }
        #expect(world.settle() == 1)
        #expect(world.files.map(\.order) == [1])
    }

    @Test func `a file of scattered rows that has given half of its partitions away is written again`() {
        var world = PlannerWorld()
        world.flush([1, 2, 3, 4], bytes: mebibyte)
        world.change(1) { $0.partitions = [1, 2, 3] }
        #expect(world.settle() == 0)
        world.change(1) { $0.partitions = [1, 2] }
        #expect(world.settle() == 1)
        #expect(world.files.map(\.partitions) == [[1, 2]])
        #expect(world.files.map(\.bytes) == [mebibyte / 2])
    }

    @Test func `a partition between files of scattered rows keeps its order`() {
        var world = PlannerWorld()
        for round in 0..<4 {
            world.flush([1, 2, 3], bytes: mebibyte)
            if round == 1 { world.flush(2, bytes: mebibyte) }
        }
        #expect(world.settle() > 0)
        #expect(world.history(of: 2) == [1, 2, 3, 4, 5])
        #expect(world.history(of: 1) == [1, 2, 4, 5])
        #expect(world.fileCount(of: 1) == 1)
        #expect(world.fileCount(of: 3) == 1)
        // No input is left, though one partition could not be merged.
        #expect(world.files.allSatisfy { $0.version > 5 || $0.version == 3 })
    }
}
