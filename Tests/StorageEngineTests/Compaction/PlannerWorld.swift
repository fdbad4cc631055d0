// SPDX-License-Identifier: Apache-2.0

@testable import StorageEngine

/// The files of a database as the planner sees them: flushes add some, tasks replace some. No disk; sizes add up.
struct PlannerWorld {
    var settings = CompactionSettings()
    private(set) var files: [PlannedFile] = []
    private(set) var now: Int64 = 0
    private(set) var bytesFlushed: UInt64 = 0
    private(set) var bytesWritten: UInt64 = 0
    private(set) var tasksDone = 0
    private var lastVersion: UInt64 = 0
    /// What every partition holds, by the flush that wrote it: the order that a query must see.
    private(set) var contents: [UInt64: [Int64: [UInt64]]] = [:]

    var writeAmplification: Double { Double(bytesFlushed + bytesWritten) / Double(bytesFlushed) }

    mutating func pass(milliseconds: Int64) { now += milliseconds }

    /// A flush into one partition.
    mutating func flush(_ partition: Int64, bytes: UInt64) { flush([partition], bytes: bytes) }

    /// A flush into a file of several partitions.
    mutating func flush(_ partitions: [Int64], bytes: UInt64) {
        lastVersion += 1
        files.append(
            PlannedFile(
                version: lastVersion, order: lastVersion, bytes: bytes, partitions: partitions.sorted(),
                partitionsAtFirst: partitions.count, createdAt: now))
        for partition in partitions { contents[lastVersion, default: [:]][partition] = [lastVersion] }
        bytesFlushed += bytes
    }

    mutating func change(_ version: UInt64, _ change: (inout PlannedFile) -> Void) {
        for index in files.indices where files[index].version == version { change(&files[index]) }
    }

    /// Does what the planner says until it says nothing. Returns how many tasks that took.
    @discardableResult
    mutating func settle(atMost: Int = 200) -> Int {
        var count = 0
        while count < atMost, step() { count += 1 }
        return count
    }

    mutating func step() -> Bool {
        guard let task = CompactionPlanner(settings: settings, now: now).tasks(files).first else { return false }
        apply(task)
        return true
    }

    mutating func apply(_ task: CompactionTask) {
        tasksDone += 1
        var added: [PlannedFile] = []
        for output in task.outputs {
            lastVersion += 1
            let inputs = files.filter { output.inputs.contains($0.version) }.sorted { $0.order < $1.order }
            var bytes: UInt64 = 0
            for input in inputs {
                let shared = output.partitions.filter { input.covers($0) }.count
                bytes += input.isSpanning ? input.bytesPerPartition * UInt64(shared) : input.bytes
            }
            for partition in output.partitions {
                contents[lastVersion, default: [:]][partition] = inputs.flatMap {
                    contents[$0.version]?[partition] ?? []
                }
            }
            bytesWritten += bytes
            added.append(
                PlannedFile(
                    version: lastVersion, order: output.order, bytes: bytes, partitions: output.partitions,
                    partitionsAtFirst: output.partitions.count, createdAt: inputs.map(\.createdAt).max() ?? now))
        }
        for version in task.inputs {
            let given = task.given(by: version)
            guard let index = files.firstIndex(where: { $0.version == version }) else { continue }
            files[index].partitions.removeAll { given.contains($0) }
            for partition in given { contents[version]?[partition] = nil }
        }
        files = files.filter { !$0.partitions.isEmpty } + added
    }

    /// The flushes in a partition in the order in which a query lets later ones win.
    func history(of partition: Int64) -> [UInt64] {
        files.filter { $0.covers(partition) }.sorted { ($0.order, $0.version) < ($1.order, $1.version) }
            .flatMap { contents[$0.version]?[partition] ?? [] }
    }

    func fileCount(of partition: Int64) -> Int { files.count { $0.covers(partition) } }
}
