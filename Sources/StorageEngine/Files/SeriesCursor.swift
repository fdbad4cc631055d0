// SPDX-License-Identifier: Apache-2.0

import Catalog
package import TimeSeriesModel

/// The points of a series from all memtables and files of a snapshot, merged: in time order, one a time, the newest.
///
/// Nothing is read before it is needed, so who stops early reads little. Memory: a page of every source that overlaps the
/// current time, and of a memtable with late points their references.
package struct SeriesCursor: Sendable {
    /// Points of a block at most.
    package static let blockPointsMax = 4096
    /// A block ends when its texts reach this many bytes.
    package static let blockBytesMax = 4 << 20

    let plan: MergePlan
    /// Sources with points at hand.
    var active: [PointSource] = []
    /// The others, the one with the least bound last.
    var pending: [PointSource]

    init(_ plan: MergePlan, _ sources: [PointSource]) {
        self.plan = plan
        pending = sources.sorted { $0.bound > $1.bound }
    }

    /// The next points in the cursor's order, at least one; nil at the end. Blocks while it reads files.
    package mutating func next() throws(StorageError) -> PointColumn? { try next(wakesOthers: true) }

    /// As ``next()``; if it `wakesOthers` not, the block ends where a source must be read for more, which may be left unread.
    mutating func next(wakesOthers: Bool) throws(StorageError) -> PointColumn? {
        var output = PointColumn(plan.series.type)
        while output.count < Self.blockPointsMax && output.values.bytes.count < Self.blockBytesMax {
            guard let (lead, limit) = lead() else {
                if !wakesOthers, !output.isEmpty { break }
                if try wakeNext() { continue }
                break
            }
            if let due = pending.last?.bound, due <= active[lead].bound {
                if !wakesOthers, !output.isEmpty { break }
                _ = try wakeNext()
            } else if let limit, active[lead].bound >= limit {
                active[lead].appendPoint(to: &output)
                passTime(active[lead].bound)
            } else if let whole = takeWhole(lead, limit, into: output) {
                return whole
            } else {
                takeRun(lead, limit, &output)
            }
        }
        return output.isEmpty ? nil : output
    }

    /// Brings the pending source with the least bound a step nearer to its points. False if there is none.
    mutating func wakeNext() throws(StorageError) -> Bool {
        guard var source = pending.popLast() else { return false }
        if try source.advance(plan) { file(source) }
        return true
    }

    /// Puts a source where it belongs.
    mutating func file(_ source: PointSource) {
        guard !source.hasPoints else {
            active.append(source)
            return
        }
        let index = pending.firstIndex { $0.bound < source.bound } ?? pending.count
        pending.insert(source, at: index)
    }

    /// The source of the next point, of those with the least key the newest; and the least key of any other source, nil if
    /// there is none.
    private func lead() -> (index: Int, limit: Int64?)? {
        guard !active.isEmpty else { return nil }
        var lead = 0
        var limit = pending.last?.bound
        for index in 1..<max(1, active.count) {
            let bound = active[index].bound, least = active[lead].bound
            if bound < least || bound == least && active[index].rank > active[lead].rank {
                lead = index
                limit = min(limit ?? .max, least)
            } else {
                limit = min(limit ?? .max, bound)
            }
        }
        return (lead, limit)
    }

    /// Hands a block on as it is, if nothing else interferes.
    private mutating func takeWhole(
        _ lead: Int, _ limit: Int64?, into output: borrowing PointColumn
    ) -> PointColumn? {
        guard output.isEmpty, active[lead].position == 0 else { return nil }
        let block = active[lead].block
        guard block.count <= Self.blockPointsMax, block.values.bytes.count <= Self.blockBytesMax,
            active[lead].run(below: limit, most: block.count) == block.count
        else { return nil }
        skip(lead, block.count)
        return block
    }

    private mutating func takeRun(_ lead: Int, _ limit: Int64?, _ output: inout PointColumn) {
        let position = active[lead].position
        var count = active[lead].run(below: limit, most: Self.blockPointsMax - output.count)
        if plan.series.type.isVariableLength { count = min(count, fitting(active[lead], output.values.bytes.count)) }
        output.append(active[lead].block, position..<position + count)
        skip(lead, count)
    }

    /// How many points may follow before the texts reach the limit; at least one.
    private func fitting(_ source: PointSource, _ bytesSoFar: Int) -> Int {
        var bytes = bytesSoFar
        var row = source.position
        repeat {
            bytes += source.block.values.range(at: row).count
            row += 1
        } while row < source.block.count && bytes < Self.blockBytesMax
        return row - source.position
    }

    /// Passes over a time that has been delivered, in every source that has it.
    private mutating func passTime(_ key: Int64) {
        var index = active.count - 1
        while index >= 0 {
            if active[index].bound == key { skip(index, 1) }
            index -= 1
        }
    }

    /// Passes over points of an active source, which may not be active afterwards.
    private mutating func skip(_ index: Int, _ count: Int) {
        let hasMore = active[index].skip(count)
        guard !active[index].hasPoints else { return }
        let source = active.remove(at: index)
        if hasMore { file(source) }
    }
}
