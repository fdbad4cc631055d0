// SPDX-License-Identifier: Apache-2.0

import Logging
import Logging
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// One writer, several readers; run under the thread sanitizer, too.
@Suite struct MemtableConcurrencyTests {
    private static let series = (0..<6).map { SeriesID(rawValue: UInt32($0) * 200) }
    private static let commits = 400

    /// Every commit k appends the value k to every series, at the time k, or at a time that is late or taken.
    @Test func `readers see whole commits, never fewer than before`() throws {
        let memtables = MemtableSet(files: FileSet([]), now: 0)
        let done = SharedFlag()
        // Threads of their own: readers that wait for the writer may not keep it from running.
        let readers = try (0..<2).map { reader in
            try WorkerThread(name: "reader") { Self.read(memtables, reader, until: done) }
        }
        let writer = try WorkerThread(name: "writer") {
            Self.write(memtables)
            done.set()
        }
        for thread in readers + [writer] { thread.join() }
        let slice = try #require(memtables.active.slice(of: Self.series[0]))
        #expect(slice.count == Self.commits * 3)
    }

    private static func write(_ memtables: MemtableSet) {
        let memtable = memtables.active
        for commit in 1...commits {
            for (index, id) in series.enumerated() {
                let type: DataType = index % 2 == 0 ? .int64 : .text
                var values = ValueColumn(type)
                // Of the times of a commit one is new, one is written again in every commit, one is late.
                for _ in 0..<3 {
                    values.append(index % 2 == 0 ? .int64(Int64(commit)) : .text(Array("\(commit)".utf8)))
                }
                memtable.append(
                    series: id, type: type, times: [Int64(commit), 0, Int64(-commit)], values: values)
            }
            memtable.publish()
        }
    }

    private static func read(_ memtables: MemtableSet, _ reader: Int, until done: SharedFlag) {
        var seen = 0
        repeat {
            let snapshot = Snapshot(
                view: memtables.view(),
                readers: FileReaders(openFilesMax: 1, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
                partitioning: Partitioning(interval: 3_600_000), now: 0)
            snapshot.pin(series)
            let counts = series.map { snapshot.slices(of: $0)[0]?.count ?? 0 }
            #expect(Set(counts).count == 1, "a commit is seen in part")
            #expect(counts[0] >= seen && counts[0] % 3 == 0)
            seen = counts[0]
            for (index, id) in series.enumerated() {
                check(snapshot, id, isText: index % 2 == 1, commits: seen / 3, reader)
            }
        } while !done.isSet
    }

    private static func check(_ snapshot: Snapshot, _ id: SeriesID, isText: Bool, commits: Int, _ reader: Int) {
        guard let slice = snapshot.slices(of: id)[0] else { return }
        var cursor = slice.cursor(in: .all, order: reader == 0 ? .ascending : .descending)
        var times: [Int64] = []
        var valueAtZero: Value?
        while let block = cursor.next() {
            times += block.times
            if let index = block.times.firstIndex(of: 0) { valueAtZero = block.values[index] }
        }
        let expected = (-Int64(commits)...Int64(commits)).map { $0 }
        #expect(times == (reader == 0 ? expected : expected.reversed()))
        #expect(valueAtZero == (isText ? .text(Array("\(commits)".utf8)) : .int64(Int64(commits))))
    }
}

/// A flag that one task sets and others read.
final class SharedFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}
