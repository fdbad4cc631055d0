// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Says what to merge next: a pure function of the files of a database.
///
/// Files are sources in order; at equal times the one of higher order wins. So only neighbours may be merged: for each
/// partition that a new file takes over, no other file with points there may lie between its inputs, and none may have an order
/// between the oldest of them and the new file, which gets the highest order of all inputs.
///
/// Merging is size-tiered: a run of neighbours of similar size, at least ``CompactionSettings/fanIn`` of them, or fewer that
/// together reach the target size. Every byte is written once by a flush and then once for each tier; sizes grow by the fan-in
/// from tier to tier. A partition has, when there is nothing to do, at most ``CompactionSettings/partitionFilesMax`` files of its
/// own below half the target size, one for each half target size above that, and those of several partitions, which are merged
/// among themselves with the smaller ``CompactionSettings/spanningFanIn``.
struct CompactionPlanner: Sendable {
    let settings: CompactionSettings
    /// Milliseconds of the wall clock.
    let now: Int64

    /// The most urgent tasks first. They are alternatives: after one was done the files are others.
    func tasks(_ files: [PlannedFile]) -> [CompactionTask] {
        let files = files.sorted { ($0.order, $0.version) < ($1.order, $1.version) }
        let byPartition = Self.byPartition(files)
        var urgent: [CompactionTask] = [], others: [CompactionTask] = []
        for (partition, members) in byPartition {
            guard let run = run(in: members) else { continue }
            let task = merge(partition, Array(members[run.range]), priority: run.isUrgent ? 0 : 2)
            if run.isUrgent { urgent.append(task) } else { others.append(task) }
        }
        if let task = mergeOfSpanning(files) { others.append(task) }
        let rewrites = files.filter(needsRewrite).map(rewrite)
        return urgent.sorted(by: Self.isCheaper) + rewrites.sorted(by: Self.isCheaper)
            + others.sorted(by: Self.isCheaper)
    }

    private static func isCheaper(_ a: CompactionTask, _ b: CompactionTask) -> Bool {
        (a.bytes, a.inputs.first ?? 0) < (b.bytes, b.inputs.first ?? 0)
    }

    /// The files of the partitions that have files of their own, each in order. Those of several partitions only are left to the
    /// merging of such.
    private static func byPartition(_ files: [PlannedFile]) -> [Int64: [PlannedFile]] {
        var byPartition: [Int64: [PlannedFile]] = [:]
        for file in files where !file.isSpanning {
            for partition in file.partitions { byPartition[partition] = [] }
        }
        for file in files {
            for partition in file.partitions { byPartition[partition]?.append(file) }
        }
        return byPartition
    }

    /// Neighbours of one partition become one file.
    private func merge(_ partition: Int64, _ inputs: [PlannedFile], priority: Int) -> CompactionTask {
        let versions = inputs.map(\.version)
        let bytes = inputs.reduce(0) { $0 + size($1) }
        return CompactionTask(
            kind: .merge, priority: priority,
            outputs: [.init(inputs: versions, partitions: [partition], order: inputs.map(\.order).max() ?? 0)],
            inputs: versions, bytes: bytes)
    }

    // MARK: Rewriting

    private func needsRewrite(_ file: PlannedFile) -> Bool {
        !file.isDamaged
            && (file.holdsOldDeletion || file.hiddenPercent >= max(1, settings.hiddenPercent)
                || file.isSpanning && file.lostPercent >= 50)
    }

    private func rewrite(_ file: PlannedFile) -> CompactionTask {
        CompactionTask(
            kind: .rewrite, priority: 1,
            outputs: [.init(inputs: [file.version], partitions: file.partitions, order: file.order)],
            inputs: [file.version], bytes: file.bytes)
    }

    /// What a file contributes to a merge of one partition.
    func size(_ file: PlannedFile) -> UInt64 { file.isSpanning ? file.bytesPerPartition : file.bytes }
}
