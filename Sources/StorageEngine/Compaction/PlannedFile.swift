// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What the planner needs to know of a file.
struct PlannedFile: Sendable, Equatable {
    /// Its key.
    var version: UInt64
    /// Who wins; two files with the same one share no partition.
    var order: UInt64
    var bytes: UInt64
    /// That count, rising.
    var partitions: [Int64]
    /// How many there were at first: the space of the others is lost until the file is written again.
    var partitionsAtFirst: Int
    /// Milliseconds of the wall clock.
    var createdAt: Int64
    /// It is damaged or missing: no input of anything, and nothing is merged across it.
    var isDamaged = false
    /// Share of its points that nobody can see any more, in percent.
    var hiddenPercent = 0
    /// Whether it must be written again for the sake of a deletion, however little that hides.
    var holdsOldDeletion = false

    /// Whether it is one of several partitions, or was.
    var isSpanning: Bool { partitionsAtFirst > 1 || partitions.count > 1 }

    /// What one of its partitions takes, on average.
    var bytesPerPartition: UInt64 { bytes / UInt64(max(1, max(partitionsAtFirst, partitions.count))) }

    /// Share of its space that is lost to hidden points and to partitions that another file has taken over, in percent.
    var lostPercent: Int {
        let live = partitions.count * 100 / max(1, max(partitionsAtFirst, partitions.count))
        return 100 - live * (100 - min(100, max(0, hiddenPercent))) / 100
    }

    func covers(_ partition: Int64) -> Bool {
        var low = 0, high = partitions.count
        while low < high {
            let middle = (low + high) / 2
            if partitions[middle] < partition { low = middle + 1 } else { high = middle }
        }
        return low < partitions.count && partitions[low] == partition
    }
}

/// A piece of compaction: some files give partitions to new ones.
struct CompactionTask: Sendable, Equatable {
    /// A file to write: the points of some partitions, merged from some files.
    struct Output: Sendable, Equatable {
        /// Versions, in order.
        var inputs: [UInt64]
        /// Rising.
        var partitions: [Int64]
        var order: UInt64
    }

    var kind: CompactionFacts.Kind
    /// The lower one comes first: too many files, then space to win, then the rest.
    var priority: Int
    var outputs: [Output]
    /// Versions of all inputs, in order.
    var inputs: [UInt64]
    /// Bytes that will be read, roughly, and written at most.
    var bytes: UInt64

    /// The partitions that an input gives away.
    func given(by version: UInt64) -> Set<Int64> {
        Set(outputs.filter { $0.inputs.contains(version) }.flatMap(\.partitions))
    }
}
