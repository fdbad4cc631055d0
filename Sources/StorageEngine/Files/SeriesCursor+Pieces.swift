// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

extension SeriesCursor {
    /// The next piece of an ascending cursor; see ``PieceCursor``.
    mutating func nextPiece(_ acceptsStatistics: (TimeRange) -> Bool) throws(StorageError) -> SeriesPiece? {
        while let bound = pending.last?.bound, !active.contains(where: { $0.bound <= bound }) {
            var source = pending.removeLast()
            let piece = try source.peek(plan)
            if source.isEnded { continue }
            guard source.bound == bound else {
                // It begins later than it seemed: another one may be first.
                file(source)
                continue
            }
            if let piece {
                let times = piece.statistics.timeRange
                if acceptsStatistics(times), try isAlone(times) {
                    if source.skipPiece(through: times.upper) { file(source) }
                    return .statistics(piece.statistics, times)
                }
                if piece.isChunk, try source.openPiece(plan) {
                    file(source)
                    continue
                }
            }
            if try source.advance(plan) { file(source) }
        }
        return try next(wakesOthers: false).map(SeriesPiece.points)
    }

    /// Whether no other source can have a point in these times. Looks at the others' statistics as far as it takes.
    private mutating func isAlone(_ times: TimeRange) throws(StorageError) -> Bool {
        guard !active.contains(where: { $0.bound <= times.upper }) else { return false }
        while let other = pending.last, other.bound <= times.upper {
            var source = pending.removeLast()
            _ = try source.peek(plan)
            guard !source.isEnded else { continue }
            file(source)
            if source.bound <= times.upper, source.bound == other.bound { return false }
        }
        return true
    }
}

extension PointSource {
    var isEnded: Bool { if case .ended = state { true } else { false } }
}
