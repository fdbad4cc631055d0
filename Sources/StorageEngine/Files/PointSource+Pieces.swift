// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// Looking at chunks and pages without reading their points; for ascending order only.
extension PointSource {
    /// The next chunk or page, if none of its points was read and nothing in it is hidden. Makes ``bound`` as exact as the
    /// statistics are; a source that has nothing more becomes ended.
    mutating func peek(_ plan: MergePlan) throws(StorageError) -> PieceSummary? {
        switch state {
        case .file:
            guard try advance(plan) else { return nil }
            return try peek(plan)
        case .series(let file, let reader, let metadata):
            state = .filePoints(file, reader.points(of: metadata, in: plan.range, order: plan.order))
            return try peek(plan)
        case .filePoints(let file, var cursor):
            state = .ended
            defer { if case .ended = state { state = .filePoints(file, cursor) } }
            return try peek(plan, file, &cursor)
        case .memtable, .memtablePoints, .ended:
            return nil
        }
    }

    private mutating func peek(
        _ plan: MergePlan, _ file: StoredFile, _ cursor: inout TsFilePointCursor
    ) throws(StorageError) -> PieceSummary? {
        do throws(TsFileError) {
            while let piece = try cursor.peekSummary() {
                let times = piece.statistics.timeRange
                if !hidden.isEmpty, hidden.covers(times) {
                    cursor.skipSummary()
                    continue
                }
                bound = max(bound, times.lower)
                return hidden.overlaps(times) ? nil : piece
            }
            return nil
        } catch {
            throw plan.readers.failed(error, file)
        }
    }

    /// Passes over the piece that ``peek(_:)`` showed, whose points were delivered as statistics. False if no more can come.
    mutating func skipPiece(through end: Timestamp) -> Bool {
        guard case .filePoints(let file, var cursor) = state else { return false }
        state = .ended
        cursor.skipSummary()
        state = .filePoints(file, cursor)
        let (next, isOver) = end.addingReportingOverflow(1)
        bound = next
        return !isOver
    }

    /// Opens the chunk that ``peek(_:)`` showed, so that it shows the chunk's pages. False if it was a page.
    mutating func openPiece(_ plan: MergePlan) throws(StorageError) -> Bool {
        guard case .filePoints(let file, var cursor) = state else { return false }
        state = .ended
        defer { state = .filePoints(file, cursor) }
        do throws(TsFileError) {
            return try cursor.openPiece()
        } catch {
            throw plan.readers.failed(error, file)
        }
    }
}
