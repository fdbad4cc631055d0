// SPDX-License-Identifier: Apache-2.0

/// Merging files of several partitions.
extension CompactionPlanner {
    /// Neighbours among the files of several partitions become one. A partition where another file lies between them stays
    /// apart: in a new file for each of the inputs, so that all of them go, or where these would be many, where it is.
    func mergeOfSpanning(_ files: [PlannedFile]) -> CompactionTask? {
        let spanning = files.filter { $0.isSpanning }
        let candidates = spanning.indices.compactMap { start in
            window(spanning, from: start).map { (range: $0.range, bytes: $0.bytes) }
        }
        for candidate in candidates.sorted(by: { $0.bytes < $1.bytes }).prefix(Self.candidatesMax) {
            if let task = task(Array(spanning[candidate.range]), files, candidate.bytes) { return task }
        }
        return nil
    }

    /// How many runs are looked at in detail, the cheapest first.
    private static let candidatesMax = 8

    /// The longest run of files of similar size from a place on.
    private func window(_ spanning: [PlannedFile], from start: Int) -> (range: Range<Int>, bytes: UInt64)? {
        let fanIn = max(2, settings.spanningFanIn)
        let target = UInt64(max(2, settings.targetBytes))
        var found: (range: Range<Int>, bytes: UInt64)?
        var bytes: UInt64 = 0, largest: UInt64 = 0
        for end in start + 1..<min(spanning.count, start + Self.inputsMax) + 1 {
            let file = spanning[end - 1]
            guard !file.isDamaged, file.bytes < target / 2 else { break }
            bytes += file.bytes
            largest = max(largest, file.bytes)
            guard bytes <= 2 * target else { break }
            if end - start >= fanIn, largest * UInt64(end - start) <= 2 * bytes { found = (start..<end, bytes) }
        }
        return found
    }

    private func task(_ inputs: [PlannedFile], _ files: [PlannedFile], _ bytes: UInt64) -> CompactionTask? {
        guard let order = inputs.map(\.order).max(), let oldest = inputs.map(\.order).min() else { return nil }
        let versions = Set(inputs.map(\.version))
        // Who else lies between, by partition: the least and the greatest order are not enough, so all of them.
        var between: [Int64: [UInt64]] = [:]
        for file in files where !versions.contains(file.version) && file.order > oldest && file.order <= order {
            for partition in file.partitions { between[partition, default: []].append(file.order) }
        }
        var first: [Int64: UInt64] = [:]
        for input in inputs {
            for partition in input.partitions { first[partition] = min(first[partition] ?? .max, input.order) }
        }
        let apart = Set(first.filter { partition, from in (between[partition] ?? []).contains { $0 > from } }.keys)
        var outputs: [CompactionTask.Output] = []
        let common = first.keys.filter { !apart.contains($0) }.sorted()
        for start in stride(from: 0, to: common.count, by: FlushPlan.spanningPartitionsMax) {
            let part = Array(common[start..<min(common.count, start + FlushPlan.spanningPartitionsMax)])
            let sources = inputs.filter { input in part.contains { input.covers($0) } }
            outputs.append(.init(inputs: sources.map(\.version), partitions: part, order: order))
        }
        let rest = inputs.compactMap { input -> CompactionTask.Output? in
            let kept = input.partitions.filter { apart.contains($0) }
            return kept.isEmpty ? nil : .init(inputs: [input.version], partitions: kept, order: input.order)
        }
        if 2 * (outputs.count + rest.count) <= inputs.count + 1 {
            outputs += rest
        } else {
            // Only if it is worth it; else the merge would come again and again.
            let stays = rest.reduce(0) { $0 + $1.partitions.count }
            guard outputs.count == 1, outputs[0].inputs.count >= max(2, inputs.count / 2),
                2 * stays <= inputs.reduce(0, { $0 + $1.partitions.count })
            else { return nil }
        }
        let used = Set(outputs.flatMap(\.inputs))
        return CompactionTask(
            kind: .mergeOfScattered, priority: 2, outputs: outputs,
            inputs: inputs.map(\.version).filter(used.contains), bytes: bytes)
    }
}
