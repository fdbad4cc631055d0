// SPDX-License-Identifier: Apache-2.0

/// Which neighbours are merged.
extension CompactionPlanner {
    struct Run {
        var range: Range<Int>
        /// There are too many files; else there is time.
        var isUrgent: Bool
    }

    /// No merge takes more files, whose pages are in memory together.
    static let inputsMax = 30

    /// Files below are all of one size.
    private static let tinyBytes: UInt64 = 64 << 10

    private var full: UInt64 { UInt64(max(1, settings.targetBytes)) / 2 }

    /// The best run of neighbours to merge in a partition, whose files come in order; nil if all is well.
    func run(in members: [PlannedFile]) -> Run? {
        let small = members.filter { !$0.isDamaged && size($0) < full }
        let newest = members.map(\.createdAt).max() ?? now
        let isIdle = now - newest >= settings.idleMilliseconds
        var best: (range: Range<Int>, bytes: UInt64)?
        for segment in segments(members) {
            guard let found = similar(members, segment, fanIn: isIdle ? 2 : max(2, settings.fanIn), isIdle: isIdle),
                best.map({ found.bytes < $0.bytes }) ?? true
            else { continue }
            best = found
        }
        let isUrgent = small.count > max(1, settings.partitionFilesMax)
        if let best { return Run(range: best.range, isUrgent: isUrgent) }
        guard isUrgent, let cheapest = cheapest(members) else { return nil }
        return Run(range: cheapest, isUrgent: true)
    }

    /// Stretches of neighbours that may be merged: no damaged files, none of target size.
    private func segments(_ members: [PlannedFile]) -> [Range<Int>] {
        var segments: [Range<Int>] = []
        var start = 0
        for index in 0...members.count {
            if index < members.count, !members[index].isDamaged, size(members[index]) < full { continue }
            if index - start >= 2 { segments.append(start..<index) }
            start = index + 1
        }
        return segments
    }

    /// The cheapest run of files of similar size: the largest is at most four times the smallest, or of twice as many files twice
    /// the average. Where nothing new comes any more, one that makes the largest grow by a quarter at least.
    private func similar(
        _ members: [PlannedFile], _ segment: Range<Int>, fanIn: Int, isIdle: Bool
    ) -> (range: Range<Int>, bytes: UInt64)? {
        var best: (range: Range<Int>, bytes: UInt64)?
        for start in segment {
            var bytes: UInt64 = 0, largest: UInt64 = 0, smallest = UInt64.max, own = 0
            for end in start + 1..<max(start + 1, min(segment.upperBound, start + Self.inputsMax) + 1) {
                let file = members[end - 1]
                bytes += size(file)
                largest = max(largest, size(file))
                smallest = min(smallest, max(Self.tinyBytes, size(file)))
                if !file.isSpanning { own += 1 }
                let count = end - start
                if bytes > 4 * full { break }
                guard count >= 2, count >= fanIn || bytes >= 2 * full, own > 0 else { continue }
                let isBalanced =
                    isIdle
                    ? largest <= 4 * (bytes - largest)
                    : largest <= 4 * smallest || count >= 2 * fanIn && largest * UInt64(count) <= 2 * bytes
                // Of runs that begin here the longest; where nothing new comes, of all runs: every byte is written once.
                guard isBalanced else { continue }
                let isBetter = best.map { best in
                    isIdle
                        ? count > best.range.count : best.range.lowerBound == start || bytes < best.bytes
                }
                if isBetter ?? true { best = (start..<end, bytes) }
            }
        }
        return best
    }

    /// Neighbours in whatever relation of sizes, as many as a merge of similar ones has, that cost least.
    private func cheapest(_ members: [PlannedFile]) -> Range<Int>? {
        var best: (range: Range<Int>, bytes: UInt64)?
        for segment in segments(members) {
            let count = min(segment.count, max(2, settings.fanIn))
            for start in segment.lowerBound...(segment.upperBound - count) {
                let range = start..<start + count
                let bytes = members[range].reduce(0) { $0 + size($1) }
                if members[range].contains(where: { !$0.isSpanning }), best.map({ bytes < $0.bytes }) ?? true {
                    best = (range, bytes)
                }
            }
        }
        return best?.range
    }
}
